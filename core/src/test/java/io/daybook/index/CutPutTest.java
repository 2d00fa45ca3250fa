package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guarantee 8 for a put that a kill cut short. A put is several stores, in an order that is Chronicle's. Whichever of them are missing, the
 * map is as before it, or as after it, or it is not believed.
 */
@Tag("recovery")
class CutPutTest extends JournalTest {

    private static final Path MAP = Path.of("heads-1.map");
    private static final int CAPACITY = 64;
    private static final int FEW = 40;
    private static final int MORE = 8;
    private static final int UNIT = Integer.BYTES; // no store of Chronicle's is torn in smaller ones
    private static final int TRIES = Effort.times(100, 5_000);

    private enum Put { INSERT, UPDATE, INSERT_THAT_ADDS_A_TIER }

    private final List<Integer> stores = new ArrayList<>();
    private Path file;
    private byte[] before;
    private byte[] after;
    private long[] heads;
    private int changed;
    private int descriptionSum;

    @ParameterizedTest
    @EnumSource(Put.class)
    void aPutThatWasCutShortIsFoundOrDoesNoHarm(Put put) throws IOException {
        Files.createDirectories(folder);
        file = folder.resolve(MAP);
        take(put);
        assertEquals(0, open(before), "the put is not there");
        assertEquals(put == Put.INSERT_THAT_ADDS_A_TIER ? -1 : 1, open(after), "it is; the record that tells of a new tier is not");
        long seed = seed("aPutThatWasCutShortIsFoundOrDoesNoHarm");
        Random random = new Random(seed);
        int[] outcomes = new int[3];
        for (int i = 0; i < TRIES; i++) {
            byte[] cut = before.clone();
            double share = random.nextDouble();
            stores.stream().filter(at -> random.nextDouble() < share).forEach(at -> System.arraycopy(after, at, cut, at, UNIT));
            try {
                outcomes[1 + open(cut)]++;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed=" + seed + " put=" + put + " try=" + i, e);
            }
        }
        System.out.println("put=" + put + " stores=" + stores.size() + " notBelieved=" + outcomes[0] + " as before=" + outcomes[1]
            + " as after=" + outcomes[2]);
        assertTrue(outcomes[0] > 0);
    }

    /** Keeps the file of a map from before a put and from behind it. */
    private void take(Put put) throws IOException {
        HeadMap map = HeadMap.open(file, CAPACITY);
        heads = HeadMapTest.heads(1, 1 + 3 * CAPACITY);
        map.putAll(heads, 0, FEW);
        changed = put == Put.UPDATE ? FEW / 2 : FEW;
        before = Files.readAllBytes(file);
        descriptionSum = MapFile.sumOfDescription(file);
        long[] head = headAt(changed);
        head[Head.NEWEST] += put == Put.UPDATE ? 1 << 20 : 0;
        map.putAll(head, 0, 1);
        while (put == Put.INSERT_THAT_ADDS_A_TIER && !map.hasExtraTiers()) {
            before = Files.readAllBytes(file);
            head = headAt(++changed);
            map.putAll(head, 0, 1);
        }
        System.arraycopy(head, 0, heads, changed * Head.WORDS, Head.WORDS);
        after = Files.readAllBytes(file);
        before = Arrays.copyOf(before, after.length); // where a file grew there are zeros at first
        map.close();
        for (int at = 0; at < after.length; at += UNIT) {
            if (!Arrays.equals(before, at, at + UNIT, after, at, at + UNIT)) {
                stores.add(at);
            }
        }
    }

    private long[] headAt(int number) {
        return Arrays.copyOfRange(heads, number * Head.WORDS, (number + 1) * Head.WORDS);
    }

    /** -1: not believed; 0, 1: all heads are there, the changed one as before or as after, and more can be put. */
    private int open(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        if (MapFile.sumOfDescription(file) != descriptionSum) {
            return -1;
        }
        int known = Math.min(changed, FEW);
        WatermarkFile.Record record = new WatermarkFile.Record(SampleIndex.JOURNAL, SampleIndex.THIS_BOOT, false, 0, 0, 0, 1, CAPACITY,
            known, known, 0, 0);
        try (HeadMap map = HeadMap.openWhole(file, record, Thread::new)) {
            if (map == null) {
                return -1;
            }
            long[] found = headAt(changed);
            boolean isAfter = map.getAlone(found, 0) && found[Head.NEWEST] == headAt(changed)[Head.NEWEST];
            requireOthers(map);
            long[] more = HeadMapTest.heads(1_000, 1_000 + MORE);
            map.putAll(headAt(changed), 0, 1);
            map.putAll(more, 0, MORE);
            requireOthers(map);
            for (int i = 0; i < MORE; i++) {
                assertTrue(map.getAlone(more, i * Head.WORDS));
            }
            return isAfter ? 1 : 0;
        }
    }

    private void requireOthers(HeadMap map) {
        for (int i = 0; i < Math.max(FEW, changed); i++) {
            long[] expected = headAt(i);
            expected[Head.META] = Head.stored(expected[Head.META]);
            long[] head = headAt(i);
            Arrays.fill(head, Head.META, Head.WORDS, 0);
            assertTrue(i == changed || map.getAlone(head, 0), "head=" + i);
            assertTrue(i == changed || Arrays.equals(expected, head), "head=" + i);
        }
    }
}
