package io.daybook.index;

import io.daybook.envelope.Crc32c;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * CRC32C over a file, by all processors: the index of ten million entities has one and a half gigabytes, and an open waits for the sum.
 * The threads are made for it and end with it.
 */
final class FileSum {

    private static final long PIECE_BYTES = 64L << 20;

    private final FileChannel channel;
    private final long size;
    private final long pieceBytes;

    private FileSum(FileChannel channel, long pieceBytes) throws IOException {
        this.channel = channel;
        this.pieceBytes = pieceBytes;
        size = channel.size();
    }

    /** Over all bytes that the file has now. */
    static int of(FileChannel channel) throws IOException {
        return of(channel, PIECE_BYTES);
    }

    static int of(FileChannel channel, long pieceBytes) throws IOException {
        FileSum file = new FileSum(channel, pieceBytes);
        int pieces = (int) ((file.size + pieceBytes - 1) / pieceBytes);
        try {
            return pieces <= 1 ? file.piece(0) : file.all(pieces);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private int all(int pieces) {
        int workers = Math.min(pieces, Runtime.getRuntime().availableProcessors());
        ExecutorService threads = Executors.newFixedThreadPool(workers, FileSum::thread);
        try {
            List<CompletableFuture<Integer>> sums = IntStream.range(0, pieces)
                    .mapToObj(piece -> CompletableFuture.supplyAsync(() -> piece(piece), threads)).toList();
            int sum = 0;
            for (int piece = 0; piece < pieces; piece++) {
                sum = Crc32c.join(sum, sums.get(piece).join(), bytesOf(piece));
            }
            return sum;
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "daybook-index-sum");
        thread.setDaemon(true);
        return thread;
    }

    private long bytesOf(int piece) {
        return Math.min(pieceBytes, size - piece * pieceBytes);
    }

    private int piece(int piece) {
        try {
            CRC32C crc = new CRC32C();
            crc.update(channel.map(FileChannel.MapMode.READ_ONLY, piece * pieceBytes, bytesOf(piece)));
            return (int) crc.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
