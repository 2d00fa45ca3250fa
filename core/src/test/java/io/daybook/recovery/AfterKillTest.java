package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Appender;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed owner leaves, taken as a copy of the folder of a live one, and what the next owner does with it. */
@Tag("recovery")
class AfterKillTest {

    private static final StoreSettings SMALL = StoreSettings.create().cycleBytes(1 << 20);

    @TempDir
    Path temp;

    private Path killedAfter(int events, int payloadBytes) throws Exception {
        Path live = temp.resolve("live");
        Path killed = temp.resolve("killed");
        try (EventStore store = EventStore.open(live, SMALL)) {
            for (int i = 0; i < events; i++) {
                store.append("a-1", Expected.exactly(i - 1), NewEvent.of("Happened", new byte[payloadBytes]));
            }
            assertEquals(0, new ProcessBuilder("cp", "-r", "--sparse=always", live.toString(), killed.toString()).start().waitFor());
        }
        return killed;
    }

    private static long events(EventStore store) {
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            long count = 0;
            while (cursor.next()) {
                count++;
            }
            return count;
        }
    }

    /** The index had events that the journal has no more: no machine stopped, so a file was lost. */
    @Test
    void aLostNewestFileIsNoticedAlthoughNothingWasForced() throws IOException {
        StoreSettings flushing = LeftJournal.SETTINGS.flushEvents(1);
        LeftJournal left = LeftJournal.killedAfter(temp, flushing, store -> {
            for (int i = 0; i < 25; i++) {
                store.append("account-" + i, Expected.absent(), NewEvent.of("T", new byte[100_000]));
            }
            while (store.stats().indexWatermark() < 25) {
                Thread.onSpinWait();
            }
        });
        int[] cycles = left.folder.cycles();
        Files.delete(left.folder.cycleFile(cycles[cycles.length - 1]));
        for (int i = 0; i < 2; i++) {
            JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> left.open().close());
            assertTrue(e.getMessage().contains("indexedPosition=25"), e.getMessage());
        }
    }

    @Test
    void anOwnerKilledBeforeItsFirstEventWasNotClosed() throws Exception {
        Path folder = killedAfter(0, 0);
        for (int round = 0; round < 2; round++) {
            try (EventStore store = EventStore.open(folder, SMALL)) {
                assertEquals(round > 0, store.recovery().cleanlyClosed());
                assertFalse(store.recovery().machineStopped());
            }
        }
    }

    @Test
    void openedAndClosedWithoutAnAppendItTakesAppendsForEver() throws Exception {
        Path folder = killedAfter(3, 10);
        for (int round = 0; round < 3; round++) {
            try (EventStore store = EventStore.open(folder, SMALL)) {
                assertEquals(round > 0, store.recovery().cleanlyClosed());
                assertFalse(store.recovery().newEpoch());
                assertEquals(3, events(store));
            }
        }
        for (int round = 0; round < 3; round++) {
            try (EventStore store = EventStore.open(folder, SMALL)) {
                assertEquals(3 + round, store.append("a-1", Expected.exactly(2 + round), NewEvent.json("Went on", "")).firstPosition());
                assertEquals(4 + round, events(store));
            }
        }
    }

    @Test
    void aHoleWithLaterFilesBehindItIsDamage() throws Exception {
        Path folder = killedAfter(30, 100_000);
        JournalFolder files = new JournalFolder(folder);
        int before = files.cycles().length;
        assertTrue(before > 2);
        zero(files.cycleFile(0), firstDocument(files), Integer.BYTES);
        JournalDamagedException damage = assertThrows(JournalDamagedException.class, () -> EventStore.open(folder, SMALL));
        assertEquals(files.cycleFile(0).toString(), damage.file());
        assertEquals(before, files.cycles().length);
    }

    @Test
    void aNewestFileThatLostItsHeaderButHasCommitsIsDamage() throws Exception {
        Path folder = killedAfter(30, 100_000);
        JournalFolder files = new JournalFolder(folder);
        int[] cycles = files.cycles();
        zero(files.cycleFile(cycles[cycles.length - 1]), 0, Integer.BYTES);
        assertThrows(JournalDamagedException.class, () -> EventStore.open(folder, SMALL));
        assertEquals(cycles.length, files.cycles().length);
    }

    @Test
    void aNextFileThatWasJustBegunIsSetAside() throws Exception {
        Path folder = killedAfter(3, 10);
        JournalFolder files = new JournalFolder(folder);
        Files.createFile(files.cycleFile(1));
        try (EventStore store = EventStore.open(folder, SMALL)) {
            assertEquals(1, store.recovery().setAside().size());
            assertEquals(3, store.append("a-1", Expected.exactly(2), NewEvent.json("Went on", "")).firstPosition());
            assertEquals(4, events(store));
        }
    }

    @Test
    void bytesOfAHalfWrittenDocumentAreNeverTakenForHeaders() throws Exception {
        Path folder = killedAfter(3, 10);
        JournalFolder files = new JournalFolder(folder);
        long end;
        try (ReadingJournal reading = ReadingJournal.open(files, StoreSettings.create(), null)) {
            end = Address.offset(reading.index().endAddress());
        }
        try (FileChannel channel = FileChannel.open(files.cycleFile(0), StandardOpenOption.WRITE)) {
            byte[] garbage = new byte[5000];
            Arrays.fill(garbage, (byte) 0x11);
            channel.write(ByteBuffer.wrap(garbage), end + Integer.BYTES);
        }
        for (int i = 3; i < 40; i++) {
            try (EventStore store = EventStore.open(folder, SMALL)) {
                assertEquals(i, store.append("a-1", Expected.exactly(i - 1), NewEvent.json("Went on", "" + i)).firstPosition());
                assertEquals(i + 1, events(store));
            }
        }
    }

    @Test
    void aClaimThatIsWrappedAroundOtherBytesDoesNoHarm() {
        Path folder = temp.resolve("claims");
        try (EventStore store = EventStore.open(folder, SMALL)) {
            Appender appender = store.appender();
            ((UnsafeBuffer) appender.claim("account-42", -1, "T", 8)).wrap(new byte[75]);
            appender.append();
            appender.claim("account-42", 0, "T", 8).putLong(0, 7);
            appender.append();
            assertEquals(2, events(store));
        }
        try (EventStore store = EventStore.open(folder, SMALL)) {
            assertEquals(2, events(store));
        }
    }

    private static long firstDocument(JournalFolder files) {
        try (ReadingJournal reading = ReadingJournal.open(files, StoreSettings.create(), null)) {
            return Address.offset(reading.index().positions().address(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void zero(Path file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(length), offset);
        }
    }
}
