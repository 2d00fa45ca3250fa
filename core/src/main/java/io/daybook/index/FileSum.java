package io.daybook.index;

import io.daybook.envelope.Crc32c;
import io.daybook.host.ThreadPerTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final AtomicInteger next = new AtomicInteger();

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

    private int whole(Executor beside) throws IOException {
        List<CompletableFuture<Void>> started = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(sums.length, Runtime.getRuntime().availableProcessors()); i++) {
                started.add(CompletableFuture.runAsync(this::sumPieces, beside));
            }
            sumPieces();
            for (CompletableFuture<Void> other : started) {
                ThreadPerTask.join(other);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            next.set(sums.length); // after a failure the others begin nothing new
        }
        int sum = 0;
        for (int piece = 0; piece < sums.length; piece++) {
            sum = Crc32c.join(sum, sums[piece], bytesOf(piece));
        }
        return sum;
    }

    private void sumPieces() {
        for (int piece = next.getAndIncrement(); piece < sums.length; piece = next.getAndIncrement()) {
            sums[piece] = sumOf(piece);
        }
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
