package io.daybook.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Another JVM: a class on the class path of this one, or a jar. After ten minutes it is killed. What it prints is read line by line;
 * closing kills it as {@code kill -9} does.
 */
final class ChildJvm implements AutoCloseable {

    private static final int LONGEST_MINUTES = 10;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the main class with the flags and on the class path of this JVM. */
    static ChildJvm start(Class<?> main, Object... arguments) {
        return start(List.of(), "error", main, arguments);
    }

    /** The same by a program that starts others, with a log of this level. */
    static ChildJvm start(List<String> launcher, String logLevel, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--") || argument.startsWith("-Dchronicle") || argument.startsWith("-Ddisable")) {
                command.add(argument);
            }
        }
        command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=" + logLevel);
        command.add("-Dorg.slf4j.simpleLogger.log.org.apache.kafka=" + logLevel); // the jar's own default would hide it
        command.add(main.getName());
        return run(command, arguments);
    }

    /** Starts a jar as its users do. */
    static ChildJvm startJar(Path jar, Object... arguments) {
        return run(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()), arguments);
    }

    private static ChildJvm run(List<String> program, Object... arguments) {
        List<String> command = new ArrayList<>(program);
        for (Object argument : arguments) {
            command.add(String.valueOf(argument));
        }
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            // What is waited for may never be said: then the test fails, and does not hang.
            CompletableFuture.delayedExecutor(LONGEST_MINUTES, TimeUnit.MINUTES).execute(process::destroyForcibly);
            return new ChildJvm(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips lines up to the one that begins so. */
    String lineThatBegins(String prefix) {
        StringBuilder skipped = new StringBuilder();
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(prefix)) {
                    return line;
                }
                skipped.append(line).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("The process ended without '" + prefix + "', it said:\n" + skipped);
    }

    /** All that it says from here to its end. */
    String rest() {
        try {
            return output.lines().collect(Collectors.joining("\n"));
        } finally {
            process.onExit().join();
        }
    }

    /** How it ended. */
    int exitCode() {
        return process.onExit().join().exitValue();
    }

    /** Sends it a signal: {@code STOP} and {@code CONT} freeze it and let it go on, {@code TERM} asks it to end. */
    void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().onExit().join().exitValue();
            if (exit != 0) {
                throw new IllegalStateException("The signal did not come to the process: signal=" + name + " alive=" + isAlive());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
