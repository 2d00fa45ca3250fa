package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StoreSettings;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A load makes the garbage of a load, and none for each event or file that it comes to. */
class LoadGarbageTest {

    private static final int FILES = 60;
    private static final long CYCLE_BYTES = 1 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path root;

    @Test
    void aLoadOfManyFilesMakesAsMuchAsOneOfOneEvent() {
        try (EventStore store = EventStore.open(root.resolve("journal"), StoreSettings.create().cycleBytes(CYCLE_BYTES))) {
            for (int i = 0; i < FILES; i++) {
                store.append("long", Expected.any(), NewEvent.of("Filled", new byte[(int) CYCLE_BYTES / 2 + 1000]));
            }
            load(store, ReadRange.all(), FILES);
            long one = load(store, ReadRange.all().limit(1), 1);
            long all = load(store, ReadRange.all(), FILES);
            assertTrue(all <= one + 64, () -> "bytes for one event: " + one + ", for " + FILES + ": " + all);
        }
    }

    private static long load(EventStore store, ReadRange range, int expected) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        int events = 0;
        try (Cursor cursor = store.read("long", range)) {
            while (cursor.next()) {
                events++;
            }
        }
        long bytes = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertEquals(expected, events);
        return bytes;
    }
}
