package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantees 6 and 10 where the next file cannot be opened: Chronicle has written the end mark into the old one by then, and without
 * assertions hands out a document behind it.
 */
@Tag("recovery")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FailedRollTest extends JournalTest {

    private static final StoreSettings SETTINGS = StoreSettings.create().cycleBytes(1 << 20);
    private static final NewEvent LARGE = NewEvent.of("T", new byte[200_000]);
    private static final int FIT = 4;

    private JournalFolder files() {
        return new JournalFolder(folder);
    }

    /** A folder in its place stands for any fault of the operating system: too many open files, no memory to map. */
    @Test
    void nothingIsAcknowledgedBehindARollThatFailed() throws IOException {
        int acknowledged = FIT;
        try (EventStore store = EventStore.open(folder, SETTINGS)) {
            for (int i = 0; i < FIT; i++) {
                store.append("a", Expected.any(), LARGE);
            }
            Files.createDirectory(files().cycleFile(1));
            assertThrows(DaybookException.class, () -> store.append("a", Expected.any(), LARGE));
            Files.delete(files().cycleFile(1));
            for (int i = 0; i < 3; i++) {
                acknowledged += append(store);
            }
            assertEquals(acknowledged, Events.all(store).size(), "reads go on");
        }
        try (EventStore store = EventStore.open(folder, SETTINGS)) {
            assertEquals(acknowledged, store.endPosition());
            assertEquals(acknowledged, Events.all(store).size());
            assertEquals(acknowledged, store.append("a", Expected.exactly(acknowledged - 1), LARGE).firstPosition());
        }
    }

    private static int append(EventStore store) {
        try {
            AppendResult result = store.append("a", Expected.any(), List.of(LARGE), Durability.DISK);
            assertEquals(store.endPosition() - 1, result.lastPosition());
            return 1;
        } catch (DaybookException e) {
            assertTrue(e.getMessage().contains("until it is opened again"), e.getMessage());
            return 0;
        }
    }

    /** A roll that was prepared and failed, and then a close: nobody waits for a header that will not come. */
    @Test
    void aPreparedFileBehindTheEndOfAClosedJournalIsMovedAway() throws IOException {
        for (byte[] start : new byte[][] {new byte[4], {0, 0, 0, (byte) 0xC0}, new byte[0]}) {
            long end;
            try (EventStore store = EventStore.open(folder, SETTINGS)) {
                store.append("a", Expected.any(), Events.event("T", "x"));
                end = store.endPosition();
            }
            int cycle = Address.cycle(StateFile.peek(files().stateFile()).endAddress());
            try (RandomAccessFile next = new RandomAccessFile(files().cycleFile(cycle + 1).toFile(), "rw")) {
                next.write(start);
                next.setLength(start.length == 0 ? 0 : 80 << 20);
            }
            try (EventStore store = EventStore.open(folder, SETTINGS)) {
                assertTrue(store.recovery().cleanlyClosed());
                assertEquals(end, store.endPosition());
                assertEquals(start.length == 0 ? 0 : 1, store.recovery().setAside().size());
                store.append("a", Expected.any(), Events.event("T", "y"));
            }
        }
    }
}
