package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Appender;
import io.daybook.ChildJvm;
import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.StartFrom;
import io.daybook.StoreClock;
import io.daybook.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Guarantees 9 and 10 where a thread of the user's dies in the middle: in a claim, in a handler, in a clock. All others go on. */
class DyingThreadsTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What nobody expects: as if the thread had been stopped. */
    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void aThreadThatDiesInsideAClaimHoldsUpNobody() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            Appender appender = store.appender();
            AtomicReference<Throwable> died = new AtomicReference<>();
            for (int i = 0; i < 20; i++) {
                boolean quietly = i % 2 == 0;
                Thread thread = daemon(() -> {
                    store.appender().claim("a", -1, "Claimed", 100).putByte(0, (byte) 1);
                    if (!quietly) {
                        throw new Stopped();
                    }
                });
                thread.setUncaughtExceptionHandler((which, e) -> died.set(e));
                thread.start();
                thread.join();
                assertEquals(quietly, died.getAndSet(null) == null);
                assertEquals(i, store.append("a", Expected.exactly(i - 1L), Events.event("Happened", "")).version());
                appender.claim("b", i - 1L, "Claimed", 1).putByte(0, (byte) 2);
                assertEquals(2 * i + 1, appender.append());
            }
            Thread claimant = daemon(() -> appender.claim("b", 19, "Claimed", 1));
            claimant.start();
            claimant.join();
            assertThrows(IllegalStateException.class, appender::append, "the claim was another thread's");
            assertEquals(20, store.append("b", Expected.exactly(19), Events.event("Happened", "")).version());
        }
        assertEquals(41, EventStoreCount.events(folder));
    }

    @Test
    void whateverAHandlerDiesOfStopsItsOwnSubscriptionOnly() throws Exception {
        List<Error> errors = List.of(new Stopped(), new OutOfMemoryError("played"), new StackOverflowError("played"),
            new NoClassDefFoundError("played"), new AssertionError("played"));
        try (EventStore store = EventStore.open(folder, small());
            Subscription other = store.subscribe(Follow.from(StartFrom.beginning()), event -> { })) {
            store.append("a", Expected.absent(), Events.event("Happened", ""));
            for (Error error : errors) {
                for (Dying dying : List.of(new Dying(error, true), new Dying(error, false))) {
                    try (Subscription dies = store.subscribe(Follow.from(StartFrom.beginning()), dying)) {
                        while (dies.state() != Subscription.State.FAILED) {
                            Thread.onSpinWait();
                        }
                        assertSame(error, dies.failure());
                    }
                }
            }
            try (Subscription deep = store.subscribe(Follow.from(StartFrom.beginning()), event -> depth(0))) {
                while (deep.state() != Subscription.State.FAILED) {
                    Thread.onSpinWait();
                }
                assertTrue(deep.failure() instanceof StackOverflowError, "a real one");
            }
            long last = store.append("a", Expected.exactly(0), Events.event("Happened", "")).lastPosition();
            assertTrue(other.awaitPosition(last, PATIENCE));
            assertNull(other.failure());
        }
    }

    private static int depth(int calls) {
        return depth(calls + 1) + 1;
    }

    private record Dying(Error error, boolean atEvent) implements EventHandler {
        @Override
        public void onEvent(EventView event) {
            if (atEvent) {
                throw error;
            }
        }

        @Override
        public void onCaughtUp(long position) {
            throw error;
        }

        @Override
        public void onStopped(Throwable failure) {
            if (atEvent && error instanceof Stopped) {
                throw error;
            }
        }
    }

    /** The clock is asked under the store's lock: what it throws comes out of the append, and nothing was written. */
    @Test
    void aClockThatThrowsCostsOneAppend() {
        AtomicReference<Error> failure = new AtomicReference<>();
        StoreClock clock = new StoreClock() {
            @Override
            public long wallNs() {
                return System.currentTimeMillis() * 1_000_000;
            }

            @Override
            public long monotonicNs() {
                if (failure.get() != null) {
                    throw failure.get();
                }
                return System.nanoTime();
            }
        };
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            for (int i = 0; i < 5; i++) {
                long version = i - 1L;
                assertEquals(i, store.append("a", Expected.exactly(version), Events.event("Happened", "")).version());
                failure.set(i % 2 == 0 ? new Stopped() : new StackOverflowError("played"));
                Throwable thrown = assertThrows(Throwable.class,
                    () -> store.append("a", Expected.exactly(version + 1), Events.event("Happened", "")));
                assertTrue(thrown == failure.get() || thrown.getCause() == failure.get(), thrown::toString);
                failure.set(null);
                assertEquals(i, store.version("a"), "nothing was written");
            }
        }
        assertEquals(5, EventStoreCount.events(folder));
    }

    /** Throws at the n-th call of any thread's making, during open: what was begun is given up, and the next open works. */
    @Test
    void aThreadFactoryThatFailsLeavesTheJournalFree() throws Exception {
        List<Error> thrown = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThrows(Throwable.class, () -> EventStore.open(folder, small().threadFactory(task -> {
                Error error = new Stopped();
                thrown.add(error);
                throw error;
            })).close());
            assertThrows(Throwable.class, () -> EventStore.open(folder, small().threadFactory(task -> null)).close());
            try (EventStore store = EventStore.open(folder, small())) {
                assertEquals(i, store.append("a", Expected.exactly(i - 1L), Events.event("Happened", "")).version());
            }
        }
        assertEquals(3, thrown.size());
        try (ChildJvm child = ChildJvm.start(ChildAppender.class, folder)) {
            assertTrue(child.lineThatBegins("").startsWith("opened at 3 "), "another process too");
        }
    }
}
