package io.daybook.cli;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** A file of rows, or stdin: unpacked if it is packed by gzip, without its byte order mark, of any size. */
final class InputFile implements Closeable {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int SNIFFED_BYTES = 1 << 12;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final String name;
    private final long size;
    private final Counting counting;
    private final InputStream content;

    private InputFile(String name, long size, Counting counting, InputStream content) {
        this.name = name;
        this.size = size;
        this.counting = counting;
        this.content = content;
    }

    /** Opens the file of this name; {@code -} is stdin. */
    static InputFile open(String name, InputStream stdin) throws IOException {
        boolean piped = name.equals("-");
        Counting counting = new Counting(piped ? stdin : Files.newInputStream(Path.of(name)));
        try {
            InputStream packed = new BufferedInputStream(counting, BUFFER_BYTES);
            byte[] magic = peek(packed, 2);
            boolean gzip = magic.length == 2 && magic[0] == (byte) 0x1F && magic[1] == (byte) 0x8B;
            InputStream content = gzip ? new BufferedInputStream(unpacked(packed), BUFFER_BYTES) : packed;
            if (Arrays.equals(peek(content, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) content.skipNBytes(BYTE_ORDER_MARK.length);
            return new InputFile(name, piped ? -1 : Files.size(Path.of(name)), counting, content);
        } catch (IOException e) {
            counting.close();
            throw new Failure("The input cannot be read: file=" + name + " problem=" + e.getMessage());
        }
    }

    /** The format given, or else the one that the name tells, or else the one that the content looks like. */
    Format format(Format given) throws IOException {
        if (given != null) return given;
        Format named = Format.ofName(name);
        return named != null ? named : Format.ofContent(firstLine());
    }

    /** The first line that is not blank, and no more: whoever feeds a pipe may wait for the first event before the second row. */
    private String firstLine() throws IOException {
        StringBuilder line = new StringBuilder();
        content.mark(SNIFFED_BYTES);
        for (int c = content.read(); c >= 0 && line.length() < SNIFFED_BYTES - 1; c = content.read()) {
            if (c == '\n' && !line.toString().isBlank()) break;
            line.append((char) c);
        }
        content.reset();
        return line.toString();
    }

    InputStream content() {
        return content;
    }

    /** Size as it lies on disk; -1 if it is not known. */
    long size() {
        return size;
    }

    /** How much of {@link #size()} was read. */
    long bytesRead() {
        return counting.bytes;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static InputStream unpacked(InputStream packed) throws IOException {
        return new GZIPInputStream(new FilterInputStream(packed) {
            /** Never 0: the JDK takes a pipe that happens to be empty between two members for the end of the file. */
            @Override
            public int available() throws IOException {
                return Math.max(1, super.available());
            }
        }, BUFFER_BYTES);
    }

    private static byte[] peek(InputStream in, int length) throws IOException {
        in.mark(length);
        byte[] beginning = in.readNBytes(length);
        in.reset();
        return beginning;
    }

    /** Counts what was read. */
    private static final class Counting extends FilterInputStream {

        private long bytes;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            if (one >= 0) bytes++;
            return one;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read > 0) bytes += read;
            return read;
        }
    }
}
