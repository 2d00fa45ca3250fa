package io.daybook.bench.contender;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The key of an event in an ordered store: the entity's name and the version, most significant byte first, so that the events of an entity
 * lie side by side in the order of their versions. Used again and again; one thread.
 */
final class EntityKey {

    static final int MOST_BYTES = 512;

    private static final int VERSION_BYTES = Long.BYTES;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(MOST_BYTES);
    private final UnsafeBuffer buffer = new UnsafeBuffer(memory);
    private int nameLength;

    /** Takes another entity; names are ASCII. */
    EntityKey entity(String name) {
        nameLength = buffer.putStringWithoutLengthAscii(0, name);
        return this;
    }

    /** The key of this version, between position and limit; holds until the next call. */
    ByteBuffer version(long version) {
        buffer.putLong(nameLength, version, ByteOrder.BIG_ENDIAN);
        return memory.limit(nameLength + VERSION_BYTES).position(0);
    }

    /** The name, between position and limit; holds until the next call. */
    ByteBuffer name() {
        return memory.limit(nameLength).position(0);
    }

    int nameLength() {
        return nameLength;
    }

    /** True for a key of this entity, of whatever version. No other entity's key has this length and begins so. */
    boolean isOf(DirectBuffer key) {
        if (key.capacity() != nameLength + VERSION_BYTES) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (key.getByte(i) != buffer.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    /** The version in a key of this entity. */
    long versionIn(DirectBuffer key) {
        return key.getLong(nameLength, ByteOrder.BIG_ENDIAN);
    }
}
