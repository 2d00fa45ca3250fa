package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SipHash128Test {

    private static final long KEY_0 = 0x0706050403020100L;
    private static final long KEY_1 = 0x0F0E0D0C0B0A0908L;

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String hex(SipHash128 hash, byte[] bytes, int offset, int length) {
        long[] out = {-1, -1, -1, -1};
        hash.hash(bytes, offset, length, out, 1);
        assertEquals(-1, out[0]);
        assertEquals(-1, out[3]);
        return HexFormat.of().formatHex(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(out[1]).putLong(out[2]).array());
    }

    /** The first vectors of the reference code for two rounds a word and four at the end: message 00 01 02 … of each length. */
    @Test
    void agreesWithTheReferenceVectors() {
        SipHash128 hash = new SipHash128(KEY_0, KEY_1, 2, 4);
        assertEquals("a3817f04ba25a8e66df67214c7550293", hex(hash, counting(0), 0, 0));
        assertEquals("da87c1d86b99af44347659119b22fc45", hex(hash, counting(1), 0, 1));
    }

    @Test
    void agreesWithAPlainOneOfBothStrengthsAtEveryLength() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int length = 0; length < 600; length++) {
            byte[] bytes = new byte[length + 9];
            random.nextBytes(bytes);
            int offset = random.nextInt(9);
            long key0 = random.nextLong();
            long key1 = random.nextLong();
            byte[] message = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            String cause = "seed=" + seed + " length=" + length;
            assertEquals(plain(key0, key1, 1, 3, message), hex(new SipHash128(key0, key1), bytes, offset, length), cause);
            assertEquals(plain(key0, key1, 2, 4, message), hex(new SipHash128(key0, key1, 2, 4), bytes, offset, length), cause);
        }
    }

    @Test
    void thePlainOneAgreesWithTheReferenceVectorsToo() {
        assertEquals("a3817f04ba25a8e66df67214c7550293", plain(KEY_0, KEY_1, 2, 4, counting(0)));
        assertEquals("da87c1d86b99af44347659119b22fc45", plain(KEY_0, KEY_1, 2, 4, counting(1)));
    }

    @Test
    void theKeyOfAJournalMakesTheHash() {
        long[] one = new long[2];
        long[] same = new long[2];
        long[] other = new long[2];
        byte[] name = {'a'};
        IndexSettings.hash(1, 2).hash(name, 0, 1, one, 0);
        new SipHash128(1, 2, 1, 3).hash(name, 0, 1, same, 0);
        IndexSettings.hash(1, 3).hash(name, 0, 1, other, 0);
        assertArrayEquals(one, same);
        assertNotEquals(one[0], other[0]);
        assertNotEquals(one[1], other[1]);
    }

    /** SipHash as the paper writes it, without regard to speed. */
    private static String plain(long key0, long key1, int wordRounds, int finalRounds, byte[] message) {
        long[] v = {key0 ^ 0x736f6d6570736575L, key1 ^ 0x646f72616e646f6dL ^ 0xee, key0 ^ 0x6c7967656e657261L, key1 ^ 0x7465646279746573L};
        ByteBuffer padded = ByteBuffer.allocate(message.length / 8 * 8 + 8).order(ByteOrder.LITTLE_ENDIAN).put(message);
        padded.put(padded.capacity() - 1, (byte) message.length).rewind();
        while (padded.hasRemaining()) {
            long word = padded.getLong();
            v[3] ^= word;
            rounds(v, wordRounds);
            v[0] ^= word;
        }
        ByteBuffer out = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        v[2] ^= 0xee;
        rounds(v, finalRounds);
        out.putLong(v[0] ^ v[1] ^ v[2] ^ v[3]);
        v[1] ^= 0xdd;
        rounds(v, finalRounds);
        out.putLong(v[0] ^ v[1] ^ v[2] ^ v[3]);
        return HexFormat.of().formatHex(out.array());
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            v[0] += v[1];
            v[2] += v[3];
            v[1] = v[1] << 13 | v[1] >>> 51;
            v[3] = v[3] << 16 | v[3] >>> 48;
            v[1] ^= v[0];
            v[3] ^= v[2];
            v[0] = v[0] << 32 | v[0] >>> 32;
            v[2] += v[1];
            v[0] += v[3];
            v[1] = v[1] << 17 | v[1] >>> 47;
            v[3] = v[3] << 21 | v[3] >>> 43;
            v[1] ^= v[2];
            v[3] ^= v[0];
            v[2] = v[2] << 32 | v[2] >>> 32;
        }
    }
}
