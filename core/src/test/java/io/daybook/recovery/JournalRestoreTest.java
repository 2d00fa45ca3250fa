package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalId;
import io.daybook.JournalInUseException;
import io.daybook.JournalRestore;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is put together from another one's events is that journal, event for event, whatever cut the work short. */
@Tag("recovery")
class JournalRestoreTest extends JournalTest {

    /** A commit as something else kept it. */
    private record Kept(List<RecordedEvent> events, int epoch) {
    }

    private static final UUID KNOWN = new UUID(1, 2);

    @TempDir
    private static Path shared;
    private static Path first;
    private static JournalId source;
    private static List<Kept> kept;
    private Path target;

    @BeforeAll
    static void fillSource() throws IOException {
        first = shared.resolve("first");
        Random random = new Random(11);
        for (int life = 0; life < 3; life++) {
            try (EventStore store = EventStore.open(first, small().idWindowEvents(1))) {
                fill(store, life, random);
                source = store.id();
                kept = read(store);
            }
            Files.delete(first.resolve("state.dbk")); // nobody knows whether the machine stopped: the next life is another epoch
        }
        assertEquals(3, source.epoch());
    }

    @BeforeEach
    void chooseTarget() {
        target = temp.resolve("restored");
    }

    private static void fill(EventStore store, int life, Random random) {
        for (int i = 0; i < 60; i++) {
            Commit commit = Commit.create();
            for (int j = random.nextInt(4); j >= 0; j--) {
                UUID id = random.nextBoolean() ? null : new UUID(random.nextLong(), random.nextLong());
                commit.append("e-" + random.nextInt(9), new NewEvent(id, "Type" + j, j, bytes(j, i), bytes(random.nextInt(i % 9 == 0
                        ? 60_000 : 200), i)));
            }
            store.commit(commit);
        }
        // Outside the small window: whether this is a repeat was decided here, and not so.
        store.append("again", Expected.any(), new NewEvent(KNOWN, "Again", life, new byte[0], new byte[0]));
    }

    private static List<Kept> read(EventStore store) {
        List<Kept> commits = new ArrayList<>();
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                if (cursor.event().commitPosition() == cursor.position()) {
                    commits.add(new Kept(new ArrayList<>(), cursor.event().epoch()));
                }
                commits.get(commits.size() - 1).events.add(cursor.event().copy());
            }
        }
        return commits;
    }

    private void restore(JournalRestore restore, int commits) {
        for (Kept commit : kept) {
            if (commit.events.get(0).position() >= restore.endPosition() && commits-- > 0) {
                restore.append(commit.events, commit.epoch);
            }
        }
    }

    private JournalRestore open() {
        return open(small());
    }

    private JournalRestore open(StoreSettings settings) {
        return JournalRestore.open(target, source.identity(), settings);
    }

    private void completeAndCompare() throws IOException {
        long end;
        try (JournalRestore restore = open()) {
            restore(restore, Integer.MAX_VALUE);
            end = restore.endPosition();
            assertEquals(new JournalId(source.identity(), 4), restore.complete(4));
        }
        assertEquals(List.of(), Verifier.verify(target, bytes -> { }).problems());
        assertFalse(Files.exists(target.resolve("restore.dbk")));
        List<EpochFile.Epoch> epochs = EpochFile.read(new JournalFolder(target));
        assertEquals(starts(EpochFile.read(new JournalFolder(first))) + " 4@" + end, starts(epochs));
        try (EventStore store = EventStore.open(target, small())) {
            assertTrue(store.recovery().cleanlyClosed(), store.recovery().toString());
            assertEquals(new JournalId(source.identity(), 4), store.id());
            assertSame(kept, read(store));
            for (Kept commit : kept) {
                RecordedEvent last = commit.events.get(commit.events.size() - 1);
                assertTrue(store.version(last.entity()) >= last.version());
            }
            store.append("e-1", Expected.present(), NewEvent.json("After", "{}"));
            List<Kept> after = read(store);
            assertEquals(4, after.get(after.size() - 1).epoch);
            assertEquals(end, after.get(after.size() - 1).events.get(0).position());
        }
    }

    private static String starts(List<EpochFile.Epoch> epochs) {
        return String.join(" ", epochs.stream().map(epoch -> epoch.number() + "@" + epoch.startPosition()).toList());
    }

    private static void assertSame(List<Kept> expected, List<Kept> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).epoch, found.get(i).epoch);
            assertEquals(expected.get(i).events.size(), found.get(i).events.size());
            for (int j = 0; j < expected.get(i).events.size(); j++) {
                assertSame(expected.get(i).events.get(j), found.get(i).events.get(j));
            }
        }
    }

    private static void assertSame(RecordedEvent expected, RecordedEvent found) {
        assertArrayEquals(expected.metadata(), found.metadata());
        assertArrayEquals(expected.payload(), found.payload());
        assertEquals(with(expected, expected.position(), expected.version(), expected.timeNs(), null),
                with(found, found.position(), found.version(), found.timeNs(), null));
    }

    private static RecordedEvent with(RecordedEvent e, long position, long version, long timeNs, byte[] bytes) {
        return new RecordedEvent(position, e.entity(), version, e.type(), e.id(), timeNs, e.schemaVersion(), bytes, bytes,
                e.commitPosition(), e.commitSize());
    }

    @Test
    void itIsTheFirstOneEventForEvent() throws Exception {
        completeAndCompare();
    }

    @Test
    void itGoesOnAfterItWasClosed() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (JournalRestore restore = open()) {
                restore(restore, i);
            }
        }
        completeAndCompare();
    }

    @Test
    void itGoesOnAfterAKillAndAStopOfTheMachine() throws Exception {
        for (int i = 0; i < 4; i++) {
            Path live = target;
            long end;
            // Nothing is flushed meanwhile: the files are copied one after the other, and a kill leaves all as they are at once.
            try (JournalRestore restore = open(small().flushEvents(1 << 20))) {
                restore(restore, 40);
                end = restore.endPosition();
                target = temp.resolve("left-" + i);
                LeftJournal.copy(live, target);
            }
            if (i % 2 == 1) {
                Files.delete(target.resolve("state.dbk"));
            }
            try (JournalRestore restore = open()) {
                assertEquals(end, restore.endPosition());
            }
        }
        completeAndCompare();
    }

    @Test
    void itGoesOnWhereTheEndWasCutShort() throws Exception {
        long end;
        try (JournalRestore restore = open()) {
            restore(restore, Integer.MAX_VALUE);
            end = restore.endPosition();
        }
        List<EpochFile.Epoch> epochs = EpochFile.read(new JournalFolder(target));
        EpochFile.write(new JournalFolder(target), EpochFile.with(epochs, new EpochFile.Epoch(4, end, 1)));
        completeAndCompare();
    }

    @Test
    void beforeItsEndItIsNoJournalToAnybodyElse() throws Exception {
        try (JournalRestore restore = open()) {
            restore(restore, 10);
            assertThrows(JournalInUseException.class, this::open);
        }
        for (Runnable other : List.<Runnable>of(() -> EventStore.open(target), () -> EventStore.openReadOnly(target, small()))) {
            String message = assertThrows(UnsupportedFormatException.class, other::run).getMessage();
            assertTrue(message.contains("not restored to its end") && message.contains("folder=" + target), message);
        }
        assertThrows(UnsupportedFormatException.class, () -> Verifier.verify(target, bytes -> { }));
        completeAndCompare();
    }

    @Test
    void foldersWithSomethingElseAreRefused() throws Exception {
        assertRefused(first, source.identity(), "The folder holds a journal");
        try (JournalRestore restore = open()) {
            assertEquals(0, restore.endPosition());
        }
        assertRefused(target, new UUID(3, 4), "identity=" + source.identity() + " asked=" + new UUID(3, 4));
        Path foreign = Files.createDirectories(temp.resolve("foreign"));
        Files.writeString(foreign.resolve("notes.txt"), "");
        assertRefused(foreign, source.identity(), "file=notes.txt");
    }

    private static void assertRefused(Path folder, UUID identity, String expected) {
        String message = assertThrows(UnsupportedFormatException.class, () -> JournalRestore.open(folder, identity, small())).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void whatDoesNotFollowIsRefusedAndWritesNothing() throws Exception {
        try (JournalRestore restore = open()) {
            restore(restore, 5);
            Kept next = kept.get(5);
            RecordedEvent event = next.events.get(0);
            assertRefused(restore, "position=0", kept.get(0).events, 1);
            assertRefused(restore, "expected=" + restore.endPosition(), kept.get(6).events, 1);
            assertRefused(restore, "events=" + (next.events.size() + 1), twice(next.events), 1);
            assertRefused(restore, "A commit needs an event", List.of(), 1);
            assertRefused(restore, "epoch=0 before=1", next.events, 0);
            assertRefused(restore, "timeNs=5", changed(next, event.version(), 5), 1);
            assertRefused(restore, "Versions are not dense", changed(next, 77, event.timeNs()), 1);
            restore.append(next.events, 1);
            assertThrows(IllegalArgumentException.class, () -> restore.complete(1));
        }
        completeAndCompare();
    }

    @Test
    void aRefusedCommitDoesNotBeginItsEpoch() throws Exception {
        try (JournalRestore restore = open()) {
            assertRefused(restore, "Versions are not dense", changed(kept.get(0), 7, kept.get(0).events.get(0).timeNs()), 2);
            restore(restore, 5);
            Kept next = kept.get(5);
            assertRefused(restore, "Versions are not dense", changed(next, 77, next.events.get(0).timeNs()), 3);
        }
        completeAndCompare();
    }

    /** Two that were begun for the same folder: the second one has looked at it before the first one's end, and owns it afterwards. */
    @Test
    void aRestoreThatAnotherOneHasCompletedMakesNothing() throws Exception {
        completeAndCompare();
        List<EpochFile.Epoch> epochs = EpochFile.read(new JournalFolder(target));
        assertThrows(UnsupportedFormatException.class, () -> JournalCreation.readOrCreate(new JournalFolder(target, true), small()));
        assertEquals(epochs, EpochFile.read(new JournalFolder(target)));
        assertFalse(Files.exists(target.resolve("restore.dbk")));
    }

    private static List<RecordedEvent> twice(List<RecordedEvent> events) {
        List<RecordedEvent> twice = new ArrayList<>(events);
        twice.add(events.get(0));
        return twice;
    }

    private static List<RecordedEvent> changed(Kept commit, long version, long timeNs) {
        List<RecordedEvent> changed = new ArrayList<>();
        for (RecordedEvent event : commit.events) {
            changed.add(with(event, event.position(), changed.isEmpty() ? version : event.version(), timeNs, new byte[0]));
        }
        return changed;
    }

    private static void assertRefused(JournalRestore restore, String expected, List<RecordedEvent> commit, int epoch) {
        long end = restore.endPosition();
        String message = assertThrows(IllegalArgumentException.class, () -> restore.append(commit, epoch)).getMessage();
        assertTrue(message.contains(expected), message);
        assertEquals(end, restore.endPosition());
    }
}
