package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionTableTest {

    private static final int ENTRY_BYTES = 32;

    @TempDir
    private Path folder;

    /** Entries every 1,024 positions, 10 ns apart. */
    private static PositionTable table(int entries) {
        PositionTable table = new PositionTable();
        for (int i = 0; i < entries; i++) {
            table.add(1024L * i, 10L * i, Address.of(0, 256 + 100L * i));
        }
        assertEquals(entries, table.entries());
        return table;
    }

    private static void assertSame(PositionTable expected, PositionTable found) {
        assertEquals(expected.entries(), found.entries());
        for (int i = 0; i < expected.entries(); i++) {
            assertEquals(expected.position(i), found.position(i));
            assertEquals(expected.address(i), found.address(i));
            assertEquals(expected.findBeforeTime(10L * i), found.findBeforeTime(10L * i));
        }
    }

    @Test
    void takesTheFirstCommitOfEach1024PositionsAndOfEachFile() {
        PositionTable table = new PositionTable();
        table.add(0, 5, Address.of(0, 256));
        table.add(1, 5, Address.of(0, 300));
        table.add(1023, 5, Address.of(0, 400));
        assertEquals(1, table.entries());
        table.add(1024, 6, Address.of(0, 500));
        assertEquals(2, table.entries());
        table.add(2047, 7, Address.of(0, 600));
        assertEquals(2, table.entries());
        table.add(2050, 8, Address.of(0, 700));
        table.add(2051, 9, Address.of(1, 256));
        assertEquals(4, table.entries());
        table.add(2052, 9, Address.of(1, 300));
        assertEquals(4, table.entries());
        assertEquals(2051, table.position(3));
        assertEquals(Address.of(1, 256), table.address(3));
    }

    @Test
    void passesOverWhatItHasAlready() {
        PositionTable table = table(3);
        table.add(2048, 99, Address.of(7, 256));
        table.add(1024, 99, Address.of(7, 256));
        table.add(0, 99, Address.of(7, 256));
        assertSame(table(3), table);
    }

    @Test
    void findsTheLastEntryAtOrBeforeAPosition() {
        assertEquals(-1, new PositionTable().findPosition(0));
        PositionTable table = table(5000);
        for (int i = 0; i < 5000; i++) {
            assertEquals(i, table.findPosition(1024L * i));
            assertEquals(i, table.findPosition(1024L * i + 1023));
            assertEquals(i, table.entriesBefore(1024L * i));
            assertEquals(i + 1, table.entriesBefore(1024L * i + 1));
        }
        assertEquals(-1, table.findPosition(-1));
        assertEquals(4999, table.findPosition(Long.MAX_VALUE));
    }

    @Test
    void findsTheLastEntryBeforeATime() {
        PositionTable table = table(100);
        assertEquals(-1, table.findBeforeTime(Long.MIN_VALUE));
        assertEquals(-1, table.findBeforeTime(0));
        assertEquals(0, table.findBeforeTime(1));
        assertEquals(0, table.findBeforeTime(10));
        assertEquals(1, table.findBeforeTime(11));
        assertEquals(99, table.findBeforeTime(Long.MAX_VALUE));
        PositionTable sameTimes = new PositionTable();
        for (int i = 0; i < 10; i++) {
            sameTimes.add(1024L * i, 7, Address.of(0, 256 + i));
        }
        assertEquals(-1, sameTimes.findBeforeTime(7));
        assertEquals(9, sameTimes.findBeforeTime(8));
    }

    @Test
    void comesBackFromItsFileThoughSavedBitByBit() throws IOException {
        PositionTable table = table(9000);
        Path file = folder.resolve("positions.dbk");
        long saved = 0;
        for (long entries : new long[] {0, 1, 2, 4095, 4096, 4097, 8192, 9000}) {
            table.save(file, saved, entries, entries == 9000);
            saved = entries;
            assertEquals(entries * ENTRY_BYTES, Files.size(file));
            PositionTable loaded = new PositionTable();
            assertTrue(loaded.load(file, entries));
            assertEquals(entries, loaded.entries());
        }
        PositionTable loaded = new PositionTable();
        assertTrue(loaded.load(file, 9000));
        assertSame(table, loaded);
        PositionTable fewer = new PositionTable();
        assertTrue(fewer.load(file, 5000));
        assertSame(table(5000), fewer);
        fewer.add(5000L * 1024, 50_000, Address.of(0, 256 + 100L * 5000));
        assertSame(table(5001), fewer);
    }

    @Test
    void anEntryIsWhatIsDrawn() throws IOException {
        Path file = folder.resolve("positions.dbk");
        table(3).save(file, 0, 3, false);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 2 * ENTRY_BYTES, 24);
        assertEquals(2048, bytes.getLong(64));
        assertEquals(20, bytes.getLong(72));
        assertEquals(Address.of(0, 456), bytes.getLong(80));
        assertEquals((int) crc.getValue(), bytes.getInt(88));
        assertEquals(0, bytes.getInt(92));
    }

    @Test
    void aDamagedFileIsNotLoaded() throws IOException {
        Path file = folder.resolve("positions.dbk");
        assertFalse(new PositionTable().load(file, 1), "missing");
        assertFalse(new PositionTable().load(file, 0), "missing");
        table(6000).save(file, 0, 6000, false);
        byte[] good = Files.readAllBytes(file);
        assertFalse(new PositionTable().load(file, 6001), "too short");
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertFalse(new PositionTable().load(file, 6000), "truncated");
        assertTrue(new PositionTable().load(file, 5999));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            byte[] damaged = good.clone();
            int at = random.nextInt(6000) * ENTRY_BYTES + random.nextInt(28);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertFalse(new PositionTable().load(file, 6000), "seed=" + seed + " byte=" + at);
        }
    }

    @Test
    void aLargeTableIsLoadedByAThreadOfTheHost() throws IOException {
        Path file = folder.resolve("positions.dbk");
        table(4097).save(file, 0, 4097, false);
        List<Thread> made = new CopyOnWriteArrayList<>();
        ThreadFactory threads = work -> {
            made.add(new Thread(work));
            return made.get(made.size() - 1);
        };
        assertSame(table(4096), PositionTable.loading(file, 4096, threads).join());
        assertEquals(0, made.size(), "a small one by the caller");
        assertSame(table(4097), PositionTable.loading(file, 4097, threads).join());
        assertEquals(1, made.size());
        assertNull(PositionTable.loading(file, 4098, threads).join(), "too short");
    }
}
