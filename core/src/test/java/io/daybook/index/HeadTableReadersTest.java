package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Readers without a lock, while one thread puts, grows, flushes and drops: they see whole heads only, and never an older one again. */
class HeadTableReadersTest {

    private static final int READERS = 3;
    private static final int KEYS = 400;
    private static final int PUTS = 300_000;

    private static void fill(long[] head, int key, long count) {
        head[0] = (long) (key & 1) << 56 | key * 0x9E3779B97F4A7C15L >>> 20;
        head[1] = key + 1;
        head[2] = count;
        for (int i = 3; i < Head.WORDS; i++) {
            head[i] = count * 31 + key;
        }
    }

    private static long read(HeadTable table, int key, long atLeast) {
        long[] head = new long[Head.WORDS];
        fill(head, key, 0);
        if (key % 8 == 1) { // of the segment whose byte is not 0
            table.prefetch(head[0], head[1]);
        }
        if (!table.read(head, 0)) {
            return atLeast;
        }
        long count = Head.count(head[Head.META]);
        for (int i = 3; i < Head.WORDS; i++) {
            assertEquals(count * 31 + key, head[i], "key=" + key + " word=" + i);
        }
        assertTrue(count >= atLeast, "key=" + key + " count=" + count + " before=" + atLeast);
        return count;
    }

    private static long readUntil(HeadTable table, AtomicBoolean done, long seed) {
        Random random = new Random(seed);
        long[] seen = new long[KEYS];
        long reads = 0;
        do {
            int key = random.nextInt(KEYS);
            seen[key] = read(table, key, seen[key]);
            reads++;
        } while (!done.get());
        return reads;
    }

    private static void flush(HeadTable table) {
        int complete = table.beginFlush();
        long[] into = new long[0];
        int[] count = new int[1];
        for (int segment = 0; segment < 2; segment++) {
            into = table.dirtyHeads(segment, into, count);
        }
        table.endFlush(complete);
    }

    @Test
    void readersSeeWholeHeadsOnly() throws Exception {
        long seed = System.nanoTime();
        HeadTable table = new HeadTable(0);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> outcomes = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                long own = seed + i + 1;
                outcomes.add(readers.submit(() -> readUntil(table, done, own)));
            }
            Random random = new Random(seed);
            long[] counts = new long[KEYS];
            long[] head = new long[Head.WORDS];
            for (int i = 0; i < PUTS; i++) {
                int key = random.nextInt(KEYS);
                fill(head, key, ++counts[key]);
                table.put(head, 0);
                if (i % 17 == 0) {
                    flush(table);
                }
            }
            done.set(true);
            for (Future<Long> outcome : outcomes) {
                assertTrue(outcome.get() > 0, "seed=" + seed);
            }
            assertTrue(table.evictions(0) > 0, "heads were dropped meanwhile");
        } finally {
            done.set(true);
            readers.shutdownNow();
        }
    }

    @Test
    void aFlushBesideTheWriterCopiesWholeHeadsOnly() throws Exception {
        long seed = System.nanoTime();
        HeadTable table = new HeadTable(1 << 24);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<Long> outcome = writer.submit(() -> {
                Random random = new Random(seed);
                long[] head = new long[Head.WORDS];
                long puts = 0;
                while (!done.get()) {
                    fill(head, random.nextInt(2000), ++puts);
                    table.put(head, 0);
                }
                return puts;
            });
            long copied = 0;
            long[] into = new long[0];
            int[] count = new int[1];
            for (int i = 0; i < 3000 || copied == 0; i++) {
                into = table.dirtyHeads(i & 1, into, count);
                for (int at = 0; at < count[0] * Head.WORDS; at += Head.WORDS) {
                    long expected = Head.count(into[at + Head.META]) * 31 + into[at + 1] - 1;
                    for (int word = 3; word < Head.WORDS; word++) {
                        assertEquals(expected, into[at + word], "seed=" + seed);
                    }
                }
                copied += count[0];
            }
            done.set(true);
            assertTrue(outcome.get() > 0);
        } finally {
            done.set(true);
            writer.shutdownNow();
        }
    }
}
