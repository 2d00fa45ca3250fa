package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreClosedException;
import io.daybook.StoreSettings;
import io.daybook.index.IndexSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store's thread keeps the index on disk up to date behind the append, and holds the append up rather than memory without bound. */
@Timeout(60)
class StoreAgentTest {

    private static final NewEvent[] EVENT = {NewEvent.json("T", "{}")};
    private static final long SMALLEST_TABLE = 1 << 18;

    @TempDir
    private Path folder;

    private SampleEnd open(StoreSettings settings) throws IOException {
        return new SampleEnd(folder, settings.headTableBytes(SMALLEST_TABLE), IndexSettings.hash(1, 2), null);
    }

    private static void append(SampleEnd sample, int entity) {
        sample.path().append("account-" + entity, Expected.any(), EVENT, Durability.PROCESS);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within 30 seconds");
            Thread.onSpinWait();
        }
    }

    /** Where the table is full everybody who appends waits for the flush. */
    @Test
    void flushesSoonerWhereTheTableFills() {
        assertFalse(StoreAgent.flushIsDueAfter(TimeUnit.SECONDS.toNanos(29), false));
        assertTrue(StoreAgent.flushIsDueAfter(TimeUnit.SECONDS.toNanos(30), false));
        assertFalse(StoreAgent.flushIsDueAfter(TimeUnit.SECONDS.toNanos(4), true));
        assertTrue(StoreAgent.flushIsDueAfter(TimeUnit.SECONDS.toNanos(5), true));
    }

    @Test
    void flushesWhenEnoughEventsCame() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create().flushEvents(100))) {
            sample.startAgent();
            for (int i = 0; i < 100; i++) {
                append(sample, i);
            }
            await(() -> sample.index.watermark() >= 100);
            assertTrue(sample.side.stop());
            assertThrows(StoreClosedException.class, () -> append(sample, 0));
            assertFalse(Files.exists(folder.resolve("index/heads.dbk")));
        }
    }

    @Test
    void publishesHeadsOnlyOfWhatIsForced() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create().flushEvents(10).headsFileEvents(50))) {
            sample.startAgent();
            for (int i = 0; i < 60; i++) {
                append(sample, i);
            }
            await(() -> Files.exists(folder.resolve("index/heads.dbk")));
            assertTrue(sample.end().durablePosition() >= 50, "position=" + sample.end().durablePosition());
            assertTrue(sample.side.stop());
        }
    }

    @Test
    void anAppendWaitsUntilMemoryHasRoom() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create())) {
            sample.startAgent();
            for (int i = 0; i < 10_000; i++) {
                append(sample, i);
                assertTrue(sample.index.headsInMemory() <= 2 * SMALLEST_TABLE / 64, "heads=" + sample.index.headsInMemory());
            }
            for (int i = 0; i < 10_000; i++) {
                assertEquals(0, sample.reads.version("account-" + i));
            }
            assertEquals(10_000, sample.index.entities());
            assertTrue(sample.side.stop());
        }
    }

    @Test
    void afterAFailureAppendsGoOnWhileMemoryHasRoom() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create().flushEvents(10))) {
            append(sample, 0);
            Files.delete(folder.resolve("index/watermark.dbk"));
            Files.createDirectories(folder.resolve("index/positions.dbk")); // a folder where the file should be: the flush fails
            sample.startAgent();
            DaybookException e = assertThrows(DaybookException.class, () -> {
                for (int i = 1; i < 10_000; i++) {
                    append(sample, i);
                }
            });
            assertTrue(e.getMessage().contains("memory has no room"), e.getMessage());
            long room = sample.end().position();
            assertTrue(room > 256 * 12, "room=" + room);
            assertEquals(0, sample.reads.version("account-" + (room - 1)));
            assertFalse(sample.side.stop(), "the index on disk is not to be believed");
        }
    }

    @Test
    void stoppingAnAgentThatNeverRanIsNoError() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create())) {
            append(sample, 0);
            assertTrue(sample.side.stop());
        }
    }

    @Test
    void stoppingKeepsTheMarkOfAnInterrupt() throws IOException {
        try (SampleEnd sample = open(StoreSettings.create())) {
            sample.startAgent();
            Thread.currentThread().interrupt();
            assertTrue(sample.side.stop());
            assertTrue(Thread.interrupted());
        }
    }
}
