package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Whoever follows sees every event, in order, and skips none; from wherever he starts, in this store or in one that only reads. */
class FollowingTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Notes what it sees, and checks it against the version it counts itself. */
    private static final class Seen implements EventHandler {
        private final List<Long> positions = Collections.synchronizedList(new ArrayList<>());
        private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
        private final List<Long> caughtUp = Collections.synchronizedList(new ArrayList<>());
        private final List<Object> stopped = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void onEvent(EventView event) {
            positions.add(event.position());
            lines.add(Events.line(event.copy()));
        }

        @Override
        public void onCaughtUp(long position) {
            caughtUp.add(position);
        }

        @Override
        public void onStopped(Throwable failure) {
            stopped.add(failure == null ? "closed" : failure);
        }
    }

    private static void append(EventStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append("entity-" + i % 7, Expected.any(), NewEvent.of("T" + i % 3, bytes(i % 5000, i)));
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void firstWhatIsThereThenWhatIsAppended() throws InterruptedException {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 0, 1000);
            Seen seen = new Seen();
            Subscription subscription = store.subscribe(Follow.from(StartFrom.beginning()), seen);
            assertTrue(subscription.awaitPosition(999, PATIENCE));
            append(store, 1000, 2000);
            assertTrue(subscription.awaitPosition(1999, PATIENCE));
            assertEquals(Subscription.State.FOLLOWING, subscription.state());
            assertEquals(1999, subscription.position());
            assertEquals(0, subscription.lagEvents());
            subscription.close();
            subscription.close();
            append(store, 2000, 2010);
            assertEquals(Subscription.State.CLOSED, subscription.state());
            assertEquals(null, subscription.failure());
            assertFalse(subscription.awaitPosition(2000, Duration.ofMillis(1)));
            assertEquals(Events.all(store).subList(0, 2000), seen.lines);
            assertEquals(1, seen.caughtUp.size());
            assertEquals(List.of("closed"), seen.stopped);
        }
    }

    @Test
    void fromAnywhereToTheEnd() throws Exception {
        assertEquals(StartFrom.now(), StartFrom.after(Long.MAX_VALUE));
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 100; i++) {
                Commit commit = Commit.create();
                for (int j = 0; j <= i % 4; j++) {
                    commit.append("e-" + j, NewEvent.of("T", bytes(3000, i)));
                }
                store.commit(commit);
            }
            long end = store.endPosition();
            for (long first = 0; first <= end; first++) {
                assertEquals(range(first, end), polled(store, new StartFrom.Position(first)));
            }
            assertEquals(List.of(), polled(store, StartFrom.now()));
            assertThrows(IllegalArgumentException.class, () -> polled(store, StartFrom.after(end)));
            assertEquals(range(0, end), polled(store, StartFrom.time(Long.MIN_VALUE)));
            assertEquals(List.of(), polled(store, StartFrom.time(Long.MAX_VALUE)));
            long middle = end / 2;
            long time;
            try (var cursor = store.readAll(new StartFrom.Position(middle), Filter.all())) {
                cursor.next();
                time = cursor.event().timeNs();
            }
            List<Long> since = polled(store, StartFrom.time(time));
            assertEquals(range(since.get(0), end), since);
            assertTrue(since.get(0) <= middle);
            try (Poller poller = store.poller(Follow.from(StartFrom.time(Long.MAX_VALUE)), event -> since.clear())) {
                store.append("now", Expected.any(), Events.event("T", "before that time"));
                assertEquals(0, poller.poll(10));
                assertEquals(end, poller.position());
            }
        }
    }

    private static List<Long> polled(EventStore store, StartFrom start) throws Exception {
        Seen seen = new Seen();
        try (Poller poller = store.poller(Follow.from(start), seen)) {
            while (poller.poll(7) > 0) {
                assertEquals(seen.positions.get(seen.positions.size() - 1), poller.position());
            }
            assertEquals(0, poller.lagEvents());
        }
        return seen.positions;
    }

    @Test
    void filtersPassOverTheOthers() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 0, 210);
            store.append("other", Expected.any(), Events.event("T1", "x"));
            Seen seen = new Seen();
            Filter filter = Filter.all().category("entity").type("T1").type("T2");
            try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).filter(filter), seen)) {
                assertEquals(140, poller.poll(1000));
                assertEquals(210, poller.position(), "also the one that was passed over");
                assertEquals(List.of(210L), seen.caughtUp);
                assertEquals(range(0, 210).stream().filter(p -> p % 3 != 0).toList(), seen.positions);
            }
        }
    }

    @Test
    void onlyWhatIsDurableIfAskedFor() throws Exception {
        try (EventStore store = EventStore.open(folder, small()); EventStore reading = EventStore.openReadOnly(folder, small())) {
            for (EventStore one : List.of(store, reading)) {
                long before = store.endPosition();
                store.awaitDurable(Math.max(0, before - 1), Durability.DISK, PATIENCE);
                Seen seen = new Seen();
                Poller poller = one.poller(Follow.from(new StartFrom.Position(before)).visibleFrom(Durability.DISK), seen);
                append(store, 0, 10);
                assertEquals(0, poller.poll(100));
                store.awaitDurable(before + 9, Durability.DISK, PATIENCE);
                assertEquals(10, poller.poll(100));
                assertThrows(IllegalStateException.class,
                        () -> one.poller(Follow.from(StartFrom.now()).visibleFrom(Durability.REPLICATED), seen));
            }
        }
    }

    /** One that only reads outlives the owner and goes on with the next one; from the device, too. */
    @Test
    void aReadingStoreFollowsOneOwnerAfterTheOther() throws Exception {
        EventStore.open(folder, small()).close();
        Seen seen = new Seen();
        try (EventStore reading = EventStore.openReadOnly(folder, small())) {
            Subscription subscription = reading.subscribe(Follow.from(StartFrom.beginning()), seen);
            Subscription durable = reading.subscribe(Follow.from(StartFrom.beginning()).visibleFrom(Durability.DISK), event -> { });
            for (int life = 0; life < 4; life++) {
                try (EventStore store = EventStore.open(folder, small())) {
                    append(store, 600 * life, 600 * life + 600);
                    store.awaitDurable(600 * life + 599, Durability.DISK, PATIENCE);
                    assertTrue(durable.awaitPosition(600 * life + 599, PATIENCE), () -> "failure=" + durable.failure());
                    assertTrue(subscription.awaitPosition(600 * life + 599, PATIENCE), () -> "failure=" + subscription.failure());
                }
            }
            assertEquals(range(0, 2400), seen.positions);
            assertEquals(Events.all(reading), seen.lines);
            assertEquals(0, subscription.lagEvents());
        }
        assertEquals(List.of("closed"), seen.stopped, "the store was closed");
    }

    /** Four writers, four that follow, files of a megabyte; followers come and go. */
    @Test
    void noGapAndNoDisorderUnderLoad() throws Exception {
        Random random = new Random(seed("noGapAndNoDisorderUnderLoad"));
        int each = 5_000;
        ExecutorService writers = Executors.newFixedThreadPool(4, JournalTest::daemon);
        try (EventStore store = EventStore.open(folder, small()); EventStore reading = EventStore.openReadOnly(folder, small())) {
            List<Seen> seen = new ArrayList<>();
            List<Subscription> following = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                seen.add(new Seen());
                following.add((i < 2 ? store : reading).subscribe(Follow.from(StartFrom.beginning()), seen.get(i)));
            }
            List<Future<?>> outcomes = new ArrayList<>();
            for (int w = 0; w < 4; w++) {
                long token = random.nextLong();
                outcomes.add(writers.submit(() -> write(store, new Random(token), each)));
            }
            while (store.endPosition() < 3 * each) {
                int one = random.nextInt(4);
                following.get(one).close();
                long from = seen.get(one).positions.size();
                following.set(one, (one < 2 ? store : reading).subscribe(Follow.from(new StartFrom.Position(from)), seen.get(one)));
            }
            for (Future<?> outcome : outcomes) {
                outcome.get();
            }
            long end = store.endPosition();
            for (int i = 0; i < 4; i++) {
                Subscription subscription = following.get(i);
                assertTrue(subscription.awaitPosition(end - 1, PATIENCE), () -> "failure=" + subscription.failure());
                assertEquals(range(0, end), seen.get(i).positions);
            }
        } finally {
            writers.shutdownNow();
        }
    }

    private static void write(EventStore store, Random random, int events) {
        int left = events;
        while (left > 0) {
            int size = Math.min(left, 1 + random.nextInt(5));
            Commit commit = Commit.create();
            for (int i = 0; i < size; i++) {
                commit.append("entity-" + random.nextInt(50), NewEvent.of("T", bytes(random.nextInt(2000), i)));
            }
            store.commit(commit);
            left -= size;
        }
    }

    @Test
    void anEmptyJournalIsFollowedFromItsFirstEventOn() throws Exception {
        try (EventStore store = EventStore.open(folder, StoreSettings.create());
                EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create())) {
            for (EventStore one : List.of(store, reading)) {
                for (StartFrom start : List.of(StartFrom.beginning(), StartFrom.now())) {
                    Seen seen = new Seen();
                    Poller poller = one.poller(Follow.from(start), seen);
                    long before = store.endPosition();
                    assertEquals(start.equals(StartFrom.now()) ? 0 : before, poller.poll(100));
                    append(store, 0, 1);
                    assertEquals(1, poller.poll(100));
                    assertEquals(before, poller.position());
                }
            }
        }
    }
}
