package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Guarantee 9, interrupts: a channel that an interrupted thread uses is closed for everybody, so none of the store's may be used so. */
class InterruptTest extends JournalTest {

    @Test
    void anInterruptedThreadAppends() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            NewEvent event = NewEvent.of("Happened", bytes(20_000, 1));
            for (int i = 0; i < 200; i++) {
                Thread.currentThread().interrupt();
                try {
                    assertEquals(i, store.append("a", Expected.exactly(i - 1L), event).version());
                    assertEquals(i, store.version("a"));
                } finally {
                    assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
                }
            }
            Future<Long> other = Executors.newCachedThreadPool(JournalTest::daemon).submit(
                () -> store.append("a", Expected.exactly(199), List.of(event), Durability.DISK).version());
            assertEquals(200, other.get(), "other threads are not troubled");
        }
        try (EventStore store = EventStore.open(folder, small())) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(201, Events.of(store, "a").size());
        }
    }

    /** At a roll above all, where files are opened. */
    @Test
    void interruptsAtAnyMoment() throws Exception {
        int count = 3_000;
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try (EventStore store = EventStore.open(folder, small())) {
            List<Future<?>> outcomes = new ArrayList<>();
            Queue<Thread> threads = new ConcurrentLinkedQueue<>();
            for (int n = 0; n < 2; n++) {
                String entity = "entity-" + n;
                outcomes.add(writers.submit(() -> {
                    threads.add(Thread.currentThread());
                    for (int i = 0; i < count; i++) {
                        assertEquals(i, store.append(entity, Expected.exactly(i - 1L),
                            NewEvent.of("Happened", bytes(10_000, i))).version());
                    }
                    threads.remove(Thread.currentThread());
                    Thread.interrupted();
                }));
            }
            Thread interrupter = new Thread(() -> {
                while (!done.get()) {
                    threads.forEach(Thread::interrupt);
                }
            });
            interrupter.start();
            try {
                for (Future<?> outcome : outcomes) {
                    outcome.get();
                }
            } finally {
                done.set(true);
                interrupter.join();
            }
            assertEquals(count, Events.of(store, "entity-0").size());
            assertEquals(2 * count, store.append("a", Expected.absent(), Events.event("Happened", "by others")).firstPosition());
        } finally {
            writers.shutdownNow();
        }
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(2 * count + 1, Events.all(store).size());
        }
    }

    @Test
    void anInterruptedThreadForces() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 100; i++) {
                Thread.currentThread().interrupt();
                try {
                    List<NewEvent> events = List.of(NewEvent.of("Happened", bytes(20_000, i)));
                    assertEquals(i, store.append("a", Expected.exactly(i - 1L), events, Durability.DISK).version());
                } finally {
                    assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
                }
            }
            assertEquals(100, store.append("a", Expected.exactly(99), Events.event("Happened", "by others")).version());
        }
    }

    @Test
    void anInterruptedThreadOpensAndCloses() {
        for (int i = 0; i < 3; i++) {
            Thread.currentThread().interrupt();
            try (EventStore store = EventStore.open(folder, small())) {
                assertEquals(i, store.append("a", Expected.exactly(i - 1L), Events.event("Happened", "")).version());
            } finally {
                assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
            }
        }
    }

    /** Whoever is interrupted while the file of the index is summed keeps the index. */
    @Test
    void anInterruptWhileTheIndexIsOpenedDoesNotCostIt() {
        StoreSettings large = small().indexCapacity(1 << 20); // its file is summed by several threads
        try (EventStore store = EventStore.open(folder, large)) {
            for (int i = 0; i < 100; i++) {
                store.append("a", Expected.any(), Events.event("Happened", "x"));
            }
        }
        Thread caller = Thread.currentThread();
        AtomicBoolean first = new AtomicBoolean(true);
        large.threadFactory(work -> {
            if (first.getAndSet(false)) {
                caller.interrupt();
            }
            return new Thread(work);
        });
        try (EventStore store = EventStore.open(folder, large)) {
            assertFalse(store.recovery().indexRebuilt(), store.recovery().toString());
            assertEquals(100, Events.of(store, "a").size());
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
        }
    }

    @Test
    void anInterruptedThreadOpensForReading() {
        StoreSettings publishing = small().headsFileEvents(50);
        try (EventStore store = EventStore.open(folder, publishing)) {
            for (int i = 0; i < 200; i++) {
                store.append("a", Expected.any(), Events.event("Happened", "x"));
            }
        }
        Thread.currentThread().interrupt();
        try (EventStore reading = EventStore.openReadOnly(folder, small())) {
            assertEquals(200, Events.of(reading, "a").size());
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
        }
    }

    @Test
    void anInterruptedThreadReads() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 200; i++) {
                store.append("a", Expected.any(), NewEvent.of("Happened", bytes(20_000, i)));
            }
            Thread.currentThread().interrupt();
            try {
                assertEquals(200, Events.of(store, "a").size());
                assertEquals(200, Events.all(store).size());
            } finally {
                assertTrue(Thread.interrupted(), "the interrupt is the caller's to see");
            }
        }
    }
}
