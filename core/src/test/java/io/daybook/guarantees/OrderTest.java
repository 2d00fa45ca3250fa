package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.TestClock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guarantee 1. One total order; positions and versions are dense; the time of a commit is never below the newest event's. */
class OrderTest extends JournalTest {

    private static final long SECOND = 1_000_000_000L;

    private final TestClock clock = new TestClock();

    @Test
    void positionsAndVersionsAreDense() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 3_000; i++) {
                Commit commit = Commit.create();
                for (int n = 0; n <= i % 3; n++) {
                    commit.append("entity-" + (i * 7 + n) % 20, Events.event("Happened", i + "." + n));
                }
                AppendResult result = store.commit(commit);
                assertEquals(result.firstPosition() + i % 3, result.lastPosition());
            }
            assertDense(store);
        }
        try (EventStore store = EventStore.open(folder, small())) {
            long end = store.endPosition();
            long version = store.version("entity-3");
            AppendResult next = store.append("entity-3", Expected.exactly(version), Events.event("Happened", "once more"));
            assertEquals(end, next.firstPosition());
            assertEquals(version + 1, next.version());
            assertDense(store);
        }
    }

    @Test
    void aCommitHasOneTimeAndContiguousPositions() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("other", Expected.any(), Events.event("Happened", ""));
            AppendResult result = store.commit(Commit.create()
                .append("a", Events.event("One", ""), Events.event("Two", ""))
                .append("b", Events.event("Three", ""))
                .append("a", Events.event("Four", "")));
            List<RecordedEvent> events = everything(store).subList(1, 5);
            for (int i = 0; i < 4; i++) {
                assertEquals(1 + i, events.get(i).position());
                assertEquals(result.timeNs(), events.get(i).timeNs());
                assertEquals(1, events.get(i).commitPosition());
                assertEquals(4, events.get(i).commitSize());
            }
            assertEquals(List.of(0L, 1L, 0L, 2L), events.stream().map(RecordedEvent::version).toList());
            assertEquals(2, result.version());
        }
    }

    @Test
    void timeIsTheClocks() {
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            assertEquals(TestClock.START_NS, append(store));
            clock.pass(1);
            assertEquals(TestClock.START_NS + 1, append(store));
            clock.pass(59 * SECOND);
            assertEquals(TestClock.START_NS + 1 + 59 * SECOND, append(store));
        }
    }

    @Test
    void timeStandsStillWhileTheClockIsBehind() {
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            clock.pass(10 * SECOND);
            long newest = append(store);
            clock.jump(-5 * SECOND);
            assertEquals(newest, append(store));
            clock.pass(4 * SECOND);
            assertEquals(newest, append(store));
            clock.pass(2 * SECOND);
            assertEquals(newest + SECOND, append(store));
        }
    }

    @Test
    void timeNeverGoesBackOverAReopening() {
        long newest;
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            clock.pass(1_000 * SECOND);
            newest = append(store);
        }
        clock.jump(-900 * SECOND);
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            assertEquals(newest, append(store));
            assertEquals(newest, append(store));
        }
        clock.jump(901 * SECOND);
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            assertEquals(newest + SECOND, append(store));
            assertDense(store);
        }
    }

    @Test
    void aForwardJumpWithinTheBoundIsFollowed() {
        try (EventStore store = EventStore.open(folder, small().clock(clock).clockJumpBoundNs(100 * SECOND))) {
            append(store);
            clock.jump(98 * SECOND);
            // The clocks are compared about every second.
            clock.pass(2 * SECOND);
            assertEquals(TestClock.START_NS + 100 * SECOND, append(store));
            assertEquals(0, store.stats().clockJumpsIgnored());
        }
    }

    @Test
    void aForwardJumpBeyondTheBoundIsCountedAndNotFollowed() {
        try (EventStore store = EventStore.open(folder, small().clock(clock).clockJumpBoundNs(100 * SECOND))) {
            long before = append(store);
            clock.jump(1_000_000 * SECOND);
            for (int passed = 2; passed < 20; passed += 2) {
                clock.pass(2 * SECOND);
                assertEquals(before + passed * SECOND, append(store), "time goes on without the jump");
                assertTrue(store.stats().clockJumpsIgnored() > 0);
            }
            clock.jump(-1_000_000 * SECOND);
            clock.pass(1_000 * SECOND);
            assertEquals(before + 1_018 * SECOND, append(store), "the clock that was set right is followed again");
        }
    }

    @Test
    void theBoundIsAnHourUnlessSet() {
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            append(store);
            clock.jump(3_599 * SECOND);
            clock.pass(2 * SECOND);
            assertEquals(TestClock.START_NS + 3_601 * SECOND, append(store));
            assertEquals(0, store.stats().clockJumpsIgnored());
            clock.jump(3_601 * SECOND);
            clock.pass(2 * SECOND);
            assertEquals(TestClock.START_NS + 3_603 * SECOND, append(store));
            assertTrue(store.stats().clockJumpsIgnored() > 0);
        }
    }

    @Test
    void muchTimeMayPassWithoutAnEvent() {
        try (EventStore store = EventStore.open(folder, small().clock(clock))) {
            append(store);
            clock.pass(100_000 * SECOND);
            assertEquals(TestClock.START_NS + 100_000 * SECOND, append(store), "both clocks went on: this is no jump");
            assertEquals(0, store.stats().clockJumpsIgnored());
        }
    }

    private static long append(EventStore store) {
        return store.append("clock", Expected.any(), Events.event("Ticked", "")).timeNs();
    }

    private static List<RecordedEvent> everything(EventStore store) {
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            return cursor.toList();
        }
    }

    private static void assertDense(EventStore store) {
        Map<String, Long> versions = new HashMap<>();
        long position = 0;
        long timeNs = Long.MIN_VALUE;
        for (RecordedEvent event : everything(store)) {
            assertEquals(position++, event.position());
            assertEquals(versions.getOrDefault(event.entity(), -1L) + 1, event.version());
            versions.put(event.entity(), event.version());
            assertTrue(event.timeNs() >= timeNs, "time went back at " + event.position());
            timeNs = event.timeNs();
        }
        assertEquals(position, store.endPosition());
        versions.forEach((entity, version) -> assertEquals(version, store.version(entity)));
    }
}
