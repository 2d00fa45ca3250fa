package io.daybook.index;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;

/**
 * Heads in flat memory outside the heap, a cache line each: a hash table with open addressing that never changes in size, for hashes with
 * the same highest byte. Whoever calls sees to it that one thread writes (but for {@link #prefetch}), and that no reader believes what it
 * read beside a change ({@link HeadTable}).
 *
 * <p>Memory is accessed without a check of bounds, which took a twelfth of an append: no slot is higher than the mask. Memory must not be
 * freed under a reader, so a reader looks at its {@code HeadSlots} once more when it is done.
 */
final class HeadSlots {

    /** More would not fit into one buffer. */
    static final int MOST = 1 << 24;

    private static final int HIGHEST_BYTE_OFFSET = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Long.BYTES - 1 : 0;

    private final ByteBuffer memory; // holds what is at the address
    private final long address;
    private final int mask;

    /** So many empty slots, a power of two. */
    HeadSlots(int slots) {
        memory = BufferUtil.allocateDirectAligned(slots * Head.BYTES, Head.BYTES);
        address = BufferUtil.address(memory);
        mask = slots - 1;
    }

    /** Number of slots. */
    int count() {
        return mask + 1;
    }

    /** Bytes of memory. */
    long bytes() {
        return memory.capacity();
    }

    /** A word of the head in this slot; see {@link Head}. */
    long word(int slot, int word) {
        return UnsafeApi.getLong(addressOf(slot) + Long.BYTES * word);
    }

    private long addressOf(int slot) {
        assert slot >= 0 && slot <= mask : slot;
        return address + (long) Head.BYTES * slot;
    }

    /** True of the hashes that mark an empty slot and are no entity's: zeros behind the highest byte, which {@link #prefetch} may store. */
    static boolean marksEmpty(long high, long low) {
        return (high << Byte.SIZE | low) == 0;
    }

    boolean isEmpty(int slot) {
        return marksEmpty(word(slot, 0), word(slot, 1));
    }

    /** The slot of a hash; -1 - the empty slot where it would go if it is not there. */
    int find(long high, long low) {
        int slot = (int) low & mask;
        for (int looked = 0; looked <= mask; looked++) {
            long head = addressOf(slot);
            long slotHigh = UnsafeApi.getLong(head);
            long slotLow = UnsafeApi.getLong(head + Long.BYTES);
            if (slotLow == low && slotHigh == high) {
                return slot;
            }
            if (marksEmpty(slotHigh, slotLow)) {
                return -1 - slot;
            }
            slot = slot + 1 & mask;
        }
        return Integer.MIN_VALUE;
    }

    /** Loads where the search for this hash begins: the misses of many loads overlap. An append has one, see {@link #prefetch}. */
    long load(long low) {
        return word((int) low & mask, 0);
    }

    /**
     * Prefetches the slot where the search for this hash begins, for writing; does not wait for it. The JDK has no prefetch, and a load
     * that misses holds up what comes behind it, but a store waits in the store buffer. So this stores what stands there already: the
     * highest byte, which all hashes here have in common and which means nothing in an empty slot. Any thread.
     */
    void prefetch(long high, long low) {
        UnsafeApi.putByte(addressOf((int) low & mask) + HIGHEST_BYTE_OFFSET, (byte) (high >>> Long.SIZE - Byte.SIZE));
        Reference.reachabilityFence(this); // the memory must not be freed under the store
    }

    /** Copies all of a head but its hash. */
    void copyOut(int slot, long[] out, int at) {
        long head = addressOf(slot);
        for (int i = Head.META; i < Head.WORDS; i++) {
            out[at + i] = UnsafeApi.getLong(head + Long.BYTES * i);
        }
    }

    /** Stores a head, with this for its {@link Head#META}. */
    void put(int slot, long[] in, int at, long meta) {
        long head = addressOf(slot);
        UnsafeApi.putLong(head, in[at]);
        UnsafeApi.putLong(head + Long.BYTES, in[at + 1]);
        UnsafeApi.putLong(head + Long.BYTES * Head.META, meta);
        for (int i = Head.NEWEST; i < Head.WORDS; i++) {
            UnsafeApi.putLong(head + Long.BYTES * i, in[at + i]);
        }
    }
}
