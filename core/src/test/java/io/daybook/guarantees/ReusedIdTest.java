package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee 4, ids used again: some ids shared, or other content, order or extent, is an error of its own and never taken for a repeat. */
class ReusedIdTest extends JournalTest {

    private static final int WINDOW = 32;

    private EventStore store;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small().idWindowEvents(WINDOW));
        store.append("a", Expected.absent(), Events.event("Opened", ""));
    }

    @AfterEach
    void close() {
        store.close();
        store = null;
    }

    /** What can be done to a commit of three events of a, b and a so that it is another one. */
    private static Map<String, UnaryOperator<List<Commit.Entry>>> changes() {
        Map<String, UnaryOperator<List<Commit.Entry>>> changes = new LinkedHashMap<>();
        changes.put("another payload", with(1, event -> new NewEvent(event.id(), event.type(), 0, event.metadata(), bytes(8, 99))));
        changes.put("a payload of other length", with(2, event -> new NewEvent(event.id(), event.type(), 0, event.metadata(),
            bytes(9, 2))));
        changes.put("an empty payload", with(0, event -> new NewEvent(event.id(), event.type(), 0, event.metadata(), new byte[0])));
        changes.put("another type", with(0, event -> new NewEvent(event.id(), "paid", 0, event.metadata(), event.payload())));
        changes.put("another schema version", with(2, event -> event.withSchemaVersion(1)));
        changes.put("other metadata", with(1, event -> event.withMetadata(bytes(1, 1))));
        changes.put("payload and metadata exchanged", with(1,
            event -> new NewEvent(event.id(), event.type(), 0, event.payload(), new byte[0])));
        changes.put("another id", with(2, event -> event.withId(Events.id(77))));
        changes.put("no id", with(1, event -> event.withId(null)));
        changes.put("ids exchanged", entries -> {
            List<Commit.Entry> changed = new ArrayList<>(entries);
            changed.set(0, new Commit.Entry("a", entries.get(0).event().withId(entries.get(2).event().id())));
            changed.set(2, new Commit.Entry("a", entries.get(2).event().withId(entries.get(0).event().id())));
            return changed;
        });
        changes.put("other order", entries -> List.of(entries.get(0), entries.get(2), entries.get(1)));
        changes.put("other order within the entity", entries -> List.of(entries.get(2), entries.get(1), entries.get(0)));
        changes.put("another entity", entries -> List.of(entries.get(0), new Commit.Entry("c", entries.get(1).event()), entries.get(2)));
        changes.put("the beginning", entries -> entries.subList(0, 2));
        changes.put("the end", entries -> entries.subList(1, 3));
        changes.put("one", entries -> entries.subList(0, 1));
        changes.put("one more behind", entries -> plus(entries, 3));
        changes.put("one more in front", entries -> plus(entries, 0));
        return changes;
    }

    private static UnaryOperator<List<Commit.Entry>> with(int at, UnaryOperator<NewEvent> change) {
        return entries -> {
            List<Commit.Entry> changed = new ArrayList<>(entries);
            changed.set(at, new Commit.Entry(entries.get(at).entity(), change.apply(entries.get(at).event())));
            return changed;
        };
    }

    private static List<Commit.Entry> plus(List<Commit.Entry> entries, int at) {
        List<Commit.Entry> changed = new ArrayList<>(entries);
        changed.add(at, new Commit.Entry("a", Events.numbered(88)));
        return changed;
    }

    private static List<Commit.Entry> original() {
        return List.of(entry("a", 0), entry("b", 1), entry("a", 2));
    }

    private static Commit.Entry entry(String entity, int number) {
        return new Commit.Entry(entity, NewEvent.of("Paid", bytes(8, number)).withId(Events.id(number)));
    }

    private static Commit commit(Map<String, Expected> conditions, List<Commit.Entry> entries) {
        Commit commit = Commit.create();
        conditions.forEach(commit::expect);
        entries.forEach(entry -> commit.append(entry.entity(), entry.event()));
        return commit;
    }

    @Test
    void everyChangeIsAnErrorUnderAny() {
        assertEveryChangeRefused(Map.of(), 0);
        assertEveryChangeRefused(Map.of("a", Expected.any(), "b", Expected.any()), 0);
    }

    @Test
    void everyChangeIsAnErrorUnderPresent() {
        assertEveryChangeRefused(Map.of("a", Expected.present()), 0);
    }

    @Test
    void everyChangeIsAnErrorUnderExactly() {
        assertEveryChangeRefused(Map.of("a", Expected.exactly(0)), 0);
    }

    @Test
    void everyChangeIsAnErrorUnderExactlyHoweverOld() {
        assertEveryChangeRefused(Map.of("a", Expected.exactly(0)), 3 * WINDOW);
    }

    @Test
    void idsOfTwoCommitsTakenTogetherAreAnError() {
        store.append("b", Expected.any(), Events.numbered(1));
        store.append("b", Expected.any(), Events.numbered(2));
        assertReused(commit(Map.of(), List.of(new Commit.Entry("b", Events.numbered(1)), new Commit.Entry("b", Events.numbered(2)))),
            "two");
        assertReused(commit(Map.of(), List.of(new Commit.Entry("b", Events.numbered(3)), new Commit.Entry("b", Events.numbered(2)))),
            "new one");
    }

    @Test
    void theSameUnderAnotherExpectedVersionIsAnError() {
        store.append("a", Expected.exactly(0), Events.numbered(1));
        store.append("a", Expected.exactly(1), Events.numbered(2));
        assertReused(commit(Map.of("a", Expected.exactly(2)), List.of(new Commit.Entry("a", Events.numbered(1)))), "the condition holds");
        assertEquals(true, store.append("a", Expected.exactly(0), Events.numbered(1)).duplicate());
    }

    @Test
    void anIdTwiceInACommitIsRefused() {
        Commit commit = commit(Map.of(), List.of(new Commit.Entry("b", Events.numbered(1)), new Commit.Entry("c", Events.numbered(1))));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> store.commit(commit));
        assertTrue(refused.getMessage().contains(Events.id(1).toString()), refused.getMessage());
        assertEquals(1, store.endPosition());
    }

    @Test
    void anIdThatWasRefusedIsFree() {
        store.append("b", Expected.any(), Events.numbered(1));
        assertReused(commit(Map.of(), List.of(new Commit.Entry("b", Events.numbered(1)), new Commit.Entry("b", Events.numbered(2)))),
            "new one");
        assertEquals(2, store.append("b", Expected.any(), Events.numbered(2)).firstPosition());
    }

    private void assertEveryChangeRefused(Map<String, Expected> conditions, int eventsBetween) {
        AppendResult first = store.commit(commit(conditions, original()));
        for (int i = 0; i < eventsBetween; i++) {
            store.append("filler", Expected.any(), Events.event("Filled", ""));
        }
        changes().forEach((name, change) -> {
            assertReused(commit(conditions, change.apply(original())), name);
            if (!conditions.isEmpty() || eventsBetween == 0) {
                assertEquals(first.firstPosition(), store.commit(commit(conditions, original())).firstPosition(),
                    "the original is still a repeat");
            }
        });
    }

    private void assertReused(Commit commit, String what) {
        List<String> before = Events.all(store);
        EventIdReusedException reused = assertThrows(EventIdReusedException.class, () -> store.commit(commit), what);
        Set<UUID> given = commit.entries().stream().map(entry -> entry.event().id()).filter(id -> id != null).collect(Collectors.toSet());
        assertTrue(given.contains(reused.id()), what);
        assertTrue(before.get((int) reused.position()).contains(reused.id().toString()), what
            + ": the position is that of the event with the id");
        assertEquals(before, Events.all(store), what);
    }
}
