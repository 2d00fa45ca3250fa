package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Guarantee 2. Readers see all of a commit or nothing; what is refused leaves nothing. (Crashes: see KillTest.) */
class AtomicityTest extends JournalTest {

    @Test
    void aCommitThatIsRefusedWritesNothing() {
        try (EventStore store = EventStore.open(folder, small().maxPayloadBytes(1_000))) {
            store.append("a", Expected.absent(), Events.event("Opened", ""));
            List<String> before = Events.all(store);
            assertThrows(ConflictException.class, () -> store.commit(Commit.create()
                .append("b", Events.event("Opened", "")).append("a", Events.event("Opened", ""))
                .expect("b", Expected.absent()).expect("a", Expected.absent())));
            assertThrows(IllegalArgumentException.class, () -> store.commit(Commit.create()
                .append("b", Events.event("Opened", "")).append("a", NewEvent.of("Paid", new byte[1_001]))));
            assertThrows(IllegalArgumentException.class, () -> store.commit(Commit.create()
                .append("b", Events.event("Opened", "")).append("", Events.event("Opened", ""))));
            assertEquals(before, Events.all(store));
            assertEquals(-1, store.version("b"));
            assertEquals(1, store.endPosition());
            assertEquals(1, store.append("b", Expected.absent(), Events.event("Opened", "")).firstPosition());
        }
    }

    @Test
    void readersNeverSeeHalfACommit() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (EventStore store = EventStore.open(folder, small())) {
            Thread reader = new Thread(() -> {
                try {
                    while (!done.get()) {
                        assertWholeCommits(store);
                        assertBothOrNone(store);
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            reader.start();
            for (int i = 0; i < 2_000 && failure.get() == null; i++) {
                Commit commit = Commit.create();
                for (int n = 0; n <= i % 7; n++) {
                    commit.append("left", NewEvent.of("Moved", bytes(i % 1_000, i))).append("right", NewEvent.of("Moved", bytes(n, i)));
                }
                store.commit(commit);
            }
            done.set(true);
            reader.join();
            assertNull(failure.get(), () -> "the reader saw " + failure.get());
            assertWholeCommits(store);
        }
    }

    @Test
    void aLimitMayCutACommitAndEveryEventTellsItsExtent() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.commit(Commit.create().append("a", Events.event("One", ""), Events.event("Two", ""), Events.event("Three", "")));
            try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().limit(2))) {
                assertTrue(cursor.next());
                assertEquals(3, cursor.event().commitSize());
                assertTrue(cursor.next());
                assertEquals(0, cursor.event().commitPosition());
                assertEquals(3, cursor.event().commitSize());
                assertEquals(false, cursor.next());
            }
        }
    }

    @Test
    void aCommitOfTheMostEventsAndOneOfTheMostBytes() {
        try (EventStore store = EventStore.open(folder, small().maxPayloadBytes(StoreSettings.MAX_PAYLOAD_BYTES))) {
            Commit many = Commit.create();
            for (int i = 0; i < StoreSettings.MAX_COMMIT_EVENTS; i++) {
                many.append("entity-" + i % 1_000, Events.event("Happened", "" + i));
            }
            assertEquals(65_535, store.commit(many).lastPosition());
            Commit large = Commit.create();
            for (int i = 0; i < 7; i++) {
                large.append("large", NewEvent.of("Happened", bytes(9 << 20, i)));
            }
            AppendResult result = store.commit(large);
            assertEquals(6, result.version());
            store.append("large", Expected.exactly(6), Events.event("Happened", "after"));
        }
        try (EventStore store = EventStore.open(folder)) {
            assertEquals(65_544, store.endPosition());
            assertWholeCommits(store);
            assertEquals(8, Events.of(store, "large").size());
            assertEquals(66, Events.of(store, "entity-7").size());
        }
    }

    private static void assertWholeCommits(EventStore store) {
        long next = 0;
        long left = 0;
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                EventView event = cursor.event();
                assertEquals(next++, event.position());
                left = left == 0 ? event.commitSize() : left;
                assertEquals(event.commitSize() - left, event.position() - event.commitPosition());
                left--;
            }
        }
        assertEquals(0, left, "events of the last commit that are missing");
    }

    private static void assertBothOrNone(EventStore store) {
        long right = store.version("right");
        long left = store.version("left");
        assertTrue(left >= right, "left was read later and is at " + left + ", right at " + right);
        try (Cursor cursor = store.read("right", ReadRange.all().reversed().limit(1))) {
            if (cursor.next()) {
                assertTrue(cursor.event().version() >= right, "a read shows less than version() did");
            }
        }
    }
}
