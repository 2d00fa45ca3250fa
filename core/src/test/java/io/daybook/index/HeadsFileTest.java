package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadsFileTest {

    private static final UUID JOURNAL = new UUID(11, 12);
    private static final int HEADER = 4096;

    @TempDir
    private Path folder;

    private Path publish(int heads) throws IOException {
        Path file = folder.resolve("heads.dbk");
        try (HeadMap map = HeadMap.open(folder.resolve("heads-" + heads + ".map"), Math.max(64, heads))) {
            for (int i = 1; i <= heads; i++) {
                map.putAll(head(i), 0, 1);
            }
            HeadsFile.publish(file, new HeadsFile.Header(JOURNAL, 1001, 1002, 1003, heads, 1005, 0), map);
        }
        return file;
    }

    private static long[] head(int number) {
        long[] head = new long[Head.WORDS];
        for (int i = 0; i < Head.WORDS; i++) {
            head[i] = Head.stored(number * 0x9E37_79B9_7F4A_7C15L * (i + 3));
        }
        return head;
    }

    private static boolean find(HeadsFile file, long[] head, long[] into) {
        into[0] = head[0];
        into[1] = head[1];
        return file.get(into, 0);
    }

    @Test
    void everyHeadComesBack() throws IOException {
        for (int heads : new int[] {0, 1, 42, 43, 300}) {
            HeadsFile file = HeadsFile.open(publish(heads), JOURNAL);
            assertNotNull(file);
            long[] found = new long[Head.WORDS];
            for (int i = 1; i <= heads; i++) {
                assertTrue(find(file, head(i), found));
                assertArrayEquals(head(i), found);
            }
            assertFalse(find(file, head(heads + 1), found));
            long[] sameLow = head(1);
            sameLow[0]++;
            assertFalse(find(file, sameLow, found));
            Map<Long, long[]> all = new HashMap<>();
            file.forEach((head, at) -> all.put(head[at], head.clone()));
            assertEquals(heads, all.size());
            for (int i = 1; i <= heads; i++) {
                assertArrayEquals(head(i), all.get(head(i)[0]));
            }
        }
    }

    @Test
    void theHeaderSaysWhatItIsAsOf() throws IOException {
        Path file = publish(43);
        HeadsFile.Header header = HeadsFile.open(file, JOURNAL).header();
        assertEquals(new HeadsFile.Header(JOURNAL, 1001, 1002, 1003, 43, 1005, 128), header);
        assertEquals(1001, HeadsFile.positionOf(file, JOURNAL));
        assertEquals(HEADER + 128 * Head.BYTES, Files.size(file));
        assertEquals(HEADER + 64 * Head.BYTES, Files.size(publish(42)));
        assertFalse(Files.exists(folder.resolve("heads.dbk.tmp")));
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        HeadsFile old = HeadsFile.open(publish(300), JOURNAL);
        HeadsFile fresh = HeadsFile.open(publish(10), JOURNAL);
        long[] found = new long[Head.WORDS];
        assertTrue(find(old, head(300), found), "who has mapped the old one reads the old one");
        assertFalse(find(fresh, head(300), found));
        assertTrue(find(fresh, head(10), found));
    }

    @Test
    void aMissingFileOrAnotherJournalsIsNone() throws IOException {
        Path missing = folder.resolve("missing");
        assertNull(HeadsFile.open(missing, JOURNAL));
        assertEquals(0, HeadsFile.positionOf(missing, JOURNAL));
        Path file = publish(5);
        assertNull(HeadsFile.open(file, new UUID(11, 13)));
        assertEquals(0, HeadsFile.positionOf(file, new UUID(11, 13)));
    }

    @Test
    void aTruncatedFileIsNone() throws IOException {
        Path file = publish(5);
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 95, 100, HEADER - 1, HEADER, HEADER + 64, good.length - 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertNull(HeadsFile.open(file, JOURNAL), "length=" + length);
            assertEquals(0, HeadsFile.positionOf(file, JOURNAL), "length=" + length);
        }
        Files.write(file, Arrays.copyOf(good, good.length + 64));
        assertNull(HeadsFile.open(file, JOURNAL), "longer");
    }

    @Test
    void aFlippedBitAnywhereInHeaderOrTableIsFound() throws IOException {
        Path file = publish(40);
        byte[] good = Files.readAllBytes(file);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 250; i++) {
            int at = i < 100 ? i : HEADER + random.nextInt(good.length - HEADER);
            byte[] damaged = good.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertNull(HeadsFile.open(file, JOURNAL), "seed=" + seed + " byte=" + at);
            if (at < 100) {
                assertEquals(0, HeadsFile.positionOf(file, JOURNAL), "seed=" + seed + " byte=" + at);
            }
        }
    }
}
