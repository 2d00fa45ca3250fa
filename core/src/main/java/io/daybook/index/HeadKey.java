package io.daybook.index;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.impl.EnumMarshallable;

/** Key of the map on disk: both halves of an entity's hash. Used again for each call. */
final class HeadKey {

    static final int BYTES = 16;

    long high;
    long low;

    /** Writes sixteen bytes without run-time compilation and without garbage. */
    static final class Marshaller implements SizedReader<HeadKey>, SizedWriter<HeadKey>, EnumMarshallable<Marshaller> {
        static final Marshaller INSTANCE = new Marshaller();

        @Override
        public long size(HeadKey key) {
            return BYTES;
        }

        @Override
        public void write(@SuppressWarnings("rawtypes") Bytes out, long size, HeadKey key) {
            out.writeLong(key.high);
            out.writeLong(key.low);
        }

        @Override
        public HeadKey read(@SuppressWarnings("rawtypes") Bytes in, long size, HeadKey using) {
            HeadKey key = using == null ? new HeadKey() : using;
            key.high = in.readLong();
            key.low = in.readLong();
            return key;
        }

        @Override
        public Marshaller readResolve() {
            return INSTANCE;
        }
    }
}
