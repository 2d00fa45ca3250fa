package io.daybook.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines as bytes, none longer than a bound, so that a file without line ends does not fill the memory. */
final class LineReader {

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
    private int at;
    private int end;
    private long line;

    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The number of the newest line, counted from 1. */
    long line() {
        return line;
    }

    /** The next line without its end, or null behind the last one. */
    byte[] next() throws IOException {
        text.reset();
        line++;
        boolean found = false;
        while (!found && (at < end || fill())) {
            int start = at;
            while (at < end && buffer[at] != '\n') at++;
            if (text.size() + at - start > longest) throw new MalformedRowException(line, "1", "longer than any payload can be");
            text.write(buffer, start, at - start);
            found = at < end;
            if (found) at++;
        }
        return found || text.size() > 0 ? text.toByteArray() : null;
    }

    private boolean fill() throws IOException {
        try {
            at = 0;
            end = Math.max(0, in.read(buffer));
            return end > 0;
        } catch (IOException e) {
            throw new Failure("The input cannot be read on: line=" + line + " problem=" + e.getMessage());
        }
    }
}
