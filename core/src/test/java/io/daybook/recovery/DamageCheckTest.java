package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.envelope.Address;
import io.daybook.index.EntityIndex;
import io.daybook.index.IndexDisk;
import io.daybook.index.IndexSettings;
import io.daybook.journal.DocumentScanner.Step;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 8: the line between a journal that is damaged and one that was left unfinished, case by case. */
class DamageCheckTest {

    private static final UUID BOOT = new UUID(1, 2);
    private static final long TIME_NS = 1_000;
    private static final long END = Address.of(0, 5_000);

    @TempDir
    private Path temp;
    private JournalFolder folder;
    private DamageCheck check;

    @BeforeEach
    void make() throws IOException {
        folder = new JournalFolder(temp.resolve("files"));
        Files.createDirectories(folder.queue());
        Files.createFile(folder.cycleFile(0));
        check = new DamageCheck(folder, new Windows(folder));
    }

    private static Tail tail(long position, Step reason) {
        return new Tail(position, END, TIME_NS, 0, reason, 0);
    }

    private static HowItWasLeft closed(long position, long timeNs) {
        return new HowItWasLeft(new StateFile.Record(BOOT, true, position, END, timeNs), false, true, false, 0, 0);
    }

    private static HowItWasLeft killed(long seen) {
        return new HowItWasLeft(new StateFile.Record(BOOT, false, 0, 0, 0), false, false, false, 0, seen);
    }

    private static HowItWasLeft stopped() {
        return new HowItWasLeft(new StateFile.Record(BOOT, false, 0, 0, 0), false, false, true, 0, 0);
    }

    private void assertDamaged(Tail tail, HowItWasLeft left, long durable, String... says) {
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> check.requireNotDamaged(tail, left, durable));
        assertEquals(folder.cycleFile(0).toString(), e.file());
        assertEquals(5_000, e.offset());
        for (String part : says) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void whatWasClosedEndsWhereItWasClosed() {
        check.requireNotDamaged(tail(8, Step.END), closed(8, TIME_NS), 8);
        check.requireNotDamaged(tail(8, Step.CLOSED), closed(8, TIME_NS), 8);
        assertDamaged(tail(7, Step.END), closed(8, TIME_NS), 0, "position=7", "found=END", "closedAtPosition=8");
        assertDamaged(tail(9, Step.END), closed(8, TIME_NS), 0, "position=9", "closedAtPosition=8");
        assertDamaged(tail(8, Step.BROKEN), closed(8, TIME_NS), 0, "found=BROKEN", "closedAtPosition=8");
        assertDamaged(tail(8, Step.END), closed(8, TIME_NS + 1), 8, "timeNs=1000", "closedAtTimeNs=1001");
        check.requireNotDamaged(tail(0, Step.END), closed(0, TIME_NS + 1), 0);
    }

    @Test
    void aKillTakesNothingThatWasSeenOrForced() throws IOException {
        check.requireNotDamaged(tail(8, Step.END), killed(8), 8);
        check.requireNotDamaged(tail(9, Step.END), killed(8), 8);
        assertDamaged(tail(8, Step.END), killed(9), 0, "position=8", "visiblePosition=9");
        assertDamaged(tail(8, Step.END), killed(0), 9, "position=8", "durablePosition=9");
        assertDamaged(tail(8, Step.BROKEN), killed(8), 0, "found=BROKEN");
        Files.createFile(folder.cycleFile(1));
        assertDamaged(tail(8, Step.CLOSED), killed(8), 0, "found=CLOSED");
    }

    @Test
    void aStopOfTheMachineTakesWhatWasNotForced() throws IOException {
        check.requireNotDamaged(tail(8, Step.BROKEN), stopped(), 8);
        Files.createFile(folder.cycleFile(1));
        check.requireNotDamaged(tail(8, Step.END), stopped(), 8);
        assertDamaged(tail(8, Step.BROKEN), stopped(), 9, "durablePosition=9");
    }

    @Test
    void aFolderWithoutFilesIsAJournalWithoutEvents() throws IOException {
        Files.delete(folder.cycleFile(0));
        check.requireNotDamaged(new Tail(0, 0, Long.MIN_VALUE, 0, Step.END, 0), killed(0), 0);
    }

    private LeftJournal severalFiles() throws IOException {
        return LeftJournal.killedAfter(temp, store -> {
            for (int i = 0; i < 40; i++) {
                store.append("e", Expected.exactly(i - 1), NewEvent.of("T", new byte[100_000]));
            }
        });
    }

    private static EntityIndex replayed(LeftJournal left, Path own) throws IOException {
        UUID identity = JournalFile.read(left.folder, LeftJournal.SETTINGS).identity();
        ReentrantLock lock = new ReentrantLock();
        EntityIndex index = IndexDisk.open(new IndexSettings(own, identity, BOOT, IndexSettings.hash(1, 2), 0, 64, 1, 1, Thread::new), true,
                lock);
        new Replay(left.folder, new Windows(left.folder), index, lock).run(() -> { });
        return index;
    }

    @Test
    void aFileThatHeldACommitIsMissed() throws IOException {
        LeftJournal left = severalFiles();
        EntityIndex index = replayed(left, temp.resolve("own"));
        DamageCheck of = new DamageCheck(left.folder, new Windows(left.folder));
        int files = left.folder.cycles().length;
        assertTrue(files >= 4);
        of.requireEveryFile(index.positions());
        Files.delete(left.folder.cycleFile(files - 1));
        of.requireEveryFile(index.positions()); // the newest is missed where the journal ends, if it had to be there
        Files.delete(left.folder.cycleFile(0));
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> of.requireEveryFile(index.positions()));
        assertEquals(left.folder.cycleFile(0).toString(), e.file());
        assertTrue(e.getMessage().contains("position=0"), e.getMessage());
        index.abandon();
    }

    @Test
    void whatWasIndexedIsThereWithItsTime() throws IOException {
        LeftJournal left = severalFiles();
        long timeNs;
        try (EventStore store = EventStore.openReadOnly(left.folder.root(), LeftJournal.SETTINGS);
            var cursor = store.read("e")) {
            for (int i = 0; i <= 20; i++) {
                assertTrue(cursor.next());
            }
            timeNs = cursor.event().timeNs();
        }
        DamageCheck of = new DamageCheck(left.folder, new Windows(left.folder));
        of.requireIndexed(0, 5);
        of.requireIndexed(21, timeNs);
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> of.requireIndexed(21, timeNs + 1));
        assertTrue(e.getMessage().contains("indexedPosition=21"), e.getMessage());
        e = assertThrows(JournalDamagedException.class, () -> of.requireIndexed(41, timeNs));
        assertTrue(e.getMessage().contains("position=40 found=END indexedPosition=41"), e.getMessage());
    }
}
