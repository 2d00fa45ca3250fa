package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Commit;
import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalInUseException;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import io.daybook.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A named subscription goes on where it stopped: it skips nothing, repeats no whole commit, and its name has one holder. */
class NamedSubscriptionTest extends JournalTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Follow NAMED = Follow.from(StartFrom.beginning()).named("totals");

    private static void append(EventStore store, int events) {
        for (int i = 0; i < events; i++) {
            store.append("entity-" + i % 7, Expected.any(), NewEvent.of("T" + i % 3, bytes(i % 500, i)));
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /** What a poller under this name hands out now. */
    private static List<Long> poll(EventStore store, Follow follow) throws Exception {
        List<Long> seen = new ArrayList<>();
        try (Poller poller = store.poller(follow, event -> seen.add(event.position()))) {
            while (poller.poll(100) > 0) {
                continue;
            }
        }
        return seen;
    }

    @Test
    void itGoesOnBehindWhatItHandled() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 100);
            List<Long> seen = new ArrayList<>();
            try (Subscription subscription = store.subscribe(NAMED, event -> seen.add(event.position()))) {
                assertTrue(subscription.awaitPosition(99, PATIENCE));
            }
            assertEquals(range(0, 100), seen);
            append(store, 50);
            assertEquals(range(100, 150), poll(store, NAMED));
            assertEquals(List.of(), poll(store, NAMED));
        }
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 10);
            assertEquals(range(150, 160), poll(store, NAMED));
        }
        try (EventStore reading = EventStore.openReadOnly(folder, small())) {
            assertEquals(List.of(), poll(reading, NAMED));
        }
    }

    @Test
    void theStartCountsTheFirstTimeOnly() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 10);
            Follow fromNow = Follow.from(StartFrom.now()).named("later");
            assertEquals(List.of(), poll(store, fromNow));
            append(store, 5);
            assertEquals(range(10, 15), poll(store, fromNow), "it began at 10, although it saw nothing then");
            assertEquals(range(0, 15), poll(store, NAMED));
            assertEquals(range(3, 15), poll(store, Follow.from(StartFrom.after(2)).named("third")));
        }
    }

    /** Half a commit would be a state that never was. */
    @Test
    void itIsSavedAtTheEndOfACommit() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 4);
            NewEvent event = NewEvent.of("T", new byte[3]);
            store.commit(Commit.create().append("a", event).append("b", event).append("c", event));
            List<Long> seen = new ArrayList<>();
            EventHandler failing = view -> {
                if (view.position() == 6) {
                    throw new IllegalStateException("on purpose");
                }
                seen.add(view.position());
            };
            try (Subscription subscription = store.subscribe(NAMED, failing)) {
                assertFalse(subscription.awaitPosition(6, PATIENCE));
                assertEquals("on purpose", subscription.failure().getMessage());
            }
            assertEquals(range(0, 6), seen);
            assertEquals(range(4, 7), poll(store, NAMED));
        }
    }

    @Test
    void eventsThatTheFilterLeftOutCountToo() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 1000);
            Follow rare = NAMED.filter(Filter.all().type("never"));
            assertEquals(List.of(), poll(store, rare));
            try (Poller poller = store.poller(rare, event -> { })) {
                assertEquals(999, poller.position());
            }
        }
    }

    @Test
    void aPollerThatIsClosedByItsHandlerHasSavedItsEvent() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 10);
            Poller[] self = new Poller[1];
            self[0] = store.poller(NAMED, event -> {
                if (event.position() == 4) {
                    self[0].close();
                }
            });
            assertEquals(5, self[0].poll(100));
            assertThrows(StoreClosedException.class, () -> self[0].poll(100));
            assertEquals(range(5, 10), poll(store, NAMED));
        }
    }

    /** What is handled after the name was given up would be handled again, and by two. */
    @Test
    void aClosingStoreHandsOutNothingMoreUnderAName() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Long> seen = new ArrayList<>();
        EventStore store = EventStore.open(folder, small());
        append(store, 200_000 / 100);
        store.subscribe(Follow.from(StartFrom.beginning()), event -> {
            inHandler.countDown();
            goOn.await();
        });
        inHandler.await();
        Poller poller = store.poller(NAMED, event -> seen.add(event.position()));
        assertEquals(10, poller.poll(10));
        Thread closing = daemon(store::close);
        closing.start();
        assertThrows(StoreClosedException.class, () -> {
            while (true) {
                if (poller.poll(1) == 0) {
                    Thread.onSpinWait();
                }
            }
        });
        goOn.countDown();
        closing.join();
        try (EventStore again = EventStore.open(folder, small())) {
            List<Long> left = poll(again, NAMED);
            long next = left.isEmpty() ? again.endPosition() : left.get(0);
            assertTrue(next >= seen.size() - 1, "at most the event at work is repeated: seen=" + seen.size() + " next=" + next);
        }
    }

    @Test
    void anEventThatFailedIsNotHandedOutByAClosedStore() throws Exception {
        EventStore store = EventStore.open(folder, small());
        append(store, 3);
        Poller poller = store.poller(NAMED, event -> {
            throw new IllegalStateException("on purpose");
        });
        assertThrows(IllegalStateException.class, () -> poller.poll(1));
        store.close();
        assertThrows(StoreClosedException.class, () -> poller.poll(1));
    }

    @Test
    void aFailedOneHasGivenItsNameUpBeforeItSaysSo() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 1);
            for (int i = 0; i < 300; i++) {
                Subscription failed = store.subscribe(NAMED, event -> {
                    throw new IllegalStateException("on purpose");
                });
                while (failed.state() != Subscription.State.FAILED) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** Its records may be half written at that moment: they are none of the second one's affair. */
    @Test
    void whoeverComesTooLateDoesNotJudgeTheCheckpoint() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 3);
            try (Poller holder = store.poller(NAMED, event -> { })) {
                holder.poll(10);
                Path file = folder.resolve("followers/totals.dbk");
                byte[] torn = Files.readAllBytes(file);
                Arrays.fill(torn, 64, 192, (byte) 7);
                Files.write(file, torn, StandardOpenOption.WRITE);
                assertThrows(JournalInUseException.class, () -> store.poller(NAMED, event -> { }));
            }
        }
    }

    @Test
    void aNameHasOneHolder() throws Exception {
        try (EventStore store = EventStore.open(folder, small()); EventStore reading = EventStore.openReadOnly(folder, small())) {
            append(store, 3);
            try (Subscription subscription = store.subscribe(NAMED, event -> { })) {
                String refusal = assertThrows(JournalInUseException.class, () -> store.subscribe(NAMED, event -> { })).getMessage();
                assertTrue(refusal.contains("name=totals"), refusal);
                assertTrue(refusal.contains("holderPid=" + ProcessHandle.current().pid()), refusal);
                assertThrows(JournalInUseException.class, () -> store.poller(NAMED, event -> { }));
                assertThrows(JournalInUseException.class, () -> reading.poller(NAMED, event -> { }));
                store.poller(NAMED.named("another"), event -> { }).close();
                assertTrue(subscription.awaitPosition(2, PATIENCE));
            }
            reading.poller(NAMED, event -> { }).close();
        }
    }

    @Test
    void whateverEndsItFreesItsName() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 3);
            try (Subscription failed = store.subscribe(NAMED, event -> {
                throw new IllegalStateException("on purpose");
            })) {
                assertFalse(failed.awaitPosition(0, PATIENCE));
                assertEquals(Subscription.State.FAILED, failed.state());
            }
            List<Object> again = new ArrayList<>();
            try (Subscription closed = store.subscribe(NAMED, new EventHandler() {
                @Override
                public void onEvent(EventView event) {
                    // only the end is of interest
                }

                @Override
                public void onStopped(Throwable failure) {
                    store.poller(NAMED, event -> { }).close();
                    again.add("the name was free");
                }
            })) {
                assertTrue(closed.awaitPosition(2, PATIENCE));
            }
            assertEquals(List.of("the name was free"), again);
        }
        Poller kept;
        try (EventStore store = EventStore.open(folder, small())) {
            kept = store.poller(NAMED, event -> { });
        }
        assertThrows(StoreClosedException.class, () -> kept.poll(1));
        try (EventStore store = EventStore.open(folder, small())) {
            store.subscribe(NAMED, event -> { }).close();
        }
        kept.close();
    }

    @Test
    void aHolderInAnotherProcessIsNamedAndFollowedByTheNextWhenItDies() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 20);
            try (ChildJvm child = ChildJvm.start(ChildFollower.class, folder, "named", "totals")) {
                assertEquals("saw 0", child.lineThatBegins("saw"));
                child.lineThatBegins("saw 19");
                String refusal = assertThrows(JournalInUseException.class, () -> store.subscribe(NAMED, event -> { })).getMessage();
                assertTrue(refusal.contains("holderPid=" + child.pid()), refusal);
                child.kill();
            }
            append(store, 3);
            List<Long> seen = poll(store, NAMED);
            assertTrue(seen.get(0) <= 20 && seen.get(0) >= 19, seen + ": at most the last commit is seen again");
            assertEquals(range(seen.get(0), 23), seen);
        }
    }

    @Test
    void aFilterBelongsToTheName() throws Exception {
        try (EventStore store = EventStore.open(folder, small())) {
            append(store, 3);
            Follow two = NAMED.filter(Filter.all().type("T1").type("T2").category("entity"));
            assertEquals(List.of(1L, 2L), poll(store, two));
            assertEquals(List.of(), poll(store, NAMED.filter(Filter.all().category("entity").type("T2").type("T1"))), "the same filter");
            String refusal = assertThrows(IllegalArgumentException.class, () -> store.subscribe(NAMED, event -> { })).getMessage();
            assertTrue(refusal.contains("another filter") && refusal.contains("name=totals"), refusal);
            assertThrows(IllegalArgumentException.class, () -> poll(store, NAMED.filter(Filter.all().type("T1T2").category("entity"))));
            assertEquals(List.of(), poll(store, two), "a refusal leaves the name free");
        }
    }

    @Test
    void namesThatCouldBePathsAreRefused() {
        Follow follow = Follow.from(StartFrom.now());
        for (String name : List.of("", ".", "..", "-x", "a/b", "../x", "a\\b", "a b", "ä", "a\0", "a".repeat(101))) {
            assertThrows(IllegalArgumentException.class, () -> follow.named(name), name);
        }
        assertEquals("a".repeat(100), follow.named("a".repeat(100)).name());
        assertEquals("A_0.b-c", follow.named("A_0.b-c").name());
        assertFalse(Files.exists(folder));
    }
}
