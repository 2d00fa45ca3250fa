package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadTableTest {

    private static final int FIRST_SLOTS = 16;
    private static final int FIRST_ROOM = 12;

    /** A head of segment {@code segment} whose every word follows from its number and its count of events. */
    private static long[] head(int segment, int number, long count) {
        long high = (long) segment << 56 | number * 0x9E3779B97F4A7C15L >>> 20;
        return new long[] {high, number * 7L + 1, count | 5L << 49, count * 3, number, count ^ number, 17, count + number};
    }

    private static long[] asked(long[] head) {
        long[] asked = new long[Head.WORDS];
        asked[0] = head[0];
        asked[1] = head[1];
        return asked;
    }

    private static void assertSame(long[] expected, long[] found, String message) {
        long[] stored = found.clone();
        stored[Head.META] = Head.stored(stored[Head.META]);
        assertArrayEquals(expected, stored, message);
    }

    private static long[] read(HeadTable table, long[] head) {
        long[] locked = asked(head);
        long[] free = asked(head);
        boolean found = table.readLocked(locked, 0);
        assertEquals(found, table.read(free, 0));
        assertArrayEquals(locked, free);
        return found ? free : null;
    }

    /** All dirty heads, as a flush sees them. */
    private static List<long[]> dirty(HeadTable table) {
        List<long[]> heads = new ArrayList<>();
        long[] into = new long[0];
        int[] count = {-1};
        for (int segment = 0; segment < HeadTable.SEGMENTS; segment++) {
            into = table.dirtyHeads(segment, into, count);
            for (int i = 0; i < count[0]; i++) {
                heads.add(Arrays.copyOfRange(into, i * Head.WORDS, (i + 1) * Head.WORDS));
            }
        }
        return heads;
    }

    private static List<long[]> flush(HeadTable table) {
        int complete = table.beginFlush();
        List<long[]> written = dirty(table);
        table.endFlush(complete);
        return written;
    }

    @Test
    void answersWhatWasPutAndNothingElse() {
        HeadTable table = new HeadTable(1 << 20);
        assertEquals(null, read(table, head(3, 1, 1)));
        table.put(head(3, 1, 1), 0);
        assertSame(head(3, 1, 1), read(table, head(3, 1, 1)), "put");
        assertEquals(null, read(table, head(4, 1, 1)), "another segment");
        assertEquals(null, read(table, head(3, 2, 1)), "another hash");
        table.put(head(3, 1, 2), 0);
        assertSame(head(3, 1, 2), read(table, head(3, 1, 2)), "put again");
        assertEquals(1, table.heads());
        assertEquals(1, table.dirty());
    }

    /** It stores a byte into a slot that may be empty, or another head's. */
    @Test
    void prefetchingChangesNothing() {
        HeadTable table = new HeadTable(1 << 20);
        Map<Integer, Long> counts = new HashMap<>();
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(500);
            int segment = number % 2 == 0 ? 0 : 255;
            long[] head = head(segment, number, 0);
            table.prefetch(head[0], head[1]);
            long[] expected = counts.containsKey(number) ? head(segment, number, counts.get(number)) : null;
            long[] found = read(table, head);
            assertEquals(expected == null, found == null, "seed=" + seed + " step=" + i);
            if (expected != null) {
                assertSame(expected, found, "seed=" + seed + " step=" + i);
            }
            if (random.nextInt(20) == 0) {
                table.put(head(segment, number, counts.merge(number, 1L, Long::sum)), 0);
            }
        }
        assertEquals(counts.size(), table.heads());
        assertEquals(counts.size(), flush(table).size(), "an empty slot is not written to the disk");
    }

    /** Else the bound would be lost where the disk has no room for longer, and memory would fill. */
    @Test
    void whatAFlushThatFailedLeftIsDirtyStill() {
        HeadTable table = new HeadTable(1 << 20);
        for (int failed = 1; failed <= 5; failed++) {
            table.put(head(3, failed, 1), 0);
            table.beginFlush();
            assertEquals(failed, table.dirty());
            assertEquals(failed, dirty(table).size());
        }
        table.put(head(3, 6, 1), 0);
        assertEquals(6, flush(table).size());
        assertEquals(0, table.dirty());
    }

    @Test
    void readsAndWritesAtAnyPlaceOfTheArray() {
        HeadTable table = new HeadTable(1 << 20);
        long[] many = new long[3 * Head.WORDS];
        System.arraycopy(head(9, 5, 6), 0, many, Head.WORDS, Head.WORDS);
        table.put(many, Head.WORDS);
        long[] out = new long[3 * Head.WORDS];
        System.arraycopy(asked(head(9, 5, 6)), 0, out, 2 * Head.WORDS, Head.WORDS);
        assertTrue(table.read(out, 2 * Head.WORDS));
        assertSame(head(9, 5, 6), Arrays.copyOfRange(out, 2 * Head.WORDS, 3 * Head.WORDS), "third");
    }

    @Test
    void tellsHashesApartThatShareOneHalf() {
        HeadTable table = new HeadTable(1 << 20);
        long[] one = {1L << 56, 7, 1, 1, 1, 1, 1, 1};
        long[] sameLow = {1L << 56 | 1, 7, 2, 2, 2, 2, 2, 2};
        long[] sameHigh = {1L << 56, 23, 3, 3, 3, 3, 3, 3};
        for (long[] head : new long[][] {one, sameLow, sameHigh}) {
            table.put(head, 0);
        }
        for (long[] head : new long[][] {one, sameLow, sameHigh}) {
            assertSame(head, read(table, head), "hash=" + head[0] + "," + head[1]);
        }
        assertEquals(3, table.heads());
    }

    /** Against a map, with growth, drops, flushes and few keys a segment more than the bound. */
    @Test
    void agreesWithAModelOverManyFlushes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        HeadTable table = new HeadTable(0);
        Map<Integer, Long> model = new HashMap<>();
        Map<Integer, long[]> disk = new HashMap<>();
        Map<Integer, Integer> seenAtEvictions = new HashMap<>();
        Set<Integer> dirty = new HashSet<>();
        for (int step = 0; step < 60_000; step++) {
            int number = random.nextInt(200);
            int segment = number % 4;
            long count = model.merge(number, 1L, Long::sum);
            table.put(head(segment, number, count), 0);
            dirty.add(number);
            if (random.nextInt(40) == 0) {
                for (long[] head : flush(table)) {
                    disk.put((int) head[4], head);
                }
                dirty.clear();
                assertEquals(0, table.dirty(), "seed=" + seed);
            }
            int asked = random.nextInt(200);
            long known = model.getOrDefault(asked, 0L);
            long[] found = read(table, head(asked % 4, asked, known));
            int evictions = table.evictions(head(asked % 4, asked, 0)[0]);
            if (found != null) {
                assertSame(head(asked % 4, asked, known), found, "seed=" + seed + " step=" + step);
                seenAtEvictions.put(asked, evictions);
            } else if (known > 0) {
                assertFalse(dirty.contains(asked), "a dirty head was dropped: seed=" + seed + " step=" + step);
                assertSame(head(asked % 4, asked, known), disk.get(asked), "seed=" + seed + " step=" + step);
                assertNotEquals(seenAtEvictions.get(asked), evictions, "dropped without a trace: seed=" + seed + " step=" + step);
            }
        }
        assertTrue(table.evictions(0) > 10 && table.heads() < 200, "the model drops heads");
        assertEquals(0, table.evictions(5L << 56), "a segment that nobody uses drops nothing");
    }

    @Test
    void aSegmentGrowsWhenItIsThreeQuartersFull() {
        HeadTable table = new HeadTable(1 << 24);
        long empty = (long) HeadTable.SEGMENTS * FIRST_SLOTS * Head.BYTES;
        assertEquals(empty, table.bytes());
        for (int i = 0; i < FIRST_ROOM; i++) {
            table.put(head(0, i, 1), 0);
        }
        assertEquals(empty, table.bytes());
        table.put(head(0, FIRST_ROOM, 1), 0);
        assertEquals(empty + FIRST_SLOTS * Head.BYTES, table.bytes());
        for (int i = FIRST_ROOM + 1; i < 1000; i++) {
            table.put(head(0, i, i), 0);
        }
        assertEquals(empty + (2048 - FIRST_SLOTS) * Head.BYTES, table.bytes());
        assertEquals(1000, table.heads());
        assertEquals(0, table.evictions(0));
        for (int i = 0; i < 1000; i++) {
            assertSame(head(0, i, i <= FIRST_ROOM ? 1 : i), read(table, head(0, i, 1)), "number=" + i);
        }
    }

    @Test
    void theBoundIsThreeQuartersOfTheMemory() {
        assertEquals(HeadTable.SEGMENTS * FIRST_ROOM, new HeadTable(0).bound());
        assertEquals((1 << 24) / Head.BYTES * 3 / 4, new HeadTable(1 << 24).bound());
        assertEquals(HeadTable.SEGMENTS * (long) (3 << 22), new HeadTable(1L << 40).bound());
    }

    @Test
    void cleanHeadsAreDroppedRatherThanTheBoundBroken() {
        HeadTable table = new HeadTable(0);
        for (int i = 0; i < FIRST_ROOM; i++) {
            table.put(head(7, i, 1), 0);
        }
        flush(table);
        table.put(head(7, 100, 1), 0);
        assertEquals(1, table.evictions(7L << 56));
        assertEquals((long) HeadTable.SEGMENTS * FIRST_SLOTS * Head.BYTES, table.bytes());
        long kept = 0;
        for (int i = 0; i < FIRST_ROOM; i++) {
            boolean usedLately = (head(7, i, 1)[0] & 1) == 1;
            assertEquals(usedLately, read(table, head(7, i, 1)) != null, "half of those that were used stay: number=" + i);
            kept += usedLately ? 1 : 0;
        }
        assertEquals(kept + 1, table.heads());
        assertTrue(kept > 0 && kept < FIRST_ROOM);
    }

    @Test
    void whatWasNotUsedSinceTheLastDropGoesFirst() {
        HeadTable table = new HeadTable(0);
        int[] odd = new Random(4).ints(0, 100_000).filter(i -> (head(7, i, 1)[0] & 1) == 1).distinct().limit(40).toArray();
        for (int i = 0; i < FIRST_ROOM; i++) {
            table.put(head(7, odd[i], 1), 0);
        }
        flush(table);
        table.put(head(7, odd[12], 1), 0);
        assertEquals(FIRST_ROOM + 1, table.heads(), "all were used: all stay, and the segment grows for once");
        assertEquals(0, table.evictions(7L << 56));
        table.put(head(7, odd[0], 2), 0);
        flush(table);
        for (int i = 13; i < 25; i++) {
            table.put(head(7, odd[i], 1), 0);
        }
        assertSame(head(7, odd[0], 2), read(table, head(7, odd[0], 2)), "used since");
        assertEquals(null, read(table, head(7, odd[1], 1)), "not used since");
        assertEquals(1, table.evictions(7L << 56));
    }

    @Test
    void dirtyHeadsAreNeverDroppedEvenIfAllAreDirty() {
        HeadTable table = new HeadTable(0);
        for (int i = 0; i < 500; i++) {
            table.put(head(7, i, 1), 0);
        }
        assertEquals(500, table.heads());
        assertEquals(500, table.dirty());
        assertEquals(0, table.evictions(7L << 56));
        for (int i = 0; i < 500; i++) {
            assertSame(head(7, i, 1), read(table, head(7, i, 1)), "number=" + i);
        }
        assertEquals(500, flush(table).size());
        table.put(head(7, 500, 1), 0);
        for (int i = 501; table.evictions(7L << 56) == 0; i++) {
            assertTrue(i < 2000, "the bound does not hold again");
            table.put(head(7, i, 1), 0);
        }
    }

    @Test
    void headsThatChangeDuringAFlushStayDirty() {
        HeadTable table = new HeadTable(1 << 20);
        table.put(head(1, 1, 1), 0);
        table.put(head(2, 2, 1), 0);
        int complete = table.beginFlush();
        assertEquals(2, table.dirty(), "not written yet");
        assertEquals(2, dirty(table).size());
        table.put(head(1, 1, 2), 0);
        assertEquals(3, table.dirty(), "one of them twice: an estimate from above");
        table.endFlush(complete);
        assertEquals(1, table.dirty());
        List<long[]> left = flush(table);
        assertEquals(1, left.size());
        assertSame(head(1, 1, 2), left.get(0), "changed during the flush");
        assertEquals(0, flush(table).size());
    }

    @Test
    void generationsGoRoundWithoutLosingADirtyHead() {
        HeadTable table = new HeadTable(0);
        table.put(head(1, 1, 1), 0);
        flush(table);
        for (int i = 1; i <= 300; i++) {
            long[] other = head(2, i % 5, i);
            table.put(other, 0);
            List<long[]> written = flush(table);
            assertEquals(1, written.stream().filter(head -> head[0] == other[0]).count(), "flush=" + i);
            assertTrue(written.stream().noneMatch(head -> head[0] == head(1, 1, 1)[0]), "clean since the first flush: flush=" + i);
            assertSame(head(1, 1, 1), read(table, head(1, 1, 1)), "flush=" + i);
            assertEquals(0, table.dirty(), "flush=" + i);
        }
        for (int age = 250; age < 260; age++) {
            HeadTable aged = new HeadTable(0);
            aged.put(head(1, 1, 1), 0);
            for (int i = 0; i < age; i++) {
                flush(aged);
            }
            aged.put(head(1, 1, 2), 0);
            assertEquals(1, flush(aged).size(), "age=" + age);
        }
    }
}
