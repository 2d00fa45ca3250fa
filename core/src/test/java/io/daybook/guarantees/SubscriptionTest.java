package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import io.daybook.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.IdleStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a handler may do, and what it cannot do to others. */
class SubscriptionTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Follow ALL = Follow.from(StartFrom.beginning());

    private EventStore store;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small());
        append(20);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void append(int events) {
        for (int i = 0; i < events; i++) {
            store.append("a", Expected.any(), Events.event("Happened", "" + i));
        }
    }

    @Test
    void aHandlerThatThrowsStopsItsOwnSubscriptionBeforeTheEvent() throws Exception {
        for (Throwable cause : List.of(new IllegalStateException("a"), new Exception("b"), new StackOverflowError("c"),
                new StoreClosedException("d"))) {
            CompletableFuture<Throwable> stopped = new CompletableFuture<>();
            Subscription failing = store.subscribe(ALL, new EventHandler() {
                @Override
                public void onEvent(EventView event) throws Exception {
                    if (event.position() == 7) {
                        if (cause instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) cause;
                    }
                }

                @Override
                public void onStopped(Throwable failure) {
                    stopped.complete(failure);
                    throw new IllegalStateException("also here");
                }
            });
            Subscription other = store.subscribe(ALL, event -> { });
            assertSame(cause, stopped.get());
            assertFalse(failing.awaitPosition(7, PATIENCE));
            assertEquals(Subscription.State.FAILED, failing.state());
            assertSame(cause, failing.failure());
            assertEquals(6, failing.position());
            assertTrue(other.awaitPosition(19, PATIENCE));
            failing.close();
            other.close();
        }
    }

    @Test
    void anIdleStrategyThatThrowsStopsItsOwnSubscription() throws Exception {
        IllegalStateException cause = new IllegalStateException("tired");
        for (boolean inReset : new boolean[] {true, false}) {
            CountDownLatch idled = new CountDownLatch(1);
            Subscription subscription = store.subscribe(ALL.idle(() -> new IdleStrategy() {
                @Override
                public void idle(int workCount) {
                    idled.countDown();
                    if (!inReset) {
                        throw cause;
                    }
                }

                @Override
                public void idle() {
                    idle(0);
                }

                @Override
                public void reset() {
                    throw cause;
                }
            }), event -> { });
            idled.await();
            subscription.close();
            assertSame(cause, subscription.failure());
            assertEquals(Subscription.State.FAILED, subscription.state());
        }
    }

    @Test
    void aHandlerMayAppendAndMayCloseItsSubscription() throws Exception {
        AtomicReference<Subscription> own = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        AtomicInteger handled = new AtomicInteger();
        own.set(store.subscribe(ALL, event -> {
            known.await();
            handled.incrementAndGet();
            store.append("b", Expected.any(), Events.event("Echo", "x"));
            if (event.position() == 30) {
                own.get().close();
            }
        }));
        known.countDown();
        assertTrue(own.get().awaitPosition(30, PATIENCE));
        own.get().close();
        assertEquals(Subscription.State.CLOSED, own.get().state());
        assertEquals(31, handled.get());
        assertEquals(51, store.endPosition());
    }

    @Test
    void aHandlerMayCloseTheStore() throws Exception {
        CompletableFuture<Throwable> stopped = new CompletableFuture<>();
        Subscription subscription = store.subscribe(ALL, new EventHandler() {
            @Override
            public void onEvent(EventView event) {
                if (event.position() == 5) {
                    store.close();
                }
            }

            @Override
            public void onStopped(Throwable failure) {
                stopped.complete(failure);
            }
        });
        assertEquals(null, stopped.get());
        subscription.close();
        assertEquals(Subscription.State.CLOSED, subscription.state());
        assertThrows(StoreClosedException.class, () -> store.subscribe(ALL, event -> { }));
    }

    @Test
    void aHandlerThatBlocksHoldsUpNobodyElse() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Subscription blocked = store.subscribe(ALL, event -> release.await());
        assertEquals(Subscription.State.CATCHING_UP, blocked.state());
        Subscription other = store.subscribe(ALL, event -> { });
        append(1000);
        assertTrue(other.awaitPosition(1019, PATIENCE));
        assertEquals(-1, blocked.position());
        assertEquals(1020, blocked.lagEvents());
        assertFalse(blocked.awaitPosition(0, Duration.ofMillis(1)));
        store.close(); // after five seconds it leaves it behind
        assertThrows(StoreClosedException.class, () -> store.version("a"));
        assertEquals(0, blocked.lagEvents());
        release.countDown();
        blocked.close();
    }

    @Test
    void aHandlerMayInterruptItsThread() throws Exception {
        Subscription subscription = store.subscribe(ALL, event -> Thread.currentThread().interrupt());
        append(100);
        assertTrue(subscription.awaitPosition(119, PATIENCE));
    }

    @Test
    void aPollerBeginsAgainWithTheEventThatFailed() throws Exception {
        List<Long> handled = new ArrayList<>();
        boolean[] fails = {true};
        Poller poller = store.poller(ALL, event -> {
            if (event.position() == 7 && fails[0]) {
                throw new java.io.IOException("not now");
            }
            handled.add(event.position());
        });
        assertEquals(5, poller.poll(5));
        for (int i = 0; i < 3; i++) {
            assertThrows(java.io.IOException.class, () -> poller.poll(100));
            assertEquals(6, poller.position());
        }
        fails[0] = false;
        assertEquals(13, poller.poll(100));
        assertEquals(20, handled.size());
        assertEquals(19, poller.position());
        assertThrows(IllegalArgumentException.class, () -> poller.poll(0));
        poller.close();
        assertThrows(StoreClosedException.class, () -> poller.poll(1));
    }

    @Test
    void aPollerCannotBePolledByItsOwnHandler() throws Exception {
        AtomicReference<Poller> own = new AtomicReference<>();
        own.set(store.poller(ALL, event -> own.get().poll(1)));
        assertThrows(IllegalStateException.class, () -> own.get().poll(1));
        assertEquals(-1, own.get().position());
    }

    @Test
    void anInterruptFromOutsideIsTheHandlersAffair() throws Exception {
        AtomicReference<Thread> following = new AtomicReference<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Subscription waiting = store.subscribe(ALL, event -> {
            following.set(Thread.currentThread());
            if (event.position() == 5) {
                blocked.countDown();
                never.await();
            }
        });
        blocked.await();
        following.get().interrupt();
        following.get().join();
        assertEquals(InterruptedException.class, waiting.failure().getClass());
        assertEquals(4, waiting.position());

        Subscription unconcerned = store.subscribe(ALL, event -> following.set(Thread.currentThread()));
        for (int i = 0; i < 200; i++) {
            append(1);
            following.get().interrupt();
            assertTrue(unconcerned.awaitPosition(20 + i, PATIENCE));
        }
        assertEquals(null, unconcerned.failure());
    }

    @Test
    void whatFailsAtTheEndOfTheJournalStopsTheSubscription() throws Exception {
        IllegalStateException cause = new IllegalStateException("not ready");
        boolean[] ready = {false};
        EventHandler handler = new EventHandler() {
            @Override
            public void onEvent(EventView event) {
                assertTrue(event.position() < 20);
            }

            @Override
            public void onCaughtUp(long position) {
                assertEquals(19, position);
                if (!ready[0]) {
                    throw cause;
                }
            }
        };
        Subscription failing = store.subscribe(ALL, handler);
        assertFalse(failing.awaitPosition(20, PATIENCE));
        assertSame(cause, failing.failure());
        assertEquals(19, failing.position());
        try (Poller poller = store.poller(ALL, handler)) {
            assertSame(cause, assertThrows(IllegalStateException.class, () -> poller.poll(100)));
            assertSame(cause, assertThrows(IllegalStateException.class, () -> poller.poll(100)));
            ready[0] = true;
            assertEquals(0, poller.poll(100));
        }
    }
}
