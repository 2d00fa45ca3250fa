package io.daybook.index;

import io.daybook.envelope.Crc32c;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * CRC32C over a file, by all processors: the index of ten million entities has one and a half gigabytes, and an open waits for the sum.
 * The calling thread sums, too, so where no others can be made it does all of it.
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
        FileSum file = new FileSum(channel, pieceBytes);
        try {
            return file.whole(threads);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private int whole(ThreadFactory threads) {
        List<CompletableFuture<Void>> others = start(Math.min(sums.length, Runtime.getRuntime().availableProcessors()) - 1, threads);
        try {
            sumPieces();
            others.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } finally {
            next.set(sums.length); // after a failure the others begin nothing new
        }
        int sum = 0;
        for (int piece = 0; piece < sums.length; piece++) {
            sum = Crc32c.join(sum, sums[piece], bytesOf(piece));
        }
        return sum;
    }

    private List<CompletableFuture<Void>> start(int count, ThreadFactory threads) {
        List<CompletableFuture<Void>> started = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                started.add(CompletableFuture.runAsync(this::sumPieces, work -> start(threads.newThread(work))));
            }
        } catch (OutOfMemoryError e) {
            return started; // the machine has no thread to give
        }
        return started;
    }

    private static void start(Thread thread) {
        thread.setName("daybook-sum");
        thread.start();
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
