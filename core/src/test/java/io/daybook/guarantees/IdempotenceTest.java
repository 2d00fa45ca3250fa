package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guarantee 4, repeats: the same commit again writes nothing and returns the first result. */
class IdempotenceTest extends JournalTest {

    private static final int WINDOW = 32;

    private EventStore store;
    private int fillers;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small().idWindowEvents(WINDOW));
    }

    @AfterEach
    void close() {
        store.close();
        store = null;
    }

    @Test
    void aRepeatReturnsTheFirstResultAndSaysSo() {
        fill(3);
        AppendResult first = store.append("a", Expected.absent(), Events.numbered(1), Events.numbered(2));
        assertFalse(first.duplicate());
        fill(3);
        AppendResult again = store.append("a", Expected.absent(), Events.numbered(1), Events.numbered(2));
        assertEquals(new AppendResult(3, 4, 1, first.timeNs(), true), again);
        assertEquals(8, store.endPosition());
        assertEquals(1, store.stats().duplicates());
        assertEquals(0, store.stats().conflicts(), "a repeat is no conflict");
    }

    /** What a refusal costs then is a look at the heads: even damage that it would meet in the journal does not matter. */
    @Test
    void withoutIdsNothingIsARepeatAndTheJournalIsNotRead() throws IOException {
        store.append("a", Expected.absent(), Events.event("Opened", ""));
        store.append("a", Expected.exactly(0), Events.event("Paid", ""));
        store.append("a", Expected.exactly(1), Events.event("Paid", ""));
        JournalFiles.Document second = KnownJournal.commits(KnownJournal.cycle(folder)).get(1);
        JournalFiles.flip(KnownJournal.cycle(folder), second.offset() + second.length() - 1, 1);
        ConflictException refused = assertThrows(ConflictException.class,
            () -> store.append("a", Expected.exactly(0), Events.event("Paid", "")));
        assertEquals(2, refused.actual());
        assertThrows(JournalDamagedException.class, () -> store.append("a", Expected.exactly(0), Events.numbered(7)));
    }

    @Test
    void underAbsentARepeatIsFoundHoweverOld() {
        assertRepeatFound(10 * WINDOW, () -> store.append("a", Expected.absent(), Events.numbered(1)));
    }

    @Test
    void underExactlyARepeatIsFoundHoweverOld() {
        store.append("a", Expected.absent(), Events.event("Opened", ""), Events.event("Paid", ""));
        assertRepeatFound(10 * WINDOW, () -> store.append("a", Expected.exactly(1), Events.numbered(1), Events.numbered(2)));
    }

    @Test
    void underExactlyARepeatIsFoundBehindNewerEventsOfTheEntity() {
        store.append("a", Expected.absent(), Events.event("Opened", ""));
        AppendResult first = store.append("a", Expected.exactly(0), Events.numbered(1));
        for (int i = 0; i < 5 * WINDOW; i++) {
            store.append("a", Expected.exactly(1L + i), Events.event("Paid", "" + i));
        }
        assertRepeatOf(first, store.append("a", Expected.exactly(0), Events.numbered(1)));
    }

    @Test
    void underExactlyARepeatIsFoundThoughTheConditionNamesALaterEventOfTheCommit() {
        store.append("b", Expected.absent(), Events.event("Opened", ""));
        Supplier<AppendResult> transfer = () -> store.commit(Commit.create().expect("b", Expected.exactly(0))
            .append("a", Events.numbered(1), Events.numbered(2)).append("b", Events.numbered(3)).append("a", Events.numbered(4)));
        assertRepeatFound(5 * WINDOW, transfer);
    }

    @Test
    void underAnyARepeatIsFoundInsideTheWindow() {
        assertRepeatFound(WINDOW - 1, () -> store.append("a", Expected.any(), Events.numbered(1)));
    }

    @Test
    void underPresentARepeatIsFoundInsideTheWindow() {
        store.append("a", Expected.absent(), Events.event("Opened", ""));
        assertRepeatFound(WINDOW - 1, () -> store.append("a", Expected.present(), Events.numbered(1)));
    }

    @Test
    void withoutAConditionARepeatIsFoundInsideTheWindow() {
        assertRepeatFound(WINDOW - 1, () -> store.commit(Commit.create().append("a", Events.numbered(1)).append("b", Events.numbered(2))));
    }

    @Test
    void underAnyReuseBeyondTheWindowGoesUndetected() {
        AppendResult first = store.append("a", Expected.any(), Events.numbered(1));
        fill(WINDOW);
        AppendResult again = store.append("a", Expected.any(), Events.numbered(1));
        assertFalse(again.duplicate());
        assertEquals(first.version() + 1, again.version());
        assertRepeatOf(again, store.append("a", Expected.any(), Events.numbered(1)));
    }

    @Test
    void aCommitThatStandsInTheWindowWithItsEndOnlyIsARepeat() {
        Supplier<AppendResult> three = () -> store.append("a", Expected.any(), Events.numbered(1), Events.numbered(2), Events.numbered(3));
        assertRepeatFound(WINDOW - 1, three);
    }

    @Test
    void aReopenedStoreFindsTheSameRepeats() {
        AppendResult old = store.append("old", Expected.absent(), Events.numbered(1));
        fill(2 * WINDOW);
        AppendResult edge = store.append("edge", Expected.any(), Events.numbered(2));
        fill(WINDOW - 1);
        store.close();
        open();
        assertRepeatOf(old, store.append("old", Expected.absent(), Events.numbered(1)));
        assertRepeatOf(edge, store.append("edge", Expected.any(), Events.numbered(2)));
        fill(1);
        assertFalse(store.append("edge", Expected.any(), Events.numbered(2)).duplicate(), "now it is beyond the window");
    }

    @Test
    void aRepeatIsFoundWhateverTheConditionsSayNow() {
        store.append("checked", Expected.absent(), Events.event("Opened", ""));
        Supplier<AppendResult> append = () -> store.commit(Commit.create().append("a", Events.numbered(1))
            .expect("checked", Expected.exactly(0)).expect("a", Expected.absent()).expect("never", Expected.absent()));
        AppendResult first = append.get();
        store.append("checked", Expected.exactly(0), Events.event("Paid", ""));
        store.append("never", Expected.absent(), Events.event("Opened", ""));
        assertRepeatOf(first, append.get());
        assertRepeatOf(first, store.append("a", Expected.any(), Events.numbered(1)));
        assertRepeatOf(first, store.append("a", Expected.absent(), Events.numbered(1)));
    }

    @Test
    void aRepeatIsFoundInTheWindowThoughAConditionThatIsOnlyCheckedFails() {
        Supplier<AppendResult> append = () -> store.commit(Commit.create().append("a", Events.numbered(1))
            .expect("checked", Expected.absent()));
        AppendResult first = append.get();
        store.append("checked", Expected.absent(), Events.event("Opened", ""));
        assertRepeatOf(first, append.get());
    }

    @Test
    void aRepeatWaitsForTheRungAskedFor() {
        List<NewEvent> events = List.of(Events.numbered(1));
        AppendResult first = store.append("a", Expected.absent(), events, Durability.PROCESS);
        assertRepeatOf(first, store.append("a", Expected.absent(), events, Durability.DISK));
        assertTrue(store.endPosition(Durability.DISK) > first.lastPosition());
    }

    @Test
    void anEventWithoutIdIsNeverARepeat() {
        NewEvent event = Events.event("Opened", "same");
        store.append("a", Expected.absent(), event);
        assertThrows(ConflictException.class, () -> store.append("a", Expected.absent(), event));
        assertFalse(store.append("a", Expected.any(), event).duplicate());
        assertFalse(store.append("a", Expected.exactly(1), event).duplicate());
        assertThrows(ConflictException.class, () -> store.append("a", Expected.exactly(1), event));
        assertEquals(3, store.endPosition());
    }

    @Test
    void aCommitOfWhichAnEventHasNoIdIsNeverARepeat() {
        store.append("a", Expected.absent(), Events.numbered(1), Events.event("Paid", ""));
        assertReused(1, 0, () -> store.append("a", Expected.absent(), Events.numbered(1), Events.event("Paid", "")));
        assertReused(1, 0, () -> store.append("a", Expected.any(), Events.numbered(1), Events.event("Paid", "")));
    }

    @Test
    void noIdSharedIsAConflict() {
        store.append("a", Expected.absent(), Events.numbered(1));
        ConflictException conflict = assertThrows(ConflictException.class, () -> store.append("a", Expected.absent(), Events.numbered(2)));
        assertEquals("a", conflict.entity());
        assertEquals(0, conflict.actual());
    }

    @Test
    void derivedIdsAreUniqueAndStable() {
        for (int i = 0; i < 100; i++) {
            store.append("a-" + i % 3, Expected.any(), Events.event("Happened", "same"), Events.event("Happened", "same"));
        }
        List<String> before = Events.all(store);
        List<UUID> ids = ids();
        assertEquals(200, ids.stream().distinct().count());
        ids.forEach(id -> assertNotNull(id));
        store.close();
        open();
        assertEquals(before, Events.all(store));
        store.append("a-1", Expected.any(), Events.event("Happened", "same"));
        assertEquals(201, ids().stream().distinct().count());
    }

    @Test
    void derivedIdsOfTwoJournalsDiffer() {
        store.append("a", Expected.absent(), Events.event("Happened", "same"));
        try (EventStore other = EventStore.open(temp.resolve("other"), small())) {
            other.append("a", Expected.absent(), Events.event("Happened", "same"));
            assertFalse(ids().contains(other.read("a").toList().get(0).id()));
        }
    }

    @Test
    void aDerivedIdGivenBackWithAnythingElseIsAnError() {
        store.append("a", Expected.absent(), Events.event("Opened", "same"));
        UUID derived = ids().get(0);
        assertReused(derived, 0, () -> store.append("a", Expected.any(), Events.event("Opened", "other").withId(derived)));
        assertReused(derived, 0, () -> store.append("b", Expected.any(), Events.event("Opened", "same").withId(derived)));
    }

    @Test
    void theWindowIs65536EventsUnlessSet() {
        store.close();
        store = EventStore.open(folder, small());
        AppendResult first = store.append("a", Expected.any(), Events.numbered(1));
        for (int i = 0; i < 65_535; i += 257) {
            Commit commit = Commit.create();
            for (int n = 0; n < 257; n++) {
                commit.append("filler", Events.event("Filled", ""));
            }
            store.commit(commit);
        }
        assertEquals(65_536, store.endPosition());
        assertRepeatOf(first, store.append("a", Expected.any(), Events.numbered(1)));
        fill(1);
        assertFalse(store.append("a", Expected.any(), Events.numbered(1)).duplicate());
    }

    private List<UUID> ids() {
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            return cursor.toList().stream().map(event -> event.id()).toList();
        }
    }

    private void assertRepeatFound(int eventsBetween, Supplier<AppendResult> append) {
        AppendResult first = append.get();
        assertFalse(first.duplicate());
        fill(eventsBetween);
        assertRepeatOf(first, append.get());
        store.close();
        open();
        assertRepeatOf(first, append.get());
    }

    private void assertRepeatOf(AppendResult first, AppendResult again) {
        assertEquals(new AppendResult(first.firstPosition(), first.lastPosition(), first.version(), first.timeNs(), true), again);
    }

    private void assertReused(long number, long position, Supplier<AppendResult> append) {
        assertReused(Events.id(number), position, append);
    }

    private void assertReused(UUID id, long position, Supplier<AppendResult> append) {
        long end = store.endPosition();
        EventIdReusedException reused = assertThrows(EventIdReusedException.class, append::get);
        assertEquals(id, reused.id());
        assertEquals(position, reused.position());
        assertEquals(end, store.endPosition());
    }

    private void fill(int events) {
        for (int i = 0; i < events; i++) {
            NewEvent event = NewEvent.of("Filled", ("" + ++fillers).getBytes(StandardCharsets.UTF_8));
            store.append("filler-" + fillers % 3, Expected.any(), i % 2 == 0 ? event : event.withId(UUID.randomUUID()));
        }
    }

    @Test
    void aDerivedIdGivenBackMakesARepeat() {
        NewEvent event = Events.event("Opened", "same");
        AppendResult first = store.append("a", Expected.absent(), event);
        UUID derived = ids().get(0);
        assertRepeatOf(first, store.append("a", Expected.any(), event.withId(derived)));
        assertRepeatOf(first, store.append("a", Expected.absent(), event.withId(derived)));
        fill(WINDOW);
        assertRepeatOf(first, store.append("a", Expected.absent(), event.withId(derived)));
    }
}
