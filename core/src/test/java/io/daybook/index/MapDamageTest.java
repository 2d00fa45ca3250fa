package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.map.ExternalMapQueryContext;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 8 for the map of an owner that was killed, over which there is no sum: every bit of its pages is changed. Whoever opens it
 * finds that out or answers right; a head that is no longer found would be an entity without events.
 */
@Tag("recovery")
class MapDamageTest extends JournalTest {

    private static final Path MAP = Path.of("heads-1.map");
    private static final int CAPACITY = 64;
    private static final int ENTITIES = 40;
    private static final int MORE = 8;
    private static final int LARGE_CAPACITY = 1 << 16;
    private static final int AT_ONCE = 1_000;
    private static final long SOUGHT = 0x5EED_5EED_5EED_5EEDL;
    private static final int COUNTERS_BYTES = 64;
    private static final int SEGMENTS_AT = 4096;

    private enum Outcome { NOT_BELIEVED, HEAD_REPORTED, HARMLESS }

    private enum Rung { READ, UPDATE, WRITE }

    private record Bit(long offset, int bit) {
    }

    private interface Trial {
        Outcome run() throws IOException;
    }

    @Test
    void aBitThatChangedIsFoundOrDoesNoHarm() throws IOException {
        SampleIndex killed = new SampleIndex(folder).open();
        killed.appendEach(ENTITIES, 2);
        killed.index.flush();
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        killed.index.abandon();
        kept.putBack(folder);
        assertEquals(Outcome.HARMLESS, open(killed), "undamaged, it is believed");
        Map<Outcome, Integer> outcomes = changeBits(sameSeed("aBitThatChangedIsFoundOrDoesNoHarm"), kept, 0, () -> open(killed));
        assertTrue(outcomes.get(Outcome.NOT_BELIEVED) > 0, () -> "outcomes=" + outcomes);
    }

    /** Believed, it answers right, and takes more; what it does not hold yet comes from the journal, as after any kill. */
    private Outcome open(SampleIndex killed) throws IOException {
        SampleIndex again = new SampleIndex(folder).open();
        try {
            if (again.index.rebuilt()) {
                return Outcome.NOT_BELIEVED;
            }
            killed.expected.forEach((name, head) -> again.expected.put(name, head.clone()));
            again.assertComplete();
            again.position = killed.position;
            again.append("account-new");
            again.append("account-1");
            again.index.flush();
            return Outcome.HARMLESS;
        } catch (IndexDamagedException e) {
            return Outcome.HEAD_REPORTED;
        } finally {
            again.index.abandon();
        }
    }

    @Test
    void aBitThatChangedInAMapWithMoreTiersIsFoundOrDoesNoHarm() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(MAP);
        int heads = 3 * CAPACITY;
        HeadMap killed = HeadMap.open(file, CAPACITY);
        killed.putAll(HeadMapTest.heads(1, 1 + heads), 0, heads);
        assertTrue(killed.hasExtraTiers(), "this test is about those");
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        killed.close();
        WatermarkFile.Record record = new WatermarkFile.Record(SampleIndex.JOURNAL, SampleIndex.THIS_BOOT, false, 0, 0, 0, 1, CAPACITY,
            heads, heads, 0, 0);
        kept.putBack(folder);
        assertEquals(Outcome.HARMLESS, open(file, record, heads), "undamaged, it is believed");
        changeBits(sameSeed("aBitThatChangedInAMapWithMoreTiersIsFoundOrDoesNoHarm"), kept, SEGMENTS_AT,
            () -> open(file, record, heads));
    }

    @Test
    void aBitThatChangedInAMapOfManySegmentsIsFoundOrDoesNoHarm() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(MAP);
        HeadMap killed = HeadMap.open(file, LARGE_CAPACITY);
        int heads = 0;
        while (!killed.hasExtraTiers()) {
            killed.putAll(HeadMapTest.heads(heads + 1, heads + 1 + AT_ONCE), 0, AT_ONCE);
            heads += AT_ONCE;
        }
        VanillaChronicleMap<?, ?, ?> map = killed.map;
        assertTrue(map.actualSegments > 1, "by more than one thread");
        long free = map.globalMutableState().getFirstFreeTierIndex();
        assertTrue(free > 0, "with a tier that is not in use");
        long slots = offsetInFile(file, map.tierIndexToBaseAddr(free));
        long counters = slots + map.tierHashLookupOuterSize;
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        killed.close();
        WatermarkFile.Record record = new WatermarkFile.Record(SampleIndex.JOURNAL, SampleIndex.THIS_BOOT, false, 0, 0, 0, 1,
            LARGE_CAPACITY, heads, heads, 0, 0);
        kept.putBack(folder);
        int all = heads;
        assertEquals(Outcome.HARMLESS, open(file, record, all), "undamaged, it is believed");
        long seed = sameSeed("aBitThatChangedInAMapOfManySegmentsIsFoundOrDoesNoHarm");
        Random random = new Random(seed);
        List<Map.Entry<Long, byte[]>> blocks = List.copyOf(kept.contents().get(MAP).entrySet());
        for (int i = 0; i < Effort.times(5, 600); i++) {
            Map.Entry<Long, byte[]> block = blocks.get(random.nextInt(blocks.size()));
            kept.putBack(folder);
            long at = Math.max(SEGMENTS_AT, block.getKey() + random.nextInt(block.getValue().length));
            JournalFiles.flip(file, at, 1 << random.nextInt(8));
            assertNotEquals(Outcome.HEAD_REPORTED, open(file, record, all), "seed=" + seed + " byte=" + at);
        }
        for (int at = 0; at < COUNTERS_BYTES; at += Long.BYTES) {
            kept.putBack(folder);
            JournalFiles.flip(file, counters + at, 1);
            assertNotEquals(Outcome.HEAD_REPORTED, open(file, record, all), "free tier, byte=" + at);
        }
        kept.putBack(folder);
        JournalFiles.flip(file, slots, 1);
        assertEquals(Outcome.NOT_BELIEVED, open(file, record, all), "a slot of a free tier");
    }

    /** Where in the file what is mapped at this address lies; there are zeros. */
    private static long offsetInFile(Path file, long address) throws IOException {
        OS.memory().writeLong(address, SOUGHT);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int offset = 0;
        while (bytes.getLong(offset) != SOUGHT) {
            offset += Long.BYTES;
        }
        OS.memory().writeLong(address, 0);
        return offset;
    }

    /** Chronicle's locks have no owner: whoever is killed inside one leaves it locked, and whoever comes later would wait for ever. */
    @Test
    @Timeout(120)
    void theLocksInWhichAnOwnerWasKilledAreOpened() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(MAP);
        int heads = CAPACITY;
        HeadMap killed = HeadMap.open(file, CAPACITY);
        killed.putAll(HeadMapTest.heads(1, 1 + heads), 0, heads);
        WatermarkFile.Record record = new WatermarkFile.Record(SampleIndex.JOURNAL, SampleIndex.THIS_BOOT, false, 0, 0, 0, 1, CAPACITY,
            heads, heads, 0, 0);
        HeadKey key = new HeadKey();
        key.high = HeadMapTest.heads(1, 2)[0];
        key.low = HeadMapTest.heads(1, 2)[1];
        List<JournalFiles.Kept> moments = new ArrayList<>();
        for (Rung rung : Rung.values()) {
            try (ExternalMapQueryContext<HeadKey, HeadValue, ?> query = killed.map.queryContext(key)) {
                switch (rung) {
                    case READ -> query.readLock().lock();
                    case UPDATE -> query.updateLock().lock();
                    default -> query.writeLock().lock();
                }
                moments.add(JournalFiles.keep(folder));
            }
        }
        killed.close();
        for (JournalFiles.Kept moment : moments) {
            moment.putBack(folder);
            assertEquals(Outcome.HARMLESS, open(file, record, heads));
        }
    }

    /** The lock that all segments share is held while a tier is added: such a map is not opened at all. */
    @Test
    void theLockOfAllSegmentsIsSeenBeforeTheMapIsOpened() throws IOException {
        SampleIndex killed = new SampleIndex(folder).open();
        killed.appendEach(ENTITIES, 2);
        killed.index.flush();
        killed.index.abandon();
        JournalFiles.Kept unlocked = JournalFiles.keep(folder);
        try (HeadMap map = HeadMap.open(folder.resolve(MAP), CAPACITY)) {
            map.map.globalMutableStateLock();
            JournalFiles.Kept locked = JournalFiles.keep(folder);
            map.map.globalMutableStateUnlock();
            locked.putBack(folder);
        }
        assertEquals(Outcome.NOT_BELIEVED, open(killed));
        unlocked.putBack(folder);
        assertEquals(Outcome.HARMLESS, open(killed), "nothing else was in the way");
    }

    private static Outcome open(Path file, WatermarkFile.Record record, int heads) throws IOException {
        try (HeadMap map = HeadMap.openWhole(file, record, Thread::new)) {
            if (map == null) {
                return Outcome.NOT_BELIEVED;
            }
            for (int i = 1; i <= heads; i++) {
                long[] locked = HeadMapTest.heads(i, i + 1);
                assertEquals(HeadMap.Found.YES, map.get(locked, 0), "head=" + i);
                long[] alone = HeadMapTest.heads(i, i + 1);
                Arrays.fill(alone, Head.META, Head.WORDS, -1);
                assertTrue(map.getAlone(alone, 0), "head=" + i);
                assertArrayEquals(locked, alone, "head=" + i);
            }
            long[] more = HeadMapTest.heads(heads + 1, heads + 1 + MORE);
            for (int i = 0; i < MORE; i++) {
                assertFalse(map.getAlone(more.clone(), i * Head.WORDS), "not put yet");
            }
            map.putAll(more, 0, MORE);
            assertEquals(heads + MORE, map.size());
            assertTrue(map.getAlone(more, (MORE - 1) * Head.WORDS));
            return Outcome.HARMLESS;
        }
    }

    private Map<Outcome, Integer> changeBits(long seed, JournalFiles.Kept kept, long from, Trial trial) throws IOException {
        List<Bit> bits = new ArrayList<>();
        kept.contents().get(MAP).forEach((start, block) -> {
            for (int i = 0; i < block.length * 8; i++) {
                if (start + i / 8 >= from) {
                    bits.add(new Bit(start + i / 8, i % 8));
                }
            }
        });
        assertFalse(bits.isEmpty());
        Collections.shuffle(bits, new Random(seed));
        Map<Outcome, Integer> outcomes = new TreeMap<>();
        for (Bit bit : bits.subList(0, Effort.times(150, bits.size()))) {
            kept.putBack(folder);
            JournalFiles.flip(folder.resolve(MAP), bit.offset, 1 << bit.bit);
            try {
                outcomes.merge(trial.run(), 1, Integer::sum);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed=" + seed + " " + bit, e);
            }
        }
        System.out.println("bits=" + bits.size() + " outcomes=" + outcomes);
        return outcomes;
    }
}
