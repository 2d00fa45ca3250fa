package io.daybook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process that runs a class of the tests. What it prints is read line by line; closing kills it as {@code kill -9} does. */
public final class ChildJvm implements AutoCloseable {

    private static final int PATIENCE_S = 60;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the main class with the flags and on the class path of this JVM. */
    public static ChildJvm start(Class<?> main, Object... arguments) {
        return start(ownFlags(), System.getProperty("java.class.path"), main, arguments);
    }

    /** Starts the main class with these flags and on this class path. */
    public static ChildJvm start(List<String> flags, String classPath, Class<?> main, Object... arguments) {
        return start(List.of(), flags, classPath, main, arguments);
    }

    /** Starts the main class with these flags behind a command that runs what follows it. */
    public static ChildJvm startBehind(List<String> wrapper, List<String> flags, Class<?> main, Object... arguments) {
        return start(wrapper, flags, System.getProperty("java.class.path"), main, arguments);
    }

    private static ChildJvm start(List<String> wrapper, List<String> flags, String classPath, Class<?> main, Object... arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", classPath));
        command.addAll(flags);
        command.add(main.getName());
        for (Object argument : arguments) {
            command.add(String.valueOf(argument));
        }
        try {
            return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The flags of this JVM that open or export something or allow native access, assertions, and what keeps Chronicle quiet. */
    public static List<String> ownFlags() {
        List<String> flags = new ArrayList<>();
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--") || argument.startsWith("-Dchronicle") || argument.startsWith("-Ddisable")) {
                flags.add(argument);
            }
        }
        flags.add(ChildJvm.class.desiredAssertionStatus() ? "-ea" : "-da");
        return flags;
    }

    /** The class path of this JVM, with one file in the place of another. */
    public static String classPathWith(Path old, Path replacement) {
        return System.getProperty("java.class.path").replace(old.toString(), replacement.toString());
    }

    /** The file on the class path whose name begins so. */
    public static Path onClassPath(String prefix) {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Path.of(entry).getFileName().toString().startsWith(prefix)) {
                return Path.of(entry);
            }
        }
        throw new IllegalStateException("It is not on the class path: prefix=" + prefix);
    }

    /** The next line; null when it has ended. */
    public String line() {
        try {
            return output.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips lines up to the one that begins so. */
    public String lineThatBegins(String prefix) {
        StringBuilder skipped = new StringBuilder();
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith(prefix)) {
                return line;
            }
            skipped.append(line).append('\n');
        }
        throw new AssertionError("The process ended without '" + prefix + "', it said:\n" + skipped);
    }

    /** All lines that are left; returns when it has ended. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String line = line(); line != null; line = line()) {
            lines.add(line);
        }
        return lines;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Tells it to go on. */
    public void tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** True if it ended by itself within so many milliseconds. */
    public boolean endedWithin(long ms) throws InterruptedException {
        return process.waitFor(ms, TimeUnit.MILLISECONDS);
    }

    /** Kills it at once; it notices nothing. What it has printed can still be read, which Process.destroyForcibly would prevent. */
    public void kill() {
        // Behind a command that starts another process, that one too.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** Waits for its end. */
    public int exitCode() {
        try {
            assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "the process does not end");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        exitCode();
    }
}
