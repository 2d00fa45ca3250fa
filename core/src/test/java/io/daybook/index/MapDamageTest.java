package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee 8 for the map of an owner that was killed, over which there is no sum: every bit of its pages is changed. Whoever opens it
 * finds that out or answers right; a head that is no longer found would be an entity without events.
 */
@Tag("recovery")
class MapDamageTest extends JournalTest {

    private static final Path MAP = Path.of("heads-1.map");
    private static final int CAPACITY = 64;
    private static final int ENTITIES = 40;
    private static final int SEGMENTS_AT = 4096;

    private enum Outcome { NOT_BELIEVED, HEAD_REPORTED, HARMLESS }

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
        WatermarkFile operations = WatermarkFile.open(folder.resolve("watermark.dbk"));
        Path file = folder.resolve(MAP);
        int heads = 3 * CAPACITY;
        HeadMap killed = HeadMap.open(file, CAPACITY, operations);
        killed.putAll(HeadMapTest.heads(1, 1 + heads), 0, heads);
        assertTrue(killed.hasExtraTiers(), "this test is about those");
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        killed.close();
        WatermarkFile.Record record = new WatermarkFile.Record(SampleIndex.JOURNAL, SampleIndex.THIS_BOOT, false, 0, 0, 0, 1, CAPACITY,
            heads, heads, 0, 0);
        kept.putBack(folder);
        assertEquals(Outcome.HARMLESS, open(file, record, operations, heads), "undamaged, it is believed");
        changeBits(sameSeed("aBitThatChangedInAMapWithMoreTiersIsFoundOrDoesNoHarm"), kept, SEGMENTS_AT,
            () -> open(file, record, operations, heads));
    }

    private static Outcome open(Path file, WatermarkFile.Record record, WatermarkFile operations, int heads) throws IOException {
        try (HeadMap map = HeadMap.openWhole(file, record, operations)) {
            if (map == null) {
                return Outcome.NOT_BELIEVED;
            }
            for (int i = 1; i <= heads; i++) {
                assertEquals(HeadMap.Found.YES, map.get(HeadMapTest.heads(i, i + 1), 0), "head=" + i);
            }
            map.putAll(HeadMapTest.heads(heads + 1, heads + 3), 0, 2);
            assertEquals(heads + 2, map.size());
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
