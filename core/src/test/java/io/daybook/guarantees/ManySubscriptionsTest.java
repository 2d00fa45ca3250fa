package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A thousand subscriptions at once, ten thousand one after the other: nobody is forgotten, and nothing is left. */
class ManySubscriptionsTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Follow ALL = Follow.from(StartFrom.beginning());
    private static final int AT_ONCE = 1000;
    private static final int STARTS = Effort.times(2_000, 10_000);

    private static void append(EventStore store, int events, int bytes) {
        for (int i = 0; i < events; i++) {
            store.append("entity-" + i % 7, Expected.any(), NewEvent.of("T", bytes(bytes, i)));
        }
    }

    private static List<Subscription> subscribe(EventStore store, AtomicLong seen) {
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            all.add(store.subscribe(ALL, event -> seen.incrementAndGet()));
        }
        return all;
    }

    private static void awaitAll(List<Subscription> all, long position) throws InterruptedException {
        for (Subscription one : all) {
            assertTrue(one.awaitPosition(position, PATIENCE));
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("ManySubscriptionsTest");
    }

    @Test
    void aThousandAtOnceAndClosedWithTheStore() throws Exception {
        AtomicLong seen = new AtomicLong();
        EventStore store = EventStore.open(folder, small());
        append(store, 20, 10);
        List<Subscription> all = subscribe(store, seen);
        append(store, 50, 10);
        awaitAll(all, 69);
        store.close();
        for (Subscription one : all) {
            assertEquals(Subscription.State.CLOSED, one.state());
        }
        assertEquals(70 * AT_ONCE, seen.get());
    }

    @Test
    void closedWhileAThousandHaveWork() throws Exception {
        AtomicLong seen = new AtomicLong();
        List<Subscription> all;
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 2000, 300);
            all = subscribe(store, seen);
            append(store, 20, 300);
        }
        for (Subscription one : all) {
            assertEquals(Subscription.State.CLOSED, one.state(), () -> "failure=" + one.failure());
        }
        long atClose = seen.get();
        assertTrue(atClose < 2020L * AT_ONCE, "they had work left");
        assertEquals(all.stream().mapToLong(one -> one.position() + 1).sum(), atClose, "and none after the close");
    }

    @Test
    void aThousandOfAStoreThatOnlyReadsWhileTheOwnerRolls() throws Exception {
        AtomicLong seen = new AtomicLong();
        try (EventStore owner = EventStore.open(folder, small())) {
            append(owner, 20, 10);
            try (EventStore reading = EventStore.openReadOnly(folder, small())) {
                List<Subscription> all = subscribe(reading, seen);
                append(owner, 300, 10_000);
                assertTrue(JournalFiles.cycles(folder).size() >= 3, "it rolled");
                awaitAll(all, 319);
                assertEquals(320 * AT_ONCE, seen.get());
            }
        }
    }

    @Test
    void startedAndStoppedByTheThousandNothingIsLeft() throws Exception {
        try (EventStore owner = EventStore.open(folder, small())) {
            append(owner, 20, 10);
            try (EventStore reading = EventStore.openReadOnly(folder, small())) {
                startAndStop(owner, reading, 10);
                int files = Leaks.openFiles(folder.toRealPath()).size();
                int mappings = Leaks.mappings(folder.toRealPath()).size();
                startAndStop(owner, reading, STARTS);
                assertEquals(files, Leaks.openFiles(folder.toRealPath()).size(), () -> "open files: " + open());
                Leaks.awaitMappings(folder.toRealPath(), mappings);
                awaitForgotten(owner, reading);
            }
        }
        Leaks.assertNoThreads();
    }

    /** Stores that go on keep nothing of those that were closed. */
    private static void awaitForgotten(EventStore... stores) throws Exception {
        List<WeakReference<EventHandler>> handlers = new ArrayList<>();
        for (EventStore store : stores) {
            EventHandler subscribed = new Forgotten();
            EventHandler polled = new Forgotten();
            store.subscribe(ALL, subscribed).close();
            store.poller(ALL, polled).close();
            handlers.add(new WeakReference<>(subscribed));
            handlers.add(new WeakReference<>(polled));
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (handlers.stream().anyMatch(handler -> handler.get() != null)) {
            System.gc();
            assertTrue(System.nanoTime() < deadline, "a handler is kept");
        }
    }

    private static final class Forgotten implements EventHandler {
        @Override
        public void onEvent(EventView event) {
            // Nothing to do: it is looked for, not at.
        }
    }

    private String open() {
        try {
            return Leaks.openFiles(folder.toRealPath()).toString();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static void startAndStop(EventStore owner, EventStore reading, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            EventStore store = i % 2 == 0 ? owner : reading;
            Follow follow = switch (i / 2 % 5) {
                case 0 -> ALL.idle(() -> BusySpinIdleStrategy.INSTANCE);
                case 1 -> ALL.named("again-and-again");
                default -> ALL;
            };
            if (i / 2 % 5 == 2) {
                try (Poller poller = store.poller(follow, event -> { })) {
                    assertEquals(20, poller.poll(100));
                }
                continue;
            }
            try (Subscription subscription = store.subscribe(follow, event -> { })) {
                if (i % 100 < 10) {
                    assertTrue(subscription.awaitPosition(19, PATIENCE));
                }
            }
        }
    }
}
