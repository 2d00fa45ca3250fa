package io.daybook.envelope;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;

/**
 * Little-endian numbers in an array, or in the memory behind a buffer, without a check of bounds unless assertions are on. For what stands
 * between the lock and its end, and for replays: there is one check of room for all fields of an event, and one for each of them took a
 * twelfth of an append together.
 */
final class Unchecked {

    private static final long BASE = UnsafeApi.arrayBaseOffset(byte[].class);
    private static final boolean REVERSED = ByteOrder.nativeOrder() != CommitDescriptor.ORDER;

    private Unchecked() {
    }

    private static long at(byte[] bytes, int offset, int length) {
        assert offset >= 0 && offset + length <= bytes.length : offset;
        return BASE + offset;
    }

    private static long at(DirectBuffer buffer, long address, int length) {
        assert address >= buffer.addressOffset() && address + length <= buffer.addressOffset() + buffer.capacity() : address;
        return address;
    }

    static short getShort(byte[] bytes, int offset) {
        short value = UnsafeApi.getShort(bytes, at(bytes, offset, Short.BYTES));
        return REVERSED ? Short.reverseBytes(value) : value;
    }

    static int getInt(byte[] bytes, int offset) {
        int value = UnsafeApi.getInt(bytes, at(bytes, offset, Integer.BYTES));
        return REVERSED ? Integer.reverseBytes(value) : value;
    }

    static long getLong(byte[] bytes, int offset) {
        long value = UnsafeApi.getLong(bytes, at(bytes, offset, Long.BYTES));
        return REVERSED ? Long.reverseBytes(value) : value;
    }

    /** In this buffer; the address is its own, plus an offset that the caller has checked. */
    static short getShort(DirectBuffer buffer, long address) {
        short value = UnsafeApi.getShort(buffer.byteArray(), at(buffer, address, Short.BYTES));
        return REVERSED ? Short.reverseBytes(value) : value;
    }

    static int getInt(DirectBuffer buffer, long address) {
        int value = UnsafeApi.getInt(buffer.byteArray(), at(buffer, address, Integer.BYTES));
        return REVERSED ? Integer.reverseBytes(value) : value;
    }

    static long getLong(DirectBuffer buffer, long address) {
        long value = UnsafeApi.getLong(buffer.byteArray(), at(buffer, address, Long.BYTES));
        return REVERSED ? Long.reverseBytes(value) : value;
    }

    static void putShort(byte[] bytes, int offset, short value) {
        UnsafeApi.putShort(bytes, at(bytes, offset, Short.BYTES), REVERSED ? Short.reverseBytes(value) : value);
    }

    static void putInt(byte[] bytes, int offset, int value) {
        UnsafeApi.putInt(bytes, at(bytes, offset, Integer.BYTES), REVERSED ? Integer.reverseBytes(value) : value);
    }

    static void putLong(byte[] bytes, int offset, long value) {
        UnsafeApi.putLong(bytes, at(bytes, offset, Long.BYTES), REVERSED ? Long.reverseBytes(value) : value);
    }
}
