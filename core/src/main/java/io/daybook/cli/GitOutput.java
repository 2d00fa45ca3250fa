package io.daybook.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** The output of a running git, in the pieces that end with a zero byte ({@code -z}). */
final class GitOutput implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final Process process;
    private final InputStream in;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(256);

    private GitOutput(Process process, InputStream in) {
        this.process = process;
        this.in = in;
    }

    static GitOutput of(Process process) {
        return new GitOutput(process, new BufferedInputStream(process.getInputStream(), BUFFER_BYTES));
    }

    /** The next piece, or null at the end, which is one only if git says so too. */
    byte[] next() throws IOException {
        piece.reset();
        int c = in.read();
        if (c < 0) {
            int exitCode = exitCode(process);
            if (exitCode != 0) throw new Failure("git failed: exitCode=" + exitCode);
            return null;
        }
        for (; c > 0; c = in.read()) piece.write(c);
        if (c < 0) throw new Failure("The output of git is cut short: exitCode=" + exitCode(process));
        return piece.toByteArray();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        in.close();
        exitCode(process);
    }

    static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("waiting for git");
        }
    }
}
