package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.NewEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Guarantee 6. Durability is a ladder, and the caller picks the rung per append. (What a power cut takes is for other tests.) */
class DurabilityTest extends JournalTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void onDiskIsWhatWasAskedToBe() {
        try (EventStore store = EventStore.open(folder, small())) {
            long forces = store.stats().forces();
            AppendResult result = store.append("a", Expected.any(), List.of(Events.event("Happened", "1")), Durability.DISK);
            assertTrue(store.endPosition(Durability.DISK) > result.lastPosition());
            assertTrue(store.stats().durablePosition() > result.lastPosition());
            assertTrue(store.stats().forces() > forces);
            Commit commit = Commit.create().append("a", Events.event("Happened", "2")).append("b", Events.event("Happened", "3"));
            assertTrue(store.endPosition(Durability.DISK) <= store.endPosition());
            assertEquals(2, store.commit(commit, Durability.DISK).lastPosition());
            assertEquals(3, store.endPosition(Durability.DISK));
        }
    }

    @Test
    void theRungOfTheSettingsIsTakenWhereNoneIsNamed() {
        try (EventStore store = EventStore.open(folder, small().durability(Durability.DISK))) {
            for (int i = 0; i < 20; i++) {
                AppendResult result = store.append("a", Expected.any(), Events.event("Happened", "" + i));
                assertTrue(store.endPosition(Durability.DISK) > result.lastPosition());
            }
            AppendResult result = store.commit(Commit.create().append("a", Events.event("Happened", "")));
            assertTrue(store.endPosition(Durability.DISK) > result.lastPosition());
        }
    }

    @Test
    void everyPositionIsInTheProcessAtOnce() {
        try (EventStore store = EventStore.open(folder, small())) {
            AppendResult result = store.append("a", Expected.any(), Events.event("Happened", "1"));
            assertEquals(1, store.endPosition(Durability.PROCESS));
            assertTrue(store.awaitDurable(result.lastPosition(), Durability.PROCESS, Duration.ZERO));
        }
    }

    @Test
    void whatWasAppendedCanBeAwaitedLater() {
        try (EventStore store = EventStore.open(folder, small())) {
            long last = 0;
            for (int i = 0; i < 500; i++) {
                last = store.append("a", Expected.any(), NewEvent.of("Happened", bytes(10_000, i))).lastPosition();
            }
            assertTrue(store.awaitDurable(last, Durability.DISK, LONG));
            assertTrue(store.endPosition(Durability.DISK) > last);
            assertTrue(store.awaitDurable(0, Durability.DISK, Duration.ZERO), "what is durable need not be waited for");
        }
    }

    @Test
    void whatIsNotThereIsNotDurable() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), Events.event("Happened", "1"));
            assertFalse(store.awaitDurable(1, Durability.DISK, Duration.ofMillis(1)));
            assertFalse(store.awaitDurable(1, Durability.PROCESS, Duration.ofMillis(1)));
            assertFalse(store.awaitDurable(1, Durability.DISK, Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> store.awaitDurable(-1, Durability.DISK, Duration.ofMillis(1)));
        }
    }

    /** What a power cut takes is bounded without anybody asking. */
    @Test
    void theBackgroundIntervalForcesByItself() throws Exception {
        try (EventStore store = EventStore.open(folder, small().forceInterval(Duration.ofMillis(5)))) {
            for (int i = 0; i < 20; i++) {
                long last = store.append("a", Expected.any(), NewEvent.of("Happened", bytes(50_000, i))).lastPosition();
                long deadline = System.nanoTime() + LONG.toNanos();
                while (store.endPosition(Durability.DISK) <= last) {
                    assertTrue(System.nanoTime() < deadline, "it is never forced");
                    Thread.onSpinWait();
                }
            }
            assertTrue(store.stats().forces() >= 20);
            assertTrue(store.stats().longestForceNs() > 0);
        }
        Leaks.assertNoThreads();
    }

    @Test
    void withoutAnIntervalNothingIsForcedThatNobodyAskedFor() {
        try (EventStore store = EventStore.open(folder, small().flushEvents(1 << 20).forceInterval(Duration.ZERO))) {
            store.append("a", Expected.any(), Events.event("Happened", "1"));
            assertEquals(0, store.stats().forces());
            assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().startsWith("daybook-force")));
        }
        assertThrows(IllegalArgumentException.class, () -> small().forceInterval(Duration.ofNanos(1)));
        assertThrows(IllegalArgumentException.class, () -> small().forceInterval(Duration.ofDays(2)));
        assertThrows(IllegalArgumentException.class, () -> small().forceInterval(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> small().forceInterval(Duration.ofMillis(-1)));
    }

    @Test
    void anAwaitedForceMayTakeForEver() {
        try (EventStore store = EventStore.open(folder, small())) {
            long last = store.append("a", Expected.any(), Events.event("Happened", "1")).lastPosition();
            assertTrue(store.awaitDurable(last, Durability.DISK, Duration.ofSeconds(Long.MAX_VALUE)));
        }
    }

    @Test
    void replicatedIsRefusedWithoutTheBridge() {
        try (EventStore store = EventStore.open(folder, small())) {
            List<NewEvent> events = List.of(Events.event("Happened", "1"));
            assertThrows(IllegalStateException.class, () -> store.append("a", Expected.any(), events, Durability.REPLICATED));
            Commit commit = Commit.create().append("a", events.get(0));
            assertThrows(IllegalStateException.class, () -> store.commit(commit, Durability.REPLICATED));
            assertEquals(0, store.endPosition(), "nothing was written");
            store.commit(commit);
            assertThrows(IllegalStateException.class, () -> store.awaitDurable(0, Durability.REPLICATED, Duration.ofMillis(1)));
        }
    }

    @Test
    void closingForcesEverything() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 300; i++) {
                store.append("a", Expected.any(), NewEvent.of("Happened", bytes(20_000, i)));
            }
        }
        try (EventStore store = EventStore.open(folder, small())) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(300, store.endPosition());
            assertEquals(300, store.endPosition(Durability.DISK));
        }
    }

    @Test
    void callersOfAllRungsTogether() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try (EventStore store = EventStore.open(folder, small())) {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                Durability rung = caller < 2 ? Durability.DISK : Durability.PROCESS;
                String entity = "caller-" + caller;
                callers.add(executor.submit(() -> {
                    for (int i = 0; i < 200; i++) {
                        NewEvent event = NewEvent.of("Happened", bytes(5_000, i));
                        AppendResult result = store.append(entity, Expected.exactly(i - 1L), List.of(event), rung);
                        if (rung == Durability.DISK) {
                            assertTrue(store.endPosition(Durability.DISK) > result.lastPosition());
                        }
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
            assertEquals(800, store.endPosition());
        } finally {
            executor.shutdownNow();
        }
    }
}
