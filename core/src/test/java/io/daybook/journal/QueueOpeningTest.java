package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.EventDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Chronicle's queue is told when it is opened. */
class QueueOpeningTest {

    @TempDir
    private Path root;

    /** By itself it does so every minute, on the thread that appends: a folder with many files, or a slow one, would hold up an append. */
    @Test
    void theFolderIsNeverListedAgain() throws IOException {
        JournalFolder folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        try (JournalWriter writer = JournalWriter.open(folder, 1 << 20, Address.of(0, 0))) {
            writer.open(4);
            writer.write(new byte[4]);
            writer.publish();
        }
        AtomicLong now = new AtomicLong(1);
        QueueOpening.Opened opened = new QueueOpening(folder, now::get, 1 << 20).open(Address.of(0, 0));
        try (SingleChronicleQueue queue = opened.queue()) {
            Files.copy(folder.cycleFile(0), folder.cycleFile(5));
            assertArrayEquals(new int[] {0, 5}, folder.cycles());
            now.addAndGet(TimeUnit.HOURS.toMillis(23));
            assertEquals(0, queue.lastCycle(), "whoever lists the folder finds another file");
            queue.refreshDirectoryListing();
            assertEquals(5, queue.lastCycle());
        } finally {
            opened.appender().close();
        }
    }

    /** It counts no further, and says so only when the document is visible. */
    @Test
    void aFileCannotHoldMoreDocumentsThanChronicleCounts() {
        int shortestNameAndType = 2;
        long smallest = DocumentScanner.HEADER_LENGTH + CommitDescriptor.aligned(CommitDescriptor.HEADER_LENGTH
            + EventDescriptor.HEADER_LENGTH + shortestNameAndType);
        assertTrue(StoreSettings.MAX_CYCLE_BYTES / smallest < RollCycles.FAST_DAILY.maxMessagesPerCycle(), "smallestBytes=" + smallest);
    }
}
