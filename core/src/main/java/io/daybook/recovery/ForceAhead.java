package io.daybook.recovery;

import io.daybook.host.ThreadPerTask;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/**
 * Brings to the device what a killed owner wrote last, while the journal is read. {@link TornTail#cut} forces it anyway, and would have
 * to wait for all of it.
 */
final class ForceAhead implements AutoCloseable {

    private static final int NEWEST_FILES = 2; // the newest file may have been prepared only

    private final CompletableFuture<Void> forcing;

    private ForceAhead(CompletableFuture<Void> forcing) {
        this.forcing = forcing;
    }

    static ForceAhead begin(JournalFolder folder, HowItWasLeft left, ThreadFactory threads) {
        if (!left.ownerKilled()) {
            return new ForceAhead(CompletableFuture.completedFuture(null));
        }
        int[] cycles = folder.cycles();
        return new ForceAhead(CompletableFuture.runAsync(() -> {
            for (int i = Math.max(0, cycles.length - NEWEST_FILES); i < cycles.length; i++) {
                force(folder.cycleFile(cycles[i]));
            }
        }, new ThreadPerTask(threads, "daybook-ahead")));
    }

    private static void force(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for it, and throws what went wrong: the device tells of a failure once, so the cut's own force would not. */
    @Override
    public void close() throws IOException {
        ThreadPerTask.join(forcing);
    }
}
