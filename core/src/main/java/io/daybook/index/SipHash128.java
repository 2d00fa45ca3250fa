package io.daybook.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and the reference code's 128-bit
 * variant). Keyed with random bits that stay in the journal, so nobody can choose names that collide. One round a word and three at the
 * end: the strength that hash tables use. Internal: not part of the API.
 */
final class SipHash128 implements EntityHash {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private final int wordRounds;
    private final int finalRounds;

    SipHash128(long key0, long key1) {
        this(key0, key1, 1, 3);
    }

    SipHash128(long key0, long key1, int wordRounds, int finalRounds) {
        this.key0 = key0;
        this.key1 = key1;
        this.wordRounds = wordRounds;
        this.finalRounds = finalRounds;
    }

    @Override
    public void hash(byte[] bytes, int offset, int length, long[] hash, int at) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int words = length >>> 3;
        long word = 0;
        // The words of the name, one of what is left with the length, then two ends: 0xee and 0xdd set the halves of the output apart.
        for (int step = 0; step <= words + 2; step++) {
            boolean inMessage = step <= words;
            if (inMessage) {
                word = step < words ? (long) LONGS.get(bytes, offset + 8 * step) : lastWord(bytes, offset, length);
                v3 ^= word;
            } else if (step == words + 1) {
                v2 ^= 0xee;
            } else {
                hash[at] = v0 ^ v1 ^ v2 ^ v3;
                v1 ^= 0xdd;
            }
            for (int round = inMessage ? wordRounds : finalRounds; round > 0; round--) {
                v0 += v1;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v0 = Long.rotateLeft(v0, 32);
                v2 += v3;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v2 = Long.rotateLeft(v2, 32);
            }
            if (inMessage) {
                v0 ^= word;
            }
        }
        hash[at + 1] = v0 ^ v1 ^ v2 ^ v3;
    }

    private static long lastWord(byte[] bytes, int offset, int length) {
        long word = (long) length << 56;
        int left = length & 7;
        int from = offset + length - left;
        for (int i = 0; i < left; i++) {
            word |= (bytes[from + i] & 0xFFL) << 8 * i;
        }
        return word;
    }
}
