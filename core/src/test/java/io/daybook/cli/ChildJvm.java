package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The runnable jar in a JVM of its own; closing it kills it. */
final class ChildJvm implements AutoCloseable {

    private static final long PATIENCE_S = 300;

    private final Process process;
    private final Path out;
    private final Path err;

    private ChildJvm(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Path of the runnable jar that the build made. */
    static String jar() {
        String jar = System.getProperty("daybook.jar");
        assertTrue(jar != null && Files.isReadable(Path.of(jar)), "daybook.jar=" + jar);
        return jar;
    }

    /** Starts {@code java -jar daybook.jar} with these arguments; {@code folder} is where its output is kept. */
    static ChildJvm daybook(Path folder, Object... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("-jar", jar()));
        for (Object arg : args) command.add(arg.toString());
        return java(folder, command);
    }

    static ChildJvm java(Path folder, List<String> args) throws IOException {
        return java(folder, new byte[0], args);
    }

    /** The same, and gives it this input through a pipe. */
    static ChildJvm java(Path folder, byte[] input, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // most end before more has paid off
        command.addAll(args);
        Path out = Files.createTempFile(folder, "child", ".out");
        Path err = Files.createTempFile(folder, "child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // What an environment asks of every JVM is announced on stderr.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        }
        return new ChildJvm(process, out, err);
    }

    boolean endsWithinAMillisecond() throws InterruptedException {
        return process.waitFor(1, TimeUnit.MILLISECONDS);
    }

    /** Kills it as kill -9 does; true if it was still running. */
    boolean kill() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor() == 128 + 9;
    }

    /** Waits until it ends. */
    ChildJvm expect(int exitCode) throws IOException, InterruptedException {
        assertTrue(process.waitFor(PATIENCE_S, TimeUnit.SECONDS), "it goes on and on");
        assertEquals(exitCode, process.exitValue(), "out:\n" + out() + "\nerr:\n" + err());
        return this;
    }

    String out() throws IOException {
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    String err() throws IOException {
        return Files.readString(err, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
