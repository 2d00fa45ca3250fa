package io.daybook.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Cursor;
import io.daybook.Effort;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk appends are refused before anything is written, nothing acknowledged is lost, and it goes on when there is room. */
class FullDiskTest {

    private static final long DISK_MIB = 96;
    private static final int BALLAST_BYTES = 24 << 20;
    private static final long LOW_BYTES = 20 << 20;

    @TempDir
    Path temp;
    private SmallDisk small;
    private Path disk;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("FullDiskTest");
    }

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
        StoreSettings settings = StoreSettings.create().cycleBytes(16 << 20).lowSpaceBytes(LOW_BYTES);
        long acknowledged = 0;
        try (EventStore store = EventStore.open(journal, settings)) {
            assertFalse(store.stats().lowOnSpace());
            acknowledged = fill(store, acknowledged);
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

    /** Chronicle's own table is made anew by open, through a mapping: without room the JVM would die. */
    @Test
    void openOnAFullDiskRefusesAndTheJvmLives() throws Exception {
        Path journal = disk.resolve("journal");
        long events = 0;
        try (EventStore store = EventStore.open(journal)) {
            append(store, events++);
        }
        for (int free : new int[] {0, 4 << 10, 8 << 10, 16 << 10, 64 << 10}) {
            Files.delete(journal.resolve("queue/metadata.cq4t"));
            small.fill();
            small.free(free);
            try (ChildJvm child = ChildJvm.start(Opener.class, journal)) {
                List<String> lines = child.lines();
                assertEquals(0, child.exitCode(), lines::toString);
                String last = lines.get(lines.size() - 1);
                assertTrue(last.startsWith("refused"), last);
            }
            small.free();
            try (EventStore store = EventStore.open(journal)) {
                assertEquals(events, read(store));
                append(store, events++);
            }
        }
    }

    /** Another process that opens, so that it may die; argument: folder. */
    static final class Opener {
        private Opener() {
        }

        public static void main(String[] arguments) {
            try {
                EventStore.open(Path.of(arguments[0])).close();
                System.out.println("opened");
            } catch (NoSpaceException | UncheckedIOException e) {
                System.out.println("refused " + e);
            }
        }
    }

    private static long fill(EventStore store, long from) {
        long next = from;
        boolean told = false;
        while (true) {
            try {
                append(store, next);
                next++;
                told |= store.stats().lowOnSpace();
            } catch (NoSpaceException e) {
                assertTrue(told, "it is told before");
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
