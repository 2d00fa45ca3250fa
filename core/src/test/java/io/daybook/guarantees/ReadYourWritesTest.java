package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Guarantee 5. When append returns, every read in this process sees the commit; and a read that was opened before never does. */
class ReadYourWritesTest extends JournalTest {

    @Test
    void everyReadSeesWhatAppendReturned() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 2_000; i++) {
                AppendResult result = store.append("entity-" + i % 50, Expected.exactly(i / 50 - 1L), NewEvent.of("Happened", bytes(i, i)));
                assertSeen(store, "entity-" + i % 50, result);
            }
        }
    }

    @Test
    void everyThreadSeesWhatAppendReturned() throws Exception {
        SynchronousQueue<AppendResult> told = new SynchronousQueue<>();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (EventStore store = EventStore.open(folder, small())) {
            int count = 3_000;
            Future<?> check = other.submit(() -> {
                for (int i = 0; i < count; i++) {
                    assertSeen(store, "shared", told.take());
                }
                return null;
            });
            for (int i = 0; i < count && !check.isDone(); i++) {
                AppendResult result = store.append("shared", Expected.any(), Events.event("Happened", "" + i));
                while (!told.offer(result, 1, TimeUnit.SECONDS)) {
                    assertFalse(check.isDone(), "the other thread has given up");
                }
            }
            check.get();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aReadEndsAtThePositionThatWasNewestWhenItWasOpened() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.any(), Events.event("Happened", "0"), Events.event("Happened", "1"));
            try (Cursor everything = store.readAll(StartFrom.beginning(), Filter.all()); Cursor one = store.read("a");
                Cursor backwards = store.read("a", ReadRange.all().reversed()); Cursor unknown = store.read("b");
                Cursor end = store.readAll(StartFrom.now(), Filter.all())) {
                store.commit(Commit.create().append("a", Events.event("Happened", "2")).append("b", Events.event("Happened", "0")));
                assertEquals(2, everything.toList().size());
                assertEquals(2, one.toList().size());
                assertEquals(List.of(1L, 0L), backwards.toList().stream().map(event -> event.version()).toList());
                assertFalse(unknown.next());
                assertFalse(end.next());
                assertFalse(everything.next(), "also when asked again");
            }
            assertEquals(4, Events.all(store).size());
        }
    }

    @Test
    void nothingIsNoError() {
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(0, store.endPosition());
            assertEquals(-1, store.version("unknown"));
            assertEquals(List.of(), Events.of(store, "unknown"));
            assertEquals(List.of(), Events.all(store));
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(1_000), Filter.all())));
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.time(Long.MAX_VALUE), Filter.all())));
            store.append("a", Expected.any(), Events.event("Happened", ""));
            assertEquals(List.of(), Events.drain(store.read("a", ReadRange.all().from(1))));
            assertEquals(List.of(), Events.drain(store.read("a", ReadRange.all().from(5).to(2))));
            assertEquals(List.of(), Events.drain(store.read("a", ReadRange.all().limit(0))));
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(0), Filter.all())));
            assertEquals(1, Events.drain(store.readAll(StartFrom.time(Long.MIN_VALUE), Filter.all())).size());
        }
    }

    @Test
    void aCategoryIsWhatStandsBeforeTheFirstDash() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (String entity : List.of("account-1", "account-2-3", "account", "Account-1", "accounts-1", "-account-1", "-")) {
                store.append(entity, Expected.absent(), Events.event(entity.startsWith("a") ? "Opened" : "Closed", ""));
            }
            assertEquals(List.of("account-1", "account-2-3", "account"), entities(store, Filter.all().category("account")));
            assertEquals(List.of("-account-1"), entities(store, Filter.all().category("-account-1")));
            assertEquals(List.of("-"), entities(store, Filter.all().category("-")));
            assertEquals(List.of(), entities(store, Filter.all().category("")));
            assertEquals(List.of("account-1", "account-2-3", "account", "accounts-1"),
                entities(store, Filter.all().category("account").category("accounts").category("Account").type("Opened")));
            assertEquals(List.of(), entities(store, Filter.all().type("opened")));
            assertEquals(7, entities(store, Filter.all().type("Opened").type("Closed")).size());
        }
    }

    private static List<String> entities(EventStore store, Filter filter) {
        try (Cursor cursor = store.readAll(StartFrom.beginning(), filter)) {
            return cursor.toList().stream().map(event -> event.entity()).toList();
        }
    }

    private static void assertSeen(EventStore store, String entity, AppendResult result) {
        assertTrue(store.endPosition() > result.lastPosition());
        assertTrue(store.version(entity) >= result.version());
        try (Cursor cursor = store.read(entity, ReadRange.all().from(result.version()).limit(1))) {
            assertTrue(cursor.next());
            assertEquals(result.lastPosition(), cursor.event().position());
        }
        try (Cursor cursor = store.readAll(new StartFrom.Position(result.firstPosition()), Filter.all(), ReadRange.all().limit(1))) {
            assertTrue(cursor.next());
            assertEquals(result.firstPosition(), cursor.event().position());
            assertEquals(entity, cursor.event().entity());
        }
        try (Cursor cursor = store.readAll(StartFrom.time(result.timeNs()), Filter.all().category(Filter.categoryOf(entity)))) {
            assertTrue(cursor.next());
            assertEquals(result.timeNs(), cursor.event().timeNs());
        }
    }

    @Test
    void afterTheLargestPositionThereIsNothing() {
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(Long.MAX_VALUE), Filter.all())), "in an empty journal");
            store.append("a", Expected.absent(), Events.event("Opened", ""));
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(Long.MAX_VALUE), Filter.all())));
            assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(Long.MAX_VALUE), Filter.all(), ReadRange.all().reversed())));
        }
    }
}
