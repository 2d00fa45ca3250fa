package io.daybook.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Reads UTF-8 and nothing else. Unlike the JDK's reader it hands out all that precedes a malformed byte before it fails, and then knows the
 * line of that byte: files in another encoding are the most frequent malformed input there is.
 */
final class Utf8Reader extends Reader {

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private boolean ended;
    private long line = 1;
    private long column = 1;
    private boolean afterReturn;

    Utf8Reader(InputStream in) {
        this.in = in;
    }

    /** The line, counted from 1, of what is read next. */
    long line() {
        return line;
    }

    /** The character of that line, counted from 1. */
    String column() {
        return String.valueOf(column);
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (length < 2) throw new IllegalArgumentException("A character can take two places: length=" + length);
        CharBuffer chars = CharBuffer.wrap(target, offset, length).slice();
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, ended);
            if (chars.position() > 0) return counted(target, offset, chars.position());
            if (result.isError()) result.throwException();
            if (ended) return -1;
            fill();
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void fill() throws IOException {
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read < 0) {
            ended = true;
        } else {
            bytes.position(bytes.position() + read);
        }
        bytes.flip();
    }

    private int counted(char[] target, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            char c = target[i];
            if (c == '\r' || c == '\n' && !afterReturn) line++;
            column = c == '\r' || c == '\n' ? 1 : column + 1;
            afterReturn = c == '\r';
        }
        return length;
    }
}
