package io.daybook.index;

import io.daybook.envelope.Crc32c;
import io.daybook.host.ThreadPerTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ThreadFactory;
import java.util.zip.CRC32C;

/**
 * CRC32C over a file, by all processors: the index of ten million entities has one and a half gigabytes, and an open waits for the sum.
 */
final class FileSum {

    private static final long PIECE_BYTES = 64L << 20;

    private final FileChannel channel;
    private final long size;
    private final long pieceBytes;
    private final int[] sums;

    private FileSum(FileChannel channel, long pieceBytes) throws IOException {
        this.channel = channel;
        this.pieceBytes = pieceBytes;
        size = channel.size();
        sums = new int[(int) ((size + pieceBytes - 1) / pieceBytes)];
    }

    /** Over all bytes that the file has now. The threads that help have ended their work when it answers. */
    static int of(FileChannel channel, ThreadFactory threads) throws IOException {
        return of(channel, PIECE_BYTES, threads);
    }

    static int of(FileChannel channel, long pieceBytes, ThreadFactory threads) throws IOException {
        return new FileSum(channel, pieceBytes).whole(new ThreadPerTask(threads, "daybook-sum"));
    }

    private int whole(ThreadPerTask beside) throws IOException {
        beside.forEach(sums.length, piece -> sums[piece] = sumOf(piece));
        int sum = 0;
        for (int piece = 0; piece < sums.length; piece++) {
            sum = Crc32c.join(sum, sums[piece], bytesOf(piece));
        }
        return sum;
    }

    private long bytesOf(int piece) {
        return Math.min(pieceBytes, size - piece * pieceBytes);
    }

    private int sumOf(int piece) {
        try {
            CRC32C crc = new CRC32C();
            crc.update(channel.map(FileChannel.MapMode.READ_ONLY, piece * pieceBytes, bytesOf(piece)));
            return (int) crc.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
