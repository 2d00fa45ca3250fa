package io.daybook.bench.contender;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * A contender's server as a child of this JVM. What it says is kept in a file beside its data. It is told to end (SIGTERM) when this is
 * closed, and also when this JVM ends in any way, kill -9 too: a shell stands between, which then sees the end of its input.
 */
final class ServerProcess implements AutoCloseable {

    private static final String GUARD = """
            exec 3<&0
            "$@" 3<&- </dev/null &
            server=$!
            { cat <&3 >/dev/null; kill $server; } 2>/dev/null &
            guard=$!
            wait $server
            status=$?
            kill $guard 2>/dev/null
            exit $status
            """;
    private static final int PATIENCE_SECONDS = 60;
    private static final long POLL_MS = 10;
    private static final int LINES_SHOWN = 20;

    private final Process process;
    private final File log;

    private ServerProcess(Process process, File log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a server in the folder, as soon as one that another JVM had there has ended. */
    static ServerProcess start(Path folder, List<String> command) throws IOException {
        Path pid = folder.resolve("server.pid");
        awaitEndOf(pid);
        File log = folder.resolve("server.log").toFile();
        List<String> guarded = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh"));
        guarded.addAll(command);
        Process process = new ProcessBuilder(guarded).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(Redirect.to(log)).start();
        Files.writeString(pid, process.pid() + " " + startOf(process.toHandle()));
        return new ServerProcess(process, log);
    }

    /** Runs a tool of a server's to its end. */
    static void run(Path folder, List<String> command) throws IOException {
        File log = folder.resolve("tools.log").toFile();
        Process tool = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(Redirect.appendTo(log)).start();
        try {
            if (!tool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || tool.exitValue() != 0) {
                throw new IOException("A server's tool failed: command=" + command.get(0) + " log=" + log + lastLines(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a server's tool ran: command=" + command.get(0), e);
        } finally {
            tool.destroyForcibly();
        }
    }

    /** Waits until the server is ready; ends it if it is not within a minute. */
    void awaitReady(BooleanSupplier ready) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (!ready.getAsBoolean()) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException("A server " + (process.isAlive() ? "was not ready in time" : "ended at its start")
                            + ": log=" + log + lastLines(log));
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("Interrupted while a server started: log=" + log, e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** True if the server has said this. */
    boolean hasSaid(String words) {
        try {
            return Files.readString(log.toPath(), StandardCharsets.ISO_8859_1).contains(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        boolean ended = false;
        try {
            process.getOutputStream().close();
            ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private static void awaitEndOf(Path pid) throws IOException {
        if (!Files.exists(pid)) return;
        String[] earlier = Files.readString(pid).split(" ");
        ProcessHandle server = ProcessHandle.of(Long.parseLong(earlier[0])).orElse(null);
        // Another process may have got its number meanwhile.
        if (server == null || startOf(server) != Long.parseLong(earlier[1])) return;
        try {
            server.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while an earlier server ended: pid=" + server.pid(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("An earlier server still runs in this folder: pid=" + server.pid(), e);
        }
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String lastLines(File log) throws IOException {
        List<String> lines = Files.readAllLines(log.toPath(), StandardCharsets.ISO_8859_1);
        return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    }
}
