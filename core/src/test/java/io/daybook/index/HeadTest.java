package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.envelope.EventDescriptor;
import io.daybook.envelope.SkipRule;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeadTest {

    @Test
    void keepsTheNewestEventAndTheNewestOfEachLevel() {
        long[] heads = new long[3 * Head.WORDS];
        int at = Head.WORDS;
        Head.clear(heads, at, 0x7FFF);
        long[] newestOfLevel = new long[SkipRule.LEVELS];
        for (long version = 0; version < 140_000; version++) {
            assertEquals(version - 1, Head.version(heads, at));
            long address = 1_000_000 + 88 * version;
            Head.add(heads, at, address);
            for (int level = 0; level < SkipRule.LEVELS; level++) {
                if (version % SkipRule.multiple(level) == 0) {
                    newestOfLevel[level] = address;
                }
                assertEquals(newestOfLevel[level], Head.level(heads, at, level), "version=" + version + " level=" + level);
            }
            assertEquals(address, Head.newest(heads, at));
        }
        assertEquals(0x7FFF, Head.fingerprintOf(heads[at + Head.META]));
        for (int i = 0; i < Head.WORDS; i++) {
            assertEquals(0, heads[i], "its neighbour before");
            assertEquals(0, heads[2 * Head.WORDS + i], "its neighbour behind");
        }
    }

    @Test
    void clearingLeavesNothingButHashAndFingerprint() {
        long[] head = {1, 2, -1, -1, -1, -1, -1, -1};
        Head.clear(head, 0, 5);
        assertEquals(1, head[0]);
        assertEquals(2, head[1]);
        assertEquals(-1, Head.version(head, 0));
        assertEquals(0, Head.newest(head, 0));
        for (int level = 0; level < SkipRule.LEVELS; level++) {
            assertEquals(0, Head.level(head, 0, level));
        }
        assertEquals(5, Head.fingerprintOf(head[Head.META]));
        assertEquals(0, Head.generation(head[Head.META]));
        assertFalse(Head.used(head[Head.META]));
    }

    @Test
    void fieldsDoNotDisturbEachOther() {
        long meta = EventDescriptor.MAX_VERSION | 0x7FFFL << 49;
        for (int generation : new int[] {0, 1, 128, 255}) {
            long in = Head.inGeneration(meta, generation);
            assertEquals(generation, Head.generation(in));
            assertTrue(Head.used(in));
            assertEquals(EventDescriptor.MAX_VERSION, Head.count(in));
            assertEquals(0x7FFF, Head.fingerprintOf(in));
            assertEquals(meta, Head.stored(in));
            assertFalse(Head.used(Head.withoutUse(in)));
            assertEquals(generation, Head.generation(Head.withoutUse(in)));
            assertEquals(255, Head.generation(Head.inGeneration(in, 255)));
            assertEquals(0, Head.generation(Head.inGeneration(in, 0)));
        }
    }

    @Test
    void theFingerprintTellsNamesApartThatShareAHash() {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            byte[] name = ("<account-" + i).getBytes(StandardCharsets.UTF_8);
            int fingerprint = Head.fingerprint(name, 1, name.length - 1);
            assertTrue(fingerprint >= 0 && fingerprint < 1 << 15);
            byte[] alone = ("account-" + i).getBytes(StandardCharsets.UTF_8);
            assertEquals(fingerprint, Head.fingerprint(alone, 0, alone.length));
            found.add(fingerprint);
        }
        assertTrue(found.size() > 1800, "distinct=" + found.size());
        long mixed = (1 << 8 ^ 'a') * 0x9E3779B97F4A7C15L;
        assertEquals((int) ((mixed ^ mixed >>> 32) >>> 49), Head.fingerprint(new byte[] {'a'}, 0, 1));
    }

    @Test
    void everyByteOfANameMattersToItsFingerprint() {
        for (int length = 1; length < 40; length++) {
            byte[] name = new byte[length];
            int same = 0;
            for (int bit = 0; bit < 8 * length; bit++) {
                name[bit >>> 3] ^= (byte) (1 << (bit & 7));
                same += Head.fingerprint(name, 0, length) == Head.fingerprint(new byte[length], 0, length) ? 1 : 0;
                name[bit >>> 3] ^= (byte) (1 << (bit & 7));
            }
            assertTrue(same <= 1, "length=" + length + " same=" + same);
            assertTrue(length == 1 || Head.fingerprint(name, 0, length) != Head.fingerprint(name, 0, length - 1), "length=" + length);
        }
    }
}
