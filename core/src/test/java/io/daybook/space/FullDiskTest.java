package io.daybook.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.NoSpaceException;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.machine.SmallDisk;
import io.daybook.recovery.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk appends are refused before anything is written, nothing acknowledged is lost, and it goes on when there is room. */
class FullDiskTest {

    private static final long DISK_MIB = 96;
    private static final int BALLAST_BYTES = 24 << 20;

    @TempDir
    Path temp;
    private SmallDisk small;
    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        small = SmallDisk.mount(temp, DISK_MIB, "FullDiskTest");
        disk = small.folder();
    }

    @AfterEach
    void unmount() {
        if (small != null) {
            small.close();
        }
    }

    @Test
    void refusesBeforeWritingLosesNothingAndGoesOn() throws IOException {
        Path ballast = disk.resolve("ballast");
        Files.write(ballast, new byte[BALLAST_BYTES]);
        Path journal = disk.resolve("journal");
        StoreSettings settings = StoreSettings.create().cycleBytes(16 << 20);
        long acknowledged = 0;
        try (EventStore store = EventStore.open(journal, settings)) {
            acknowledged = fill(store, acknowledged);
            assertTrue(store.stats().lowOnSpace(), "it is told before");
            assertEquals(acknowledged, read(store));
            Files.delete(ballast);
            for (int i = 0; i < 20; i++) {
                append(store, acknowledged++);
            }
            assertEquals(acknowledged, read(store));
        }
        try (EventStore store = EventStore.open(journal, settings)) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(acknowledged, read(store));
            append(store, acknowledged++);
        }
        assertEquals(List.of(), Verifier.verify(journal, bytes -> { }).problems());
    }

    private static long fill(EventStore store, long from) {
        long next = from;
        while (true) {
            try {
                append(store, next);
                next++;
            } catch (NoSpaceException e) {
                assertTrue(next > 100, "the disk has room for more than " + next + " events");
                return next;
            }
        }
    }

    private static void append(EventStore store, long n) {
        byte[] payload = new byte[100_000];
        Arrays.fill(payload, (byte) (n + 1));
        assertEquals(n, store.append("big-1", Expected.exactly(n - 1), NewEvent.of("Filled", payload)).version());
    }

    private static long read(EventStore store) {
        long count = 0;
        try (Cursor events = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (events.next()) {
                assertEquals((byte) (count + 1), events.event().buffer().getByte(events.event().payloadOffset()));
                count++;
            }
        }
        return count;
    }
}
