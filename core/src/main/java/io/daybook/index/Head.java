package io.daybook.index;

import io.daybook.envelope.SkipRule;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What is known of an entity's newest events, as eight longs: one cache line.
 * <pre>
 *   0, 1   hash of the name
 *   2      number of events, 40 bits | generation, 8 bits | used, 1 bit | fingerprint of the name, 15 bits
 *   3      address of the newest event
 *   4 … 7  addresses of the newest events whose version is a multiple of 16, 256, 4,096, 65,536
 * </pre>
 * The fingerprint is a second, independent hash: it shows when two names share the first. The generation tells whether the index on disk
 * has this head ({@link HeadTable}). Internal: not part of the API.
 */
public final class Head {

    /** Longs of a head. */
    public static final int WORDS = 8;
    /** Bytes of a head. */
    public static final int BYTES = 8 * WORDS;

    static final int META = 2;
    static final int NEWEST = 3;
    static final int LEVELS = 4;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long COUNT_MASK = (1L << 40) - 1;
    private static final int GENERATION_SHIFT = 40;
    private static final long USED = 1L << 48;
    private static final int FINGERPRINT_SHIFT = 49;
    private static final long GENERATION_AND_USED = 0x1FFL << GENERATION_SHIFT;

    private Head() {
    }

    /** Makes the head at this place one of an entity without events. */
    public static void clear(long[] heads, int at, int fingerprint) {
        heads[at + META] = (long) fingerprint << FINGERPRINT_SHIFT;
        for (int i = NEWEST; i < WORDS; i++) {
            heads[at + i] = 0;
        }
    }

    /** Version of the newest event; -1 if there is none. */
    public static long version(long[] heads, int at) {
        return count(heads[at + META]) - 1;
    }

    /** Address of the newest event. */
    public static long newest(long[] heads, int at) {
        return heads[at + NEWEST];
    }

    /** Address of the newest event whose version is a multiple of this level's number; 0 if there is none. */
    public static long level(long[] heads, int at, int level) {
        return heads[at + LEVELS + level];
    }

    /** Adds the entity's next event, which lies at this address. */
    public static void add(long[] heads, int at, long address) {
        long version = count(heads[at + META]);
        heads[at + META]++;
        heads[at + NEWEST] = address;
        for (int level = SkipRule.highestLevel(version); level >= 0; level--) {
            heads[at + LEVELS + level] = address;
        }
    }

    /** 15 bits from the bytes of the name, in no way related to its hash. */
    public static int fingerprint(byte[] bytes, int offset, int length) {
        long sum = length;
        int at = offset;
        for (int end = offset + length - Long.BYTES; at <= end; at += Long.BYTES) {
            sum = fold(sum, (long) LONGS.get(bytes, at));
        }
        for (int end = offset + length; at < end; at++) {
            sum = sum << 8 ^ sum >>> 56 ^ bytes[at];
        }
        return (int) (fold(sum, 0) >>> 49);
    }

    private static long fold(long sum, long word) {
        long mixed = (sum ^ word) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }

    static long count(long meta) {
        return meta & COUNT_MASK;
    }

    static int generation(long meta) {
        return (int) (meta >>> GENERATION_SHIFT) & 0xFF;
    }

    static int fingerprintOf(long meta) {
        return (int) (meta >>> FINGERPRINT_SHIFT);
    }

    static boolean used(long meta) {
        return (meta & USED) != 0;
    }

    static long withoutUse(long meta) {
        return meta & ~USED;
    }

    /** Without what is only of interest in memory. */
    static long stored(long meta) {
        return meta & ~GENERATION_AND_USED;
    }

    static long inGeneration(long meta, int generation) {
        return meta & ~GENERATION_AND_USED | (long) generation << GENERATION_SHIFT | USED;
    }
}
