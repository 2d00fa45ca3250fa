package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee 3. Conditions are judged against the journal before the commit; one of N racing appends wins; the others leave no trace. */
class OptimisticConcurrencyTest extends JournalTest {

    private EventStore store;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small());
        store.append("one", Expected.absent(), event("0"));
        store.append("three", Expected.absent(), event("0"), event("1"), event("2"));
    }

    @AfterEach
    void close() {
        store.close();
        store = null;
    }

    @Test
    void eachConditionHoldsWhereItShould() {
        assertEquals(1, store.append("one", Expected.any(), event("1")).version());
        assertEquals(0, store.append("new-1", Expected.any(), event("0")).version());
        assertEquals(2, store.append("one", Expected.present(), event("2")).version());
        assertEquals(0, store.append("new-2", Expected.absent(), event("0")).version());
        assertEquals(3, store.append("three", Expected.exactly(2), event("3")).version());
        assertEquals(0, store.append("new-3", Expected.exactly(-1), event("0")).version());
    }

    @Test
    void eachConditionFailsWhereItShould() {
        assertConflict("one", Expected.absent(), 0);
        assertConflict("unknown", Expected.present(), -1);
        assertConflict("unknown", Expected.exactly(0), -1);
        assertConflict("three", Expected.exactly(1), 2);
        assertConflict("three", Expected.exactly(3), 2);
        assertConflict("three", Expected.exactly(1_000_000), 2);
    }

    @Test
    void theFirstEntityInTheOrderGivenIsReported() {
        Commit commit = Commit.create().append("three", event("3")).append("one", event("1"))
            .expect("fresh", Expected.absent()).expect("one", Expected.exactly(5)).expect("three", Expected.exactly(7));
        ConflictException conflict = assertThrows(ConflictException.class, () -> store.commit(commit));
        assertEquals("one", conflict.entity());
        assertEquals(Expected.exactly(5), conflict.expected());
        assertEquals(0, conflict.actual());
        assertTrue(conflict.getMessage().contains("entity=one expected=exactly(5) actual=0"), conflict.getMessage());
        assertEquals(0, conflict.getStackTrace().length, "a refusal costs no stack trace");
    }

    @Test
    void entitiesThatAreOnlyCheckedCount() {
        List<String> before = Events.all(store);
        assertThrows(ConflictException.class, () -> store.commit(Commit.create().append("new", event("0"))
            .expect("one", Expected.absent())));
        assertEquals(before, Events.all(store));
        store.commit(Commit.create().append("new", event("0")).expect("one", Expected.exactly(0)).expect("unknown", Expected.absent()));
        assertEquals(0, store.version("one"), "what is only checked is not written");
        assertEquals(-1, store.version("unknown"));
        assertEquals(List.of("0"), Events.payloads(store, "new"));
    }

    @Test
    void threeEntitiesWithOneFailingConditionWriteNothing() {
        List<String> before = Events.all(store);
        for (int failing = 0; failing < 3; failing++) {
            Commit commit = Commit.create().append("one", event("x")).append("three", event("x")).append("new", event("x"))
                .expect("one", failing == 0 ? Expected.absent() : Expected.exactly(0))
                .expect("three", failing == 1 ? Expected.exactly(1) : Expected.exactly(2))
                .expect("new", failing == 2 ? Expected.present() : Expected.absent());
            assertThrows(ConflictException.class, () -> store.commit(commit));
            assertEquals(before, Events.all(store));
            assertEquals(-1, store.version("new"));
            assertEquals(0, store.version("one"));
            assertEquals(2, store.version("three"));
        }
        assertEquals(3, store.stats().conflicts());
        assertEquals(4, store.append("one", Expected.exactly(0), event("next")).firstPosition(),
            "no position was given to what was refused");
    }

    @Test
    void conditionsAreJudgedBeforeTheCommitAndVersionsCountOn() {
        AppendResult result = store.commit(Commit.create().expect("new", Expected.absent()).expect("one", Expected.exactly(0))
            .append("new", event("0")).append("one", event("1")).append("new", event("1")).append("new", event("2"))
                .append("one", event("2")));
        assertEquals(2, result.version(), "of the last event within its entity");
        assertEquals(List.of("0", "1", "2"), Events.payloads(store, "new"));
        assertEquals(List.of("0", "1", "2"), Events.payloads(store, "one"));
    }

    @Test
    void aSecondConditionForOneEntityIsRefused() {
        Commit commit = Commit.create().expect("one", Expected.any());
        assertThrows(IllegalArgumentException.class, () -> commit.expect("one", Expected.present()));
    }

    @Test
    void conflictsSurviveAReopening() {
        store.close();
        store = EventStore.open(folder, small());
        assertConflict("one", Expected.absent(), 0);
        assertConflict("three", Expected.exactly(1), 2);
        assertConflict("unknown", Expected.present(), -1);
    }

    @Test
    void ofRacingAppendsExactlyOneWins() throws Exception {
        int racers = 6;
        CyclicBarrier barrier = new CyclicBarrier(racers);
        ExecutorService executor = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 300; round++) {
                long expected = round - 1L;
                List<Future<AppendResult>> outcomes = new ArrayList<>();
                for (int racer = 0; racer < racers; racer++) {
                    NewEvent mine = event(round + " by " + racer);
                    outcomes.add(executor.submit((Callable<AppendResult>) () -> {
                        barrier.await();
                        return attempt(expected, mine);
                    }));
                }
                int winner = -1;
                for (int racer = 0; racer < racers; racer++) {
                    if (outcomes.get(racer).get() != null) {
                        assertEquals(-1, winner, "two winners of one version");
                        winner = racer;
                    }
                }
                assertEquals(round + " by " + winner, Events.payloads(store, "raced").get(round));
                assertEquals(round, store.version("raced"));
            }
            assertEquals(4 + 300, store.endPosition());
        } finally {
            executor.shutdownNow();
        }
    }

    private AppendResult attempt(long expected, NewEvent event) {
        try {
            return store.append("raced", Expected.exactly(expected), event);
        } catch (ConflictException e) {
            assertEquals(expected + 1, e.actual());
            return null;
        }
    }

    private void assertConflict(String entity, Expected expected, long actual) {
        long end = store.endPosition();
        ConflictException conflict = assertThrows(ConflictException.class, () -> store.append(entity, expected, event("no")));
        assertEquals(entity, conflict.entity());
        assertEquals(expected, conflict.expected());
        assertEquals(actual, conflict.actual());
        assertEquals(end, store.endPosition());
        assertEquals(actual, store.version(entity));
    }

    private static NewEvent event(String payload) {
        return Events.event("Happened", payload);
    }

    @Test
    void exactlyTheLargestVersionIsAConflict() {
        assertConflict("three", Expected.exactly(Long.MAX_VALUE), 2);
        assertConflict("three", Expected.exactly(Long.MAX_VALUE - 1), 2);
        assertConflict("unknown", Expected.exactly(Long.MAX_VALUE), -1);
    }
}
