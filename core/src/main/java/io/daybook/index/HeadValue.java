package io.daybook.index;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.impl.EnumMarshallable;

/** Value of the map on disk: a head without its hash, and a check over both. Used again for each call. */
final class HeadValue {

    static final int WORDS = Head.WORDS - Head.META;
    static final int BYTES = 8 * (WORDS + 1);

    final long[] words = new long[WORDS];
    long check;

    /** Takes the head at this place, with its check. */
    void set(long[] heads, int at) {
        System.arraycopy(heads, at + Head.META, words, 0, WORDS);
        words[0] = Head.stored(words[0]);
        check = checkOf(heads[at], heads[at + 1]);
    }

    /** True if the check fits this hash and these words. */
    boolean isWhole(long high, long low) {
        return check == checkOf(high, low);
    }

    private long checkOf(long high, long low) {
        long mixed = mix(high, low);
        for (long word : words) {
            mixed = mix(mixed, word);
        }
        return mixed;
    }

    /** Steele, Lea and Flood's SplitMix64 step: every bit of both arguments reaches every bit of the answer. */
    private static long mix(long a, long b) {
        long z = (a ^ b) + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Writes 56 bytes without run-time compilation and without garbage. */
    static final class Marshaller implements SizedReader<HeadValue>, SizedWriter<HeadValue>, EnumMarshallable<Marshaller> {
        static final Marshaller INSTANCE = new Marshaller();

        @Override
        public long size(HeadValue value) {
            return BYTES;
        }

        @Override
        public void write(@SuppressWarnings("rawtypes") Bytes out, long size, HeadValue value) {
            for (long word : value.words) {
                out.writeLong(word);
            }
            out.writeLong(value.check);
        }

        @Override
        public HeadValue read(@SuppressWarnings("rawtypes") Bytes in, long size, HeadValue using) {
            HeadValue value = using == null ? new HeadValue() : using;
            for (int i = 0; i < WORDS; i++) {
                value.words[i] = in.readLong();
            }
            value.check = in.readLong();
            return value;
        }

        @Override
        public Marshaller readResolve() {
            return INSTANCE;
        }
    }
}
