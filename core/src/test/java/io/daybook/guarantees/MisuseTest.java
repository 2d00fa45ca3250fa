package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.DurabilityException;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Guarantee 9, what is used at the wrong time: a closed store, a view that was kept, a buffer that was kept, an interrupted thread. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisuseTest extends JournalTest {

    @Test
    void aClosedStore() {
        EventStore store = EventStore.open(folder, small());
        NewEvent event = Events.event("Happened", "");
        store.append("a", Expected.any(), event);
        store.close();
        store.close();
        for (Executable call : List.<Executable>of(
            () -> store.append("a", Expected.any(), event), () -> store.append("a", Expected.any(), List.of(event), Durability.DISK),
            () -> store.commit(Commit.create().append("a", event)), () -> store.read("a"),
                () -> store.read("a", ReadRange.all().reversed()),
            () -> store.readAll(StartFrom.beginning(), Filter.all()), () -> store.version("a"), () -> store.endPosition(),
            () -> store.endPosition(Durability.DISK), () -> store.awaitDurable(0, Durability.DISK, Duration.ZERO))) {
            assertThrows(StoreClosedException.class, call);
        }
        try (EventStore again = EventStore.open(folder, small())) {
            assertEquals(1, again.endPosition());
        }
    }

    @Test
    void aViewHasItsTime() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), Events.event("Happened", "0"), Events.event("Happened", "1"));
            for (ReadRange range : List.of(ReadRange.all(), ReadRange.all().reversed())) {
                aViewHasItsTime(store.read("a", range));
                aViewHasItsTime(store.readAll(StartFrom.beginning(), Filter.all(), range));
            }
        }
    }

    private static void aViewHasItsTime(Cursor cursor) {
        assertThrows(IllegalStateException.class, cursor::event, "before the first step");
        assertThrows(IllegalStateException.class, cursor::position, "before the first step");
        assertTrue(cursor.next());
        EventView first = cursor.event();
        String payload = first.copy().payloadText();
        assertTrue(cursor.next());
        assertFalse(payload.equals(cursor.event().copy().payloadText()));
        assertFalse(cursor.next());
        assertThrows(IllegalStateException.class, cursor::event, "after the last step");
        assertThrows(IllegalStateException.class, cursor::position, "after the last step");
        assertInvalid(first);
        cursor.close();
        assertInvalid(first);
        cursor.close();
    }

    @Test
    void aViewEndsWithItsCursorAndWithItsStore() {
        EventView ofStore;
        Cursor open;
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), Events.event("Happened", "0"), Events.event("Happened", "1"));
            Cursor cursor = store.read("a");
            cursor.next();
            EventView view = cursor.event();
            cursor.close();
            assertInvalid(view);
            assertThrows(IllegalStateException.class, cursor::event);
            open = store.read("a");
            open.next();
            ofStore = open.event();
        }
        assertThrows(StoreClosedException.class, open::next);
        assertInvalid(ofStore);
        open.close();
        assertInvalid(ofStore);
    }

    private static void assertInvalid(EventView view) {
        for (Executable call : List.<Executable>of(view::position, view::entity, view::version, view::type, view::id, view::timeNs,
            view::schemaVersion,
            view::commitPosition, view::commitSize, view::buffer, view::entityOffset, view::entityLength, view::typeOffset,
                view::typeLength,
            view::metadataOffset, view::metadataLength, view::payloadOffset, view::payloadLength, view::copy)) {
            RuntimeException e = assertThrows(RuntimeException.class, call);
            assertTrue(e instanceof IllegalStateException || e instanceof StoreClosedException, () -> "an invalid view answers " + e);
        }
    }

    @Test
    void aBufferThatWasKeptReadsOldBytes() {
        List<DirectBuffer> buffers = new ArrayList<>();
        List<DirectBuffer> wrapped = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        List<byte[]> wanted = new ArrayList<>();
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 300; i++) {
                store.append("entity-" + i % 10, Expected.any(), NewEvent.of("Happened", bytes(60_000, i)));
            }
            try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
                while (cursor.next()) {
                    EventView event = cursor.event();
                    buffers.add(event.buffer());
                    offsets.add(event.payloadOffset());
                    wrapped.add(new UnsafeBuffer(event.buffer(), event.payloadOffset(), event.payloadLength()));
                    wanted.add(event.copy().payload());
                }
            }
            assertTrue(JournalFiles.cycles(folder).size() > 10);
            Random random = new Random(1);
            for (int i = 0; i < 1_500; i++) {
                long position = random.nextInt(300);
                try (Cursor cursor = store.readAll(new StartFrom.Position(position), Filter.all(), ReadRange.all().limit(1))) {
                    assertTrue(cursor.next());
                    assertArrayEquals(wanted.get((int) position), cursor.event().copy().payload());
                }
            }
            System.gc();
            assertOld(wrapped, buffers, offsets, wanted);
            for (int i = 300; i < 360; i++) {
                store.append("entity-" + i % 10, Expected.any(), NewEvent.of("Happened", bytes(60_000, i)));
            }
            assertOld(wrapped, buffers, offsets, wanted);
        }
        System.gc();
        assertOld(wrapped, buffers, offsets, wanted);
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), NewEvent.of("Happened", bytes(60_000, -1)));
            assertOld(wrapped, buffers, offsets, wanted);
        }
    }

    private static void assertOld(List<DirectBuffer> wrapped, List<DirectBuffer> buffers, List<Integer> offsets, List<byte[]> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            assertArrayEquals(wanted.get(i), Events.part(wrapped.get(i), 0, wanted.get(i).length));
            assertArrayEquals(wanted.get(i), Events.part(buffers.get(i), offsets.get(i), wanted.get(i).length));
        }
    }

    @Test
    void closingDuringReadsEndsThemWithAnError() throws Exception {
        for (int round = 0; round < 8; round++) {
            EventStore store = EventStore.open(folder, small());
            for (int i = 0; i < 200; i++) {
                store.append("entity-" + i % 10, Expected.any(), NewEvent.of("Happened", bytes(5_000, i)));
            }
            AtomicLong read = new AtomicLong();
            ExecutorService readers = Executors.newFixedThreadPool(4);
            List<Future<?>> outcomes = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                int reader = n;
                outcomes.add(readers.submit(() -> readUntilClosed(store, reader, read)));
            }
            while (read.get() < 2_000) {
                Thread.onSpinWait();
            }
            store.close();
            for (Future<?> outcome : outcomes) {
                assertEquals(StoreClosedException.class, assertThrows(ExecutionException.class, outcome::get).getCause().getClass());
            }
            readers.shutdown();
        }
    }

    private static void readUntilClosed(EventStore store, int reader, AtomicLong read) {
        ReadRange range = reader % 2 == 0 ? ReadRange.all() : ReadRange.all().reversed();
        while (true) {
            try (Cursor cursor = reader < 2 ? store.readAll(StartFrom.beginning(), Filter.all(), range) : store.read("entity-3", range)) {
                while (cursor.next()) {
                    if (cursor.event().copy().payload().length != 5_000) {
                        throw new AssertionError("wrong data");
                    }
                    read.incrementAndGet();
                }
            } catch (IllegalStateException e) {
                // The store was closed between the step and the look at the view.
                store.version("entity-3");
            }
        }
    }

    @Test
    void closingDuringAppendsLosesNothingThatWasAcknowledged() throws Exception {
        for (int round = 0; round < 8; round++) {
            EventStore store = EventStore.open(folder, small());
            String prefix = "round-" + round + "-";
            AtomicLong acknowledged = new AtomicLong();
            ExecutorService writers = Executors.newFixedThreadPool(4);
            List<Future<Long>> outcomes = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                String entity = prefix + n;
                Durability rung = n == 0 ? Durability.DISK : Durability.PROCESS;
                outcomes.add(writers.submit(() -> appendUntilClosed(store, entity, rung, acknowledged)));
            }
            while (acknowledged.get() < 500) {
                Thread.onSpinWait();
            }
            store.close();
            try (EventStore again = EventStore.open(folder, small())) {
                assertTrue(again.recovery().cleanlyClosed());
                for (int n = 0; n < 4; n++) {
                    assertEquals(outcomes.get(n).get(), again.version(prefix + n),
                        "an exception from append means that nothing was written");
                }
            }
            writers.shutdown();
        }
    }

    private static long appendUntilClosed(EventStore store, String entity, Durability rung, AtomicLong acknowledged) {
        long version = -1;
        try {
            while (true) {
                version = store.append(entity, Expected.exactly(version), List.of(Events.event("Happened", "")), rung).version();
                acknowledged.incrementAndGet();
            }
        } catch (StoreClosedException e) {
            return version;
        } catch (DurabilityException e) {
            return e.result() == null ? version : e.result().version();
        }
    }

    /** Also while it is still referenced: else the space of deleted files is kept with it. */
    @Test
    void aClosedStoreKeepsNoMappings() throws Exception {
        EventStore store = EventStore.open(folder, small());
        store.append("a", Expected.absent(), Events.event("Opened", ""));
        store.close();
        Leaks.assertNone(temp);
        assertFalse(store.toString().isEmpty());
    }
}
