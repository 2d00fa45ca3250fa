package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import io.daybook.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Files begin and end while many read, follow and append; and whatever the clock says, neither order nor files follow it. */
class RollsUnderLoadTest extends JournalTest {

    private static final int EVENTS = Effort.times(1_500, 60_000);
    private static final long YEAR_NS = 365L * 86_400 * 1_000_000_000;

    @Test
    void rollsUnderLoadAreSeenByNobody() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool(JournalTest::daemon);
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong followed = new AtomicLong();
        try (EventStore store = EventStore.open(folder, small());
            EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create());
            Subscription inside = store.subscribe(Follow.from(StartFrom.beginning()), event -> assertEquals(followed.getAndIncrement(),
                event.position()));
            Subscription beside = reading.subscribe(Follow.from(StartFrom.beginning()), event -> assertTrue(
                event.payloadLength() >= 20_000))) {
            List<Future<?>> outcomes = new ArrayList<>();
            for (EventStore of : List.of(store, reading)) {
                outcomes.add(threads.submit(() -> {
                    while (!done.get()) {
                        assertDense(of);
                    }
                }));
            }
            try {
                for (int i = 0; i < EVENTS; i++) {
                    store.append("entity-" + i % 3, Expected.exactly(i / 3 - 1L), NewEvent.of("Happened", bytes(20_000 + i % 7_000, i)));
                }
            } finally {
                done.set(true);
            }
            for (Future<?> outcome : outcomes) {
                outcome.get();
            }
            assertTrue(inside.awaitPosition(EVENTS - 1, Duration.ofSeconds(60)), () -> "failure=" + inside.failure());
            assertTrue(beside.awaitPosition(EVENTS - 1, Duration.ofSeconds(60)), () -> "failure=" + beside.failure());
            assertEquals(EVENTS, followed.get());
        } finally {
            threads.shutdownNow();
        }
        assertTrue(JournalFiles.cycles(folder).size() > EVENTS / 60, "the test is about rolls");
    }

    private static void assertDense(EventStore store) {
        long end = store.endPosition();
        if (end == 0) {
            return;
        }
        long expected = end - 1;
        ReadRange newest = ReadRange.all().toPosition(end - 1).reversed().limit(200);
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all(), newest)) {
            while (cursor.next()) {
                assertEquals(expected--, cursor.position());
            }
        }
        long version = store.version("entity-1");
        try (Cursor cursor = store.read("entity-1", ReadRange.all().from(Math.max(0, version - 70)))) {
            for (long next = Math.max(0, version - 70); next <= version; next++) {
                assertTrue(cursor.next());
                assertEquals(next, cursor.event().version());
            }
        }
    }

    @Test
    void aClockFarOffMovesNeitherOrderNorFiles() {
        TestClock clock = new TestClock();
        long[] jumps = {-20 * YEAR_NS, 100 * YEAR_NS, -150 * YEAR_NS, 60 * YEAR_NS, 0};
        long newest = Long.MIN_VALUE;
        int events = 0;
        for (long jump : jumps) {
            clock.jump(jump);
            try (EventStore store = EventStore.open(folder, small().clock(clock))) {
                for (int i = 0; i < 60; i++) {
                    long time = store.append("a", Expected.exactly(events - 1L), NewEvent.of("Happened", bytes(20_000, i))).timeNs();
                    assertTrue(time >= newest);
                    newest = time;
                    events++;
                    clock.pass(1_000_000_000);
                }
                assertEquals(events, Events.of(store, "a").size());
            }
        }
        List<String> names = JournalFiles.cycles(folder).stream().map(file -> file.getFileName().toString()).toList();
        assertEquals("19700101F.cq4", names.get(0));
        assertTrue(names.size() > 5 && names.get(names.size() - 1).startsWith("197001"), () -> "counted, not dated: " + names);
    }
}
