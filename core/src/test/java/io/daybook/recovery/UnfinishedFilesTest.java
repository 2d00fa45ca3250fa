package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.RecoveryReport;
import io.daybook.envelope.Address;
import io.daybook.journal.JournalFolder;
import io.daybook.machine.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that a kill in the middle of a roll, or a stop of the machine, leaves: set aside before Chronicle would wait for them. */
@Tag("recovery")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnfinishedFilesTest {

    private static final byte[] READY = {0x10, 0, 0, 0x40};
    private static final byte[] NOT_READY = {0x10, 0, 0, (byte) 0xC0};
    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    @TempDir
    private Path temp;
    private JournalFolder folder;
    private TornTail torn;

    @BeforeEach
    void make() throws IOException {
        folder = new JournalFolder(temp.resolve("files"));
        Files.createDirectories(folder.queue());
        torn = new TornTail(folder);
    }

    private void file(int cycle, byte[] start, int length) throws IOException {
        Files.write(folder.cycleFile(cycle), Arrays.copyOf(start, length));
    }

    private static String aside(int cycle, long offset) {
        return new JournalFolder(Path.of("x")).cycleFile(cycle).getFileName() + "-from-" + offset;
    }

    @Test
    void newestFilesWithoutAFirstHeaderAreSetAside() throws IOException {
        file(0, READY, 100);
        file(1, new byte[0], 0);
        file(2, READY, 100);
        file(3, NOT_READY, 100);
        file(4, new byte[4], 100);
        file(5, new byte[0], 3);
        file(6, new byte[0], 0);
        torn.setAsideUnfinishedFiles(false);
        assertArrayEquals(new int[] {0, 1, 2}, folder.cycles());
        assertEquals(List.of(aside(6, 0), aside(5, 0), aside(4, 0), aside(3, 0)), torn.setAside());
        for (String name : torn.setAside()) {
            assertTrue(Files.exists(folder.setAside().resolve(name)));
        }
    }

    @Test
    void nothingIsSetAsideWhereNothingIsUnfinished() throws IOException {
        torn.setAsideUnfinishedFiles(true);
        file(0, READY, 100);
        file(1, READY, 4);
        torn.setAsideUnfinishedFiles(true);
        assertArrayEquals(new int[] {0, 1}, folder.cycles());
        assertEquals(List.of(), torn.setAside());
        assertFalse(Files.exists(folder.setAside()));
    }

    @Test
    void aFileWithMoreThanAFirstPageHasLostItsHeader() throws IOException {
        file(0, READY, 100);
        file(1, new byte[4], 70_000);
        assertEquals(1, Files.write(temp.resolve("one"), new byte[] {1}).toFile().length());
        try (FileChannel channel = FileChannel.open(folder.cycleFile(1), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), (64 << 10) - 1);
        }
        JournalFolder other = new JournalFolder(temp.resolve("other"));
        Files.createDirectories(other.queue());
        Files.copy(folder.cycleFile(1), other.cycleFile(1));
        new TornTail(other).setAsideUnfinishedFiles(false);
        assertArrayEquals(new int[0], other.cycles(), "what stands in the first pages a roll may have left");
        try (FileChannel channel = FileChannel.open(folder.cycleFile(1), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1}), 64 << 10);
        }
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> torn.setAsideUnfinishedFiles(false));
        assertEquals(folder.cycleFile(1).toString(), e.file());
        assertArrayEquals(new int[] {0, 1}, folder.cycles());
        torn.setAsideUnfinishedFiles(true);
        assertArrayEquals(new int[] {0}, folder.cycles(), "but a stop of the machine may have left it");
    }

    @Test
    void aCutAfterAKillOnlyMarksTheEnd() throws IOException {
        byte[] bytes = new byte[5000];
        new Random(1).nextBytes(bytes);
        Files.write(folder.cycleFile(3), bytes);
        file(4, READY, 100);
        torn.cut(Address.of(3, 1000), false);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(1000, 0xC000_0000);
        assertArrayEquals(bytes, Files.readAllBytes(folder.cycleFile(3)));
        assertArrayEquals(new int[] {3}, folder.cycles());
        assertEquals(List.of(aside(4, 0)), torn.setAside());
    }

    /** A disk that fills up takes the first part of what is written, without an error. */
    @Test
    void nothingIsZeroedThatCouldNotBeCopied() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(temp, 8, "nothingIsZeroedThatCouldNotBeCopied")) {
            JournalFolder full = new JournalFolder(disk.folder().resolve("journal"));
            Files.createDirectories(full.queue());
            byte[] bytes = new byte[3 << 19];
            new Random(3).nextBytes(bytes);
            Files.write(full.cycleFile(0), bytes);
            disk.fillUpTo(5 << 18);
            TornTail torn = new TornTail(full);
            assertThrows(IOException.class, () -> torn.cut(Address.of(0, 4096), true));
            byte[] left = Files.readAllBytes(full.cycleFile(0));
            byte[] copy = Files.readAllBytes(full.setAside().resolve(torn.setAside().get(0)));
            for (int i = 4096; i < bytes.length; i++) {
                assertTrue(left[i] == bytes[i] || i - 4096 < copy.length && copy[i - 4096] == bytes[i], "offset=" + i);
            }
        }
    }

    @Test
    void aCutAfterAStopOfTheMachineKeepsACopyOfAllBehindIt() throws IOException {
        byte[] bytes = new byte[(3 << 20) + 777];
        new Random(2).nextBytes(bytes);
        Arrays.fill(bytes, 1 << 20, (2 << 20) + 5000, (byte) 0);
        Files.write(folder.cycleFile(3), bytes);
        Files.createDirectories(folder.setAside());
        Files.write(folder.setAside().resolve(aside(3, 1000)), new byte[] {1});
        Files.write(folder.setAside().resolve(aside(3, 1000) + ".1"), new byte[] {2});
        file(1, READY, 50);
        file(7, READY, 70);
        file(9, READY, 90);
        torn.cut(Address.of(3, 1000), true);
        assertArrayEquals(new int[] {1, 3}, folder.cycles());
        assertEquals(List.of(aside(7, 0), aside(9, 0), aside(3, 1000) + ".2"), torn.setAside());
        assertEquals(70, Files.size(folder.setAside().resolve(aside(7, 0))));
        assertArrayEquals(Arrays.copyOfRange(bytes, 1000, bytes.length),
                Files.readAllBytes(folder.setAside().resolve(aside(3, 1000) + ".2")));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(folder.setAside().resolve(aside(3, 1000))), "an older copy stays");
        byte[] left = new byte[bytes.length];
        System.arraycopy(bytes, 0, left, 0, 1000);
        ByteBuffer.wrap(left).order(ByteOrder.LITTLE_ENDIAN).putInt(1000, 0xC000_0000);
        assertArrayEquals(left, Files.readAllBytes(folder.cycleFile(3)));
    }

    @Test
    void aFileOfWhichNothingIsLeftIsMovedAway() throws IOException {
        file(3, new byte[4], 5000);
        file(4, READY, 100);
        torn.cut(Address.of(3, 0), true);
        assertArrayEquals(new int[0], folder.cycles());
        assertEquals(List.of(aside(4, 0), aside(3, 0)), torn.setAside());
        torn.cut(Address.of(2, 100), true);
        assertEquals(2, torn.setAside().size(), "a file that is not there needs no cut");
    }

    @Test
    void aRollThatFailedBeforeTheJournalWasClosedLeavesAnEmptyFile() throws IOException {
        Path journal = temp.resolve("journal");
        try (EventStore store = EventStore.open(journal)) {
            store.append("e", Expected.absent(), EVENT);
        }
        JournalFolder closed = new JournalFolder(journal);
        Files.createFile(closed.cycleFile(1));
        Files.createFile(closed.cycleFile(2));
        try (EventStore store = EventStore.open(journal)) {
            assertTrue(store.recovery().cleanlyClosed());
            assertNull(store.recovery().cut());
            assertEquals(0, store.version("e"));
            store.append("e", Expected.exactly(0), EVENT);
        }
        assertArrayEquals(new int[] {0}, closed.cycles());
    }

    @Test
    void theNewestCopiesStayAndNoMoreThanThirtyTwo() throws IOException {
        Files.createDirectories(folder.setAside());
        for (int i = 0; i < 40; i++) {
            Path copy = Files.createFile(folder.setAside().resolve("copy-" + i));
            assertTrue(copy.toFile().setLastModified(1_000_000L * (i + 1)));
        }
        torn.deleteOldCopies();
        assertEquals(40, folder.setAside().toFile().list().length, "nothing new came");
        file(1, new byte[0], 0);
        torn.setAsideUnfinishedFiles(true);
        assertTrue(folder.setAside().resolve(aside(1, 0)).toFile().setLastModified(1), "it is new whatever its time says");
        torn.deleteOldCopies();
        List<String> left = List.of(folder.setAside().toFile().list());
        assertEquals(33, left.size());
        assertTrue(left.contains(aside(1, 0)));
        assertTrue(left.contains("copy-39") && left.contains("copy-8") && !left.contains("copy-7"), left.toString());
    }

    /** What is copied is bounded, what is zeroed and told is not. */
    @Test
    void noMoreThan256MiBBehindTheCutAreCopied() throws IOException {
        long offset = 1 << 20;
        long copied = (256L << 20) + 5000;
        long notCopied = 258L << 20;
        try (RandomAccessFile file = new RandomAccessFile(folder.cycleFile(3).toFile(), "rw")) {
            file.setLength(300L << 20);
            for (long at : new long[] {offset + 10, copied, notCopied}) {
                file.seek(at);
                file.write(7);
            }
        }
        torn.cut(Address.of(3, offset), true);
        assertEquals(new RecoveryReport.Cut(folder.cycleFile(3).toString(), offset, notCopied + 1 - offset), torn.cut());
        try (RandomAccessFile copy = new RandomAccessFile(folder.setAside().resolve(aside(3, offset)).toFile(), "r")) {
            assertTrue(copy.length() <= 257L << 20, "bytes=" + copy.length());
            for (long at : new long[] {offset + 10, copied}) {
                copy.seek(at - offset);
                assertEquals(7, copy.read(), "at=" + at);
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(folder.cycleFile(3).toFile(), "r")) {
            for (long at : new long[] {offset + 10, copied, notCopied}) {
                file.seek(at);
                assertEquals(0, file.read(), "at=" + at);
            }
        }
    }

    @Test
    void theCutIsTold() throws IOException {
        byte[] bytes = new byte[5000];
        Arrays.fill(bytes, 100, 3000, (byte) 7);
        Files.write(folder.cycleFile(3), bytes);
        torn.cut(Address.of(3, 1000), true);
        assertEquals(new RecoveryReport.Cut(folder.cycleFile(3).toString(), 1000, 2000), torn.cut());
    }

    /** A hole where a file in the middle begins: that file and all behind it are lost, and none of their bytes are ever met again. */
    @Test
    void aFileInTheMiddleThatLostItsFirstPage() throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> {
            for (int i = 0; i < 30; i++) {
                store.append("e", Expected.exactly(i - 1), NewEvent.of("T", new byte[100_000]));
            }
        }).stopTheMachine();
        assertEquals(4, left.folder.cycles().length);
        left.zero(1, 0, 4096);
        long end;
        try (EventStore store = left.open()) {
            end = store.endPosition();
            assertTrue(end > 0 && end < 20, "end=" + end);
            assertEquals(3, store.recovery().setAside().size(), store.recovery().setAside().toString());
            for (int i = 0; i < 15; i++) {
                store.append("e", Expected.exactly(end + i - 1), NewEvent.of("T", new byte[100_000]));
            }
        }
        try (EventStore store = left.open()) {
            assertEquals(end + 15, store.endPosition());
            assertEquals(end + 14, store.version("e"));
            store.append("e", Expected.exactly(end + 14), EVENT);
        }
    }
}
