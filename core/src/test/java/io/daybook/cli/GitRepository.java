package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A repository made by {@code git fast-import}, whatever git is configured to on this machine. */
final class GitRepository implements AutoCloseable {

    private final Path folder;
    private final Process process;
    private final OutputStream stream;
    private int marks;

    private GitRepository(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.stream = new java.io.BufferedOutputStream(process.getOutputStream(), 1 << 16);
    }

    static GitRepository create(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run(folder, "init", "-q");
        run(folder, "symbolic-ref", "HEAD", "refs/heads/main");
        return new GitRepository(folder, start(folder, "fast-import", "--quiet"));
    }

    Path folder() {
        return folder;
    }

    /** Begins a commit on the main branch, made so many seconds after 1970; its changes follow. */
    GitRepository commit(long seconds) throws IOException {
        return commit("refs/heads/main", seconds);
    }

    GitRepository commit(String branch, long seconds) throws IOException {
        marks++;
        return line("commit " + branch).line("mark :" + marks).line("committer A U Thor <a@example.org> " + seconds + " +0000")
            .data("message");
    }

    /** The mark of the commit that was begun last. */
    int mark() {
        return marks;
    }

    /** The commit begun last has this one as its parent. */
    GitRepository from(int mark) throws IOException {
        return line("from :" + mark);
    }

    /** The commit begun last merges this one. */
    GitRepository merge(int mark) throws IOException {
        return line("merge :" + mark);
    }

    GitRepository file(String path, String content) throws IOException {
        return file(path.getBytes(StandardCharsets.UTF_8), "100644", content);
    }

    GitRepository file(byte[] path, String mode, String content) throws IOException {
        return line("M " + mode + " inline " + quoted(path)).data(content);
    }

    /** A commit of another repository that stands in this one's tree. */
    GitRepository submodule(String path, String commit) throws IOException {
        return line("M 160000 " + commit + " " + quoted(path.getBytes(StandardCharsets.UTF_8)));
    }

    GitRepository delete(String path) throws IOException {
        return line("D " + quoted(path.getBytes(StandardCharsets.UTF_8)));
    }

    /** Ends the import: the repository is complete. */
    @Override
    public void close() throws IOException {
        stream.close();
        try {
            assertEquals(0, process.waitFor(), "git fast-import");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    static void run(Path folder, String... arguments) throws IOException, InterruptedException {
        Process process = start(folder, arguments);
        process.getOutputStream().close();
        assertEquals(0, process.waitFor(), () -> "git " + String.join(" ", arguments));
    }

    private static Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        return builder.start();
    }

    private GitRepository line(String text) throws IOException {
        stream.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    private GitRepository data(String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        line("data " + bytes.length);
        stream.write(bytes);
        stream.write('\n');
        return this;
    }

    private static String quoted(byte[] path) {
        ByteArrayOutputStream quoted = new ByteArrayOutputStream();
        for (byte one : path) {
            byte[] octal = String.format("\\%03o", one & 0xFF).getBytes(StandardCharsets.US_ASCII);
            quoted.write(octal, 0, octal.length);
        }
        return "\"" + quoted.toString(StandardCharsets.US_ASCII) + "\"";
    }
}
