package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import io.daybook.envelope.Address;
import io.daybook.index.IndexSettings;
import io.daybook.index.PublishedHeads;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarantee 8: a torn tail after a stop of the machine is cut, with a copy kept; what was forced and is missing is damage. */
@Tag("recovery")
class MachineStopTest {

    private static final int WRITE_POSITION = 0x40;
    private static final int EVENTS = 12;
    private static final int COMPARED = 100_000;

    @TempDir
    private Path temp;
    private int copies;

    static NewEvent event(int number) {
        return NewEvent.json("T", "{\"number\":" + number + "}");
    }

    static void append(EventStore store, int events) {
        for (int i = 0; i < events; i++) {
            store.append("e-" + i % 2, Expected.exactly(i / 2 - 1), event(i));
        }
    }

    static List<String> read(EventStore store) {
        List<String> events = new ArrayList<>();
        try (var cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                var event = cursor.event().copy();
                events.add(event.position() + " " + event.entity() + "@" + event.version() + " " + new String(event.payload()));
            }
        }
        return events;
    }

    static List<String> expected(int events) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            expected.add(i + " e-" + i % 2 + "@" + i / 2 + " {\"number\":" + i + "}");
        }
        return expected;
    }

    private LeftJournal copy(LeftJournal left) throws IOException {
        return left.copyTo(temp.resolve("copy-" + copies++));
    }

    /** Opens, finds this many events and a new epoch, appends the next, and finds all again after a clean close if asked for. */
    private List<String> assertCutTo(int events, LeftJournal left, boolean andReopen) {
        List<String> setAside;
        try (EventStore store = left.open()) {
            assertTrue(store.recovery().machineStopped() && store.recovery().newEpoch());
            setAside = store.recovery().setAside();
            assertEquals(2, store.id().epoch());
            assertEquals(expected(events), read(store));
            assertEquals(events, store.append("e-" + events % 2, Expected.exactly(events / 2 - 1), event(events)).firstPosition());
            assertEquals(expected(events + 1), read(store));
        }
        if (andReopen) {
            try (EventStore store = left.open()) {
                assertTrue(store.recovery().cleanlyClosed());
                assertEquals(expected(events + 1), read(store));
            }
        }
        return setAside;
    }

    /** How many of the commits are still as they were written. */
    private static int whole(LeftJournal left, List<Long> documents, byte[] remains) throws IOException {
        byte[] written = left.read(0, 0, remains.length);
        int whole = 0;
        while (whole < EVENTS && Arrays.equals(written, 0, (int) Address.offset(documents.get(whole + 1)), remains, 0,
                (int) Address.offset(documents.get(whole + 1)))) {
            whole++;
        }
        return whole;
    }

    private static Tail replay(JournalFolder folder) throws IOException {
        UUID any = new UUID(1, 1);
        IndexSettings settings = new IndexSettings(folder.index(), any, any, IndexSettings.hash(1, 2), 0, 64, 1, 1, Thread::new);
        ReentrantLock lock = new ReentrantLock();
        return new Replay(folder, new Windows(folder), PublishedHeads.open(settings, false, lock), lock).run(() -> { });
    }

    @Test
    void aJournalThatLostAllItsEventsBeginsANewEpoch() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, EVENTS)).stopTheMachine();
        Files.delete(left.folder.cycleFile(0));
        assertCutTo(0, left, true);
    }

    @Test
    void aKillBeforeTheFirstEventBeginsNone() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 0));
        try (EventStore store = left.open()) {
            assertEquals(1, store.id().epoch());
            assertFalse(store.recovery().cleanlyClosed() || store.recovery().newEpoch() || store.recovery().indexRebuilt());
            append(store, EVENTS);
        }
    }

    /** Then it may have been a kill, and what is read may be in memory only: it is forced before it is called so. */
    @Test
    void whereNobodyKnowsWhatStoppedNothingCountsAsForced() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> {
            for (int i = 0; i < 30; i++) {
                store.append("entity-1", Expected.any(), NewEvent.of("Happened", new byte[100_000])); // in several files
            }
        });
        try (RandomAccessFile file = new RandomAccessFile(left.folder.stateFile().toFile(), "rw")) {
            file.seek(112); // the record's sum
            file.writeInt(0);
        }
        try (EventStore store = left.open()) {
            assertTrue(store.recovery().machineStopped());
            assertEquals(30, store.endPosition(Durability.DISK));
            assertTrue(store.stats().forces() > 0, "it was forced");
        }
    }

    /** Everything from some byte of the last three commits on never reached the device: at every such byte. */
    @Test
    void aTailThatIsTornAnywhereIsFoundAndCutBehindTheLastWholeCommit() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, EVENTS));
        List<Long> documents = left.documents();
        int end = (int) Address.offset(documents.get(EVENTS));
        byte[] pristine = left.read(0, 0, end + 1000);
        for (int from = (int) Address.offset(documents.get(EVENTS - 3)); from < end; from++) {
            left.write(0, 0, pristine);
            left.zero(0, from, end);
            byte[] remains = left.read(0, 0, end);
            left.write(0, 0, pristine);
            int whole = whole(left, documents, remains);
            left.write(0, 0, remains);
            Tail tail = replay(left.folder);
            assertEquals(whole, tail.position(), "from=" + from);
            assertEquals(documents.get(whole), tail.address(), "from=" + from);
            int cut = (int) Address.offset(tail.address());
            TornTail torn = new TornTail(left.folder);
            torn.cut(tail.address(), true);
            byte[] after = left.read(0, 0, end + 1000);
            ByteBuffer.wrap(remains).order(ByteOrder.LITTLE_ENDIAN).putLong(WRITE_POSITION, cut); // Chronicle is told where the file ends
            assertArrayEquals(Arrays.copyOf(remains, cut), Arrays.copyOf(after, cut), "everything else before is as it was: from=" + from);
            assertEquals(0xC000_0000, ByteBuffer.wrap(after).order(ByteOrder.LITTLE_ENDIAN).getInt(cut), "from=" + from);
            assertArrayEquals(new byte[end + 996 - cut], Arrays.copyOfRange(after, cut + 4, end + 1000), "zeros behind: from=" + from);
            boolean anyBytes = !Arrays.equals(new byte[end - cut], Arrays.copyOfRange(remains, cut, end));
            assertEquals(anyBytes ? 1 : 0, torn.setAside().size(), "from=" + from);
            if (anyBytes) {
                Path copy = left.folder.setAside().resolve(torn.setAside().get(0));
                byte[] kept = Arrays.copyOf(Files.readAllBytes(copy), end - cut);
                assertArrayEquals(Arrays.copyOfRange(remains, cut, end), kept, "a copy is kept: from=" + from);
                Files.delete(copy);
            }
            assertEquals(new Tail(whole, tail.address(), tail.timeNs(), 0, DocumentScanner.Step.CLOSED, whole), replay(left.folder));
        }
    }

    /** The same through the store, at fewer places: right before and behind every header, and in the middle of what follows. */
    @Test
    void aTornTailIsCutAndTheStoreGoesOn() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, EVENTS)).stopTheMachine();
        List<Long> documents = left.documents();
        long end = Address.offset(documents.get(EVENTS));
        for (int commit = EVENTS - 3; commit < EVENTS; commit++) {
            for (int into : new int[] {0, 1, 4, 5, 40, 70, 85}) {
                LeftJournal torn = copy(left);
                torn.zero(0, Address.offset(documents.get(commit)) + into, end);
                List<String> setAside = assertCutTo(commit, torn, into == 40);
                assertEquals(into == 0 ? 0 : 1, setAside.size());
            }
        }
        assertEquals(List.of(), assertCutTo(EVENTS, left, true), "nothing was torn, and still it is another epoch");
    }

    @Test
    void everyStopOfTheMachineBeginsAnEpochAndAKillNone() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 2));
        for (int stops = 0; stops < 4; stops++) {
            LeftJournal next;
            try (EventStore store = left.open()) {
                assertEquals(stops > 0, store.recovery().newEpoch());
                assertEquals(stops > 0 ? stops + 1 : 1, store.id().epoch());
                store.append("f-" + stops, Expected.absent(), event(0));
                next = left.copyTo(temp.resolve("stop-" + stops));
            }
            left = next.stopTheMachine();
        }
        List<EpochFile.Epoch> epochs = EpochFile.read(left.folder);
        assertEquals(List.of(0L, 3L, 4L, 5L), epochs.stream().map(EpochFile.Epoch::startPosition).toList());
        assertEquals(List.of(1, 2, 3, 4), epochs.stream().map(EpochFile.Epoch::number).toList());
    }

    @Test
    void eventsOfTheNewEpochHaveOtherIdsThanTheLostOnes() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, EVENTS)).stopTheMachine();
        UUID lost = idOf(left, EVENTS - 1);
        List<Long> documents = left.documents();
        left.zero(0, Address.offset(documents.get(EVENTS - 1)), Address.offset(documents.get(EVENTS)));
        try (EventStore store = left.open()) {
            assertFalse(store.append("e-1", Expected.any(), event(0).withId(lost)).duplicate(), "nobody has this id any more");
            store.append("e-1", Expected.any(), event(1));
        }
        assertEquals(lost, idOf(left, EVENTS - 1));
        assertFalse(lost.equals(idOf(left, EVENTS)));
    }

    private static UUID idOf(LeftJournal left, long position) {
        try (EventStore store = EventStore.openReadOnly(left.folder.root(), LeftJournal.SETTINGS);
            var cursor = store.readAll(position == 0 ? StartFrom.beginning() : StartFrom.after(position - 1), Filter.all())) {
            assertTrue(cursor.next());
            return cursor.event().id();
        }
    }

    @Test
    void aBadCommitBeforeTheDurablePositionIsDamageEverywhere() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> {
            append(store, 9);
            store.append("forced", Expected.absent(), List.of(event(9)), Durability.DISK);
            store.append("later", Expected.absent(), event(10));
        }).stopTheMachine();
        List<Long> documents = left.documents();
        for (int commit = 0; commit < 10; commit++) {
            LeftJournal damaged = copy(left);
            long offset = Address.offset(documents.get(commit));
            byte[] pristine = damaged.read(0, 0, COMPARED);
            byte[] one = damaged.read(0, offset + 40, offset + 41);
            one[0] ^= 1;
            damaged.write(0, offset + 40, one);
            pristine[(int) offset + 40] ^= 1;
            JournalDamagedException e = assertThrows(JournalDamagedException.class, damaged::open, "commit=" + commit);
            assertEquals(damaged.folder.cycleFile(0).toString(), e.file());
            assertEquals(offset, e.offset());
            assertTrue(e.getMessage().contains("durablePosition=10"), e.getMessage());
            assertArrayEquals(pristine, damaged.read(0, 0, COMPARED), "nothing is changed");
            assertEquals(1, EpochFile.read(damaged.folder).size());
        }
        left.zero(0, Address.offset(documents.get(10)), Address.offset(documents.get(11)));
        try (EventStore store = left.open()) {
            assertEquals(10, store.endPosition());
        }
    }

    /** The durable position stands in the state file and in every commit that was written behind it: either is enough. */
    @Test
    void theDurablePositionIsKnownFromTheCommitsToo() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> {
            append(store, 6);
            store.awaitDurable(5, Durability.DISK, Duration.ofSeconds(10));
            store.append("later", Expected.absent(), event(6));
        });
        Files.delete(left.folder.stateFile());
        left.deleteIndex();
        List<Long> documents = left.documents();
        LeftJournal torn = copy(left);
        torn.zero(0, Address.offset(documents.get(6)), Address.offset(documents.get(7)));
        try (EventStore store = torn.open()) {
            assertEquals(6, store.endPosition());
            assertTrue(store.recovery().machineStopped(), "nobody knows whether it did");
        }
        Tail tail = replay(left.folder);
        assertEquals(6, tail.durablePosition());
        assertEquals(7, tail.position());
    }

    /** Chronicle's pages lie between the commits; the one that names them may be older than they are, or younger. */
    @Test
    void aFirstPageOfChroniclesIndexThatIsGoneIsNoDamage() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, EVENTS)).stopTheMachine();
        left.zero(0, 0x8000, 0x9000);
        assertCutTo(0, left, true);
        assertTrue(left.folder.cycles().length > 1);
    }

    /** What was overwritten in place reached the device, the longer length of the file did not. */
    @Test
    void aLengthThatIsGoneIsNoDamage() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 600)).stopTheMachine();
        List<Long> documents = left.documents();
        int whole = 0;
        try (RandomAccessFile file = new RandomAccessFile(left.folder.cycleFile(0).toFile(), "rw")) {
            file.setLength(Address.offset(documents.get(400)) & -4096);
            while (Address.offset(documents.get(whole + 1)) <= file.length()) {
                whole++;
            }
        }
        assertCutTo(whole, left, true);
    }
}
