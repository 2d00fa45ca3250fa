package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.TestClock;
import io.daybook.envelope.Address;
import io.daybook.index.EntityIndex;
import io.daybook.index.Head;
import io.daybook.index.IndexDamagedException;
import io.daybook.index.IndexDisk;
import io.daybook.index.IndexSettings;
import io.daybook.journal.DocumentScanner.Step;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replay that recovery, and a reading process, brings its index up with. */
@Tag("recovery")
class ReplayTest {

    private static final int LARGE = 12_000;
    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    @TempDir
    private Path temp;
    private final ReentrantLock lock = new ReentrantLock();

    private static void append(EventStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.append("e-" + i % 5, Expected.any(), EVENT);
        }
    }

    private EntityIndex index(LeftJournal left, Path folder) throws IOException {
        UUID identity = JournalFile.read(left.folder, LeftJournal.SETTINGS).identity();
        return IndexDisk.open(new IndexSettings(folder, identity, new UUID(1, 1), IndexSettings.hash(1, 2), 0, 64, 1, 1, Thread::new), true,
                lock);
    }

    private Tail run(LeftJournal left, EntityIndex index) {
        return new Replay(left.folder, new Windows(left.folder), index, lock).run(() -> assertFalse(lock.isHeldByCurrentThread()));
    }

    @Test
    void goesOnWhereTheIndexStands() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 0, 2500));
        EntityIndex index = index(left, temp.resolve("own"));
        Tail tail = run(left, index);
        assertEquals(2500, tail.position());
        assertEquals(2500, tail.replayed());
        assertEquals(left.documents().get(2500), tail.address());
        assertEquals(Step.END, tail.reason());
        assertTrue(tail.isPlain());
        assertEquals(index.endTimeNs(), tail.timeNs());
        index.close();
        EntityIndex again = index(left, temp.resolve("own"));
        assertEquals(2500, again.replayPosition());
        Tail nothing = run(left, again);
        assertEquals(new Tail(2500, tail.address(), tail.timeNs(), 0, Step.END, 0), nothing);
        again.abandon();
    }

    /** The table of positions leads to its first entry then. Commits of one time are in order, too. */
    @Test
    void goesOnAmongTheFirstEventsWhileTheClockStands() throws IOException {
        StoreSettings settings = StoreSettings.create().cycleBytes(1 << 20).indexCapacity(64).clock(new TestClock());
        LeftJournal left = LeftJournal.killedAfter(temp, settings, store -> append(store, 0, 500));
        EntityIndex index = index(left, temp.resolve("own"));
        int[] locks = new int[1];
        Tail tail = new Replay(left.folder, new Windows(left.folder), index, lock).run(() -> locks[0]++);
        assertEquals(500, tail.position());
        assertTrue(tail.isPlain());
        assertEquals(2, locks[0], "who waits for the lock gets it after each 256 commits");
        index.close();
        EntityIndex again = index(left, temp.resolve("own"));
        assertEquals(new Tail(500, tail.address(), tail.timeNs(), 0, Step.END, 0), run(left, again));
        again.abandon();
    }

    /** Commits of several events, more than are fetched, or brought up under one lock, at once. */
    private LeftJournal large() throws IOException {
        return LeftJournal.killedAfter(temp, store -> {
            for (int i = 0; i < LARGE / 3; i++) {
                store.commit(Commit.create().append("e-" + i % 7, EVENT).append("f-" + i % 11, EVENT).append("e-" + i % 7, EVENT));
            }
        });
    }

    private static void requireComplete(EntityIndex index) {
        long events = 0;
        for (int i = 0; i < 18; i++) {
            byte[] name = (i < 7 ? "e-" + i : "f-" + (i - 7)).getBytes(StandardCharsets.UTF_8);
            long[] head = new long[Head.WORDS];
            index.prepare(name, 0, name.length, head, 0);
            index.find(head, 0);
            events += Head.version(head, 0) + 1;
        }
        assertEquals(LARGE, events);
        assertEquals(18, index.entities());
    }

    @Test
    void whatIsBrokenEndsItAfterManyCommits() throws IOException {
        LeftJournal left = large();
        long document = left.documents().get(LARGE / 4);
        byte[] one = left.read(Address.cycle(document), Address.offset(document) + 40, Address.offset(document) + 41);
        one[0] ^= 1;
        left.write(Address.cycle(document), Address.offset(document) + 40, one);
        EntityIndex index = index(left, temp.resolve("own"));
        Tail tail = run(left, index);
        assertEquals(LARGE / 4 * 3, tail.position());
        assertEquals(document, tail.address());
        assertEquals(Step.BROKEN, tail.reason());
        index.abandon();
    }

    @Test
    void whereItFailedTheNextRunGoesOn() throws IOException {
        LeftJournal left = large();
        EntityIndex index = index(left, temp.resolve("own"));
        Replay replay = new Replay(left.folder, new Windows(left.folder), index, lock);
        for (int failing = 2; failing < 5; failing++) {
            int last = failing;
            int[] locks = new int[1];
            assertThrows(IllegalStateException.class, () -> replay.run(() -> {
                if (++locks[0] == last) {
                    throw new IllegalStateException("no flush");
                }
            }));
            assertTrue(replay.position() < LARGE, "too few events for this test");
        }
        Tail tail = replay.run(() -> { });
        assertEquals(LARGE, tail.position());
        assertEquals(LARGE, replay.position());
        requireComplete(index);
        index.abandon();
    }

    @Test
    void mayBeRunAgainWhenThereIsMore() throws IOException {
        try (EventStore store = EventStore.open(temp.resolve("live"), LeftJournal.SETTINGS);
            ReadingJournal reading = ReadingJournal.open(new JournalFolder(temp.resolve("live")), LeftJournal.SETTINGS,
                    null)) {
            for (int round = 0; round < 5; round++) {
                assertEquals(round * 300, reading.catchUp());
                assertEquals(round * 300, reading.index().endTimeNs() == Long.MIN_VALUE ? 0 : store.endPosition());
                append(store, round * 300, (round + 1) * 300);
            }
            assertEquals(1500, reading.catchUp());
            assertEquals(299, reading.reads().version("e-4"));
        }
    }

    @Test
    void anIndexThatStandsInTheMiddleOfNowhereDoesNotFit() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 0, 2500));
        EntityIndex index = index(left, temp.resolve("own"));
        run(left, index);
        index.close();
        List<Long> documents = left.documents();
        LeftJournal shorter = left.copyTo(temp.resolve("shorter"));
        shorter.zero(Address.cycle(documents.get(2400)), Address.offset(documents.get(2400)), 1 << 20);
        EntityIndex beyond = index(shorter, temp.resolve("own"));
        assertThrows(IndexDamagedException.class, () -> run(shorter, beyond), "the index holds what the journal has lost");
        beyond.abandon();
        LeftJournal damaged = left.copyTo(temp.resolve("damaged"));
        byte[] one = damaged.read(0, Address.offset(documents.get(2100)) + 40, Address.offset(documents.get(2100)) + 41);
        one[0] ^= 1;
        damaged.write(0, Address.offset(documents.get(2100)) + 40, one);
        EntityIndex behind = index(damaged, temp.resolve("own"));
        assertThrows(IndexDamagedException.class, () -> run(damaged, behind), "what is looked at must be whole");
        behind.abandon();
    }

    @Test
    void anIndexOfAnotherJournalThatHasTheSameIdentityDoesNotFit() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 0, 1500));
        EntityIndex index = index(left, temp.resolve("own"));
        run(left, index);
        index.close();
        LeftJournal fork = left.copyTo(temp.resolve("fork"));
        List<Long> documents = fork.documents();
        fork.zero(0, Address.offset(documents.get(1000)), Address.offset(documents.get(1500)));
        fork.deleteIndex();
        Files.delete(fork.folder.stateFile());
        try (EventStore store = fork.open()) {
            for (int i = 0; i < 600; i++) {
                store.append("longer-name-" + i % 5, Expected.any(), EVENT, EVENT);
            }
        }
        EntityIndex stale = index(fork, temp.resolve("own"));
        assertThrows(IndexDamagedException.class, () -> run(fork, stale));
        stale.abandon();
    }
}
