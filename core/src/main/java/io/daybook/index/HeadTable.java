package io.daybook.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The heads of the entities used last, in flat memory outside the heap: open addressing, a cache line a head, in 256 segments that grow
 * one by one, so that no append waits for more than a small copy. Bounded: what the index on disk has too may be dropped; what it has not
 * (a dirty head) never is.
 *
 * <p>One writer at a time (the store's lock); any number of readers without a lock: each segment has a sequence that is odd while it
 * changes, and a reader whose sequence moved looks again. Segments are replaced, never changed in size, so a reader of an old one reads
 * old memory and looks again.
 *
 * <p>Dirty or not is told by generations: a head carries the one it changed in; {@link #beginFlush} opens the next, and once everything
 * older is on disk {@link #endFlush} says so. Nobody has to visit the heads to mark them clean.
 */
final class HeadTable {

    static final int SEGMENTS = 256;
    private static final int FIRST_SLOTS = 16;
    private static final int MOST_SLOTS = 1 << 24; // a buffer has at most 2 GiB
    private static final int LINE = 64;
    private static final int SLICE_BYTES = 64 * Head.BYTES;
    private static final int SEQUENCE_BITS = 40;

    private static final VarHandle SEQUENCE;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Segment.class, "sequence", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Segment {
        private volatile UnsafeBuffer slots = allocate(FIRST_SLOTS);
        @SuppressWarnings("unused")
        private long sequence;
        private volatile int evictions;
        private volatile int changedIn;
        private int mask = FIRST_SLOTS - 1;
        private int size;
    }

    private final Segment[] segments = new Segment[SEGMENTS];
    private final int mostSlots;
    private volatile int generation = 1;
    private volatile int flushedGeneration;
    private volatile long heads;
    private volatile long slots = (long) SEGMENTS * FIRST_SLOTS;
    private volatile long dirty;
    private volatile long dirtyBefore;

    HeadTable(long bytes) {
        mostSlots = (int) Math.min(MOST_SLOTS, Math.max(FIRST_SLOTS, bytes / Head.BYTES / SEGMENTS));
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment();
        }
    }

    private static UnsafeBuffer allocate(int slots) {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(slots * Head.BYTES, LINE).order(ByteOrder.nativeOrder()));
    }

    /** Copies the head of the hash that stands in {@code out}; false if it is not here. Any thread. */
    boolean read(long[] out, int at) {
        Segment segment = segmentOf(out[at]);
        while (true) {
            long before = (long) SEQUENCE.getAcquire(segment);
            if ((before & 1) == 0) {
                UnsafeBuffer slots = segment.slots;
                int slot = find(slots, slots.capacity() / Head.BYTES - 1, out[at], out[at + 1]);
                if (slot >= 0) {
                    copyOut(slots, slot, out, at);
                }
                VarHandle.acquireFence();
                if ((long) SEQUENCE.getOpaque(segment) == before) {
                    return slot >= 0;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** The same for the writer, who needs no second look. */
    boolean readLocked(long[] out, int at) {
        Segment segment = segmentOf(out[at]);
        int slot = find(segment.slots, segment.mask, out[at], out[at + 1]);
        if (slot < 0) {
            return false;
        }
        copyOut(segment.slots, slot, out, at);
        return true;
    }

    /** As long as this stays, so does everything in this hash's segment; {@link #droppedBetween} compares two. Any thread. */
    long token(long hash) {
        Segment segment = segmentOf(hash);
        long evictions = segment.evictions;
        return evictions << SEQUENCE_BITS | (long) SEQUENCE.getAcquire(segment) & (1L << SEQUENCE_BITS) - 1;
    }

    /** False: no head of the segment was dropped between these tokens, so what is not here was not here before. */
    static boolean droppedBetween(long token, long laterToken) {
        return token >>> SEQUENCE_BITS != laterToken >>> SEQUENCE_BITS;
    }

    /** How often heads of this hash's segment were dropped. Any thread. */
    int evictions(long hash) {
        return segmentOf(hash).evictions;
    }

    /** Stores a head that just changed. Writer only. */
    void put(long[] head, int at) {
        Segment segment = segmentOf(head[at]);
        int now = generation;
        int slot = find(segment.slots, segment.mask, head[at], head[at + 1]);
        if (slot < 0) {
            makeRoom(segment);
            slot = -1 - find(segment.slots, segment.mask, head[at], head[at + 1]);
            segment.size++;
            heads++;
            dirty++;
        } else if (Head.generation(segment.slots.getLong(slot * Head.BYTES + 8 * Head.META)) != (now & 0xFF)) {
            dirty++;
        }
        if (segment.changedIn != now) {
            segment.changedIn = now;
        }
        long sequence = (long) SEQUENCE.get(segment);
        SEQUENCE.setOpaque(segment, sequence + 1);
        VarHandle.storeStoreFence();
        UnsafeBuffer slots = segment.slots;
        int offset = slot * Head.BYTES;
        slots.putLong(offset, head[at]);
        slots.putLong(offset + 8, head[at + 1]);
        slots.putLong(offset + 16, Head.inGeneration(head[at + Head.META], now & 0xFF));
        for (int i = Head.NEWEST; i < Head.WORDS; i++) {
            slots.putLong(offset + 8 * i, head[at + i]);
        }
        SEQUENCE.setRelease(segment, sequence + 2);
    }

    private Segment segmentOf(long hash) {
        return segments[(int) (hash >>> 56)];
    }

    /**
     * The slot of a hash; -1 - the empty slot where it would go if it is not there. A hash of zeros is never used: it marks an empty slot.
     */
    private static int find(UnsafeBuffer slots, int mask, long high, long low) {
        int slot = (int) low & mask;
        for (int looked = 0; looked <= mask; looked++) {
            long slotLow = slots.getLong(slot * Head.BYTES + 8);
            long slotHigh = slots.getLong(slot * Head.BYTES);
            if (slotLow == low && slotHigh == high) {
                return slot;
            }
            if ((slotLow | slotHigh) == 0) {
                return -1 - slot;
            }
            slot = slot + 1 & mask;
        }
        return Integer.MIN_VALUE;
    }

    private static void copyOut(UnsafeBuffer slots, int slot, long[] out, int at) {
        int offset = slot * Head.BYTES;
        for (int i = Head.META; i < Head.WORDS; i++) {
            out[at + i] = slots.getLong(offset + 8 * i);
        }
    }

    private void makeRoom(Segment segment) {
        int capacity = segment.mask + 1;
        if (segment.size + 1 <= capacity - capacity / 4) {
            return;
        }
        if (capacity < mostSlots) {
            rebuild(segment, capacity * 2, false);
            return;
        }
        rebuild(segment, mostSlots, true);
    }

    /**
     * Copies the heads into a new segment; when asked to drop, leaves out clean ones. The new one is larger than asked for if the heads
     * that must stay need it: a commit must not fail because all are dirty. The bound holds again after the next flush.
     */
    private void rebuild(Segment segment, int capacity, boolean drop) {
        UnsafeBuffer old = segment.slots;
        int needed = capacity;
        int kept = drop ? countKept(old) : segment.size;
        while (kept + 1 > needed - needed / 4) {
            needed *= 2;
        }
        UnsafeBuffer fresh = allocate(needed);
        int mask = needed - 1;
        int size = 0;
        for (int offset = 0; offset < old.capacity(); offset += Head.BYTES) {
            long high = old.getLong(offset);
            long low = old.getLong(offset + 8);
            long meta = old.getLong(offset + 16);
            if ((high | low) == 0 || drop && mayDrop(high, meta)) {
                continue;
            }
            int slot = -1 - find(fresh, mask, high, low);
            fresh.putBytes(slot * Head.BYTES, old, offset, Head.BYTES);
            fresh.putLong(slot * Head.BYTES + 16, drop ? Head.withoutUse(meta) : meta);
            size++;
        }
        heads += size - segment.size;
        slots += needed - (segment.mask + 1);
        long sequence = (long) SEQUENCE.get(segment);
        SEQUENCE.setOpaque(segment, sequence + 1);
        VarHandle.storeStoreFence();
        segment.slots = fresh;
        segment.mask = mask;
        if (size < segment.size) {
            segment.evictions++;
        }
        segment.size = size;
        SEQUENCE.setRelease(segment, sequence + 2);
    }

    private int countKept(UnsafeBuffer slots) {
        int kept = 0;
        for (int offset = 0; offset < slots.capacity(); offset += Head.BYTES) {
            boolean empty = (slots.getLong(offset) | slots.getLong(offset + 8)) == 0;
            if (!empty && !mayDrop(slots.getLong(offset), slots.getLong(offset + 16))) {
                kept++;
            }
        }
        return kept;
    }

    /** Of the clean heads, those not used since the last time, and half of the others. */
    private boolean mayDrop(long high, long meta) {
        return !isDirty(meta) && (!Head.used(meta) || (high & 1) == 0);
    }

    private boolean isDirty(long meta) {
        int age = generation - Head.generation(meta) & 0xFF;
        return age < generation - flushedGeneration;
    }

    /** Opens the next generation; answers the one that is now complete. Writer only. */
    int beginFlush() {
        int complete = generation;
        dirtyBefore = dirty;
        dirty = 0;
        generation = complete + 1;
        return complete;
    }

    /** Everything that changed in this generation or before is on disk. */
    void endFlush(int complete) {
        flushedGeneration = complete;
        dirtyBefore = 0;
    }

    /**
     * Copies all dirty heads of a segment into the array, which grows if need be; answers the array, and their number in {@code count[0]}.
     * Goes by slices, each checked by itself: a segment that changes all the time would never hold still as a whole.
     */
    long[] dirtyHeads(int index, long[] into, int[] count) {
        Segment segment = segments[index];
        long[] out = into;
        UnsafeBuffer slots;
        do {
            count[0] = 0;
            slots = segment.slots;
            if (segment.changedIn <= flushedGeneration) {
                return out;
            }
            if (out.length < slots.capacity() / 8) {
                out = new long[slots.capacity() / 8];
            }
            for (int from = 0; from < slots.capacity(); from += SLICE_BYTES) {
                count[0] = copySlice(segment, slots, from, out, count[0]);
            }
        } while (slots != segment.slots); // heads never move within a buffer, but a larger one may have taken its place
        return out;
    }

    private int copySlice(Segment segment, UnsafeBuffer slots, int from, long[] out, int before) {
        while (true) {
            long sequence = (long) SEQUENCE.getAcquire(segment);
            if ((sequence & 1) == 0) {
                int count = copyDirty(slots, from, out, before);
                VarHandle.acquireFence();
                if ((long) SEQUENCE.getOpaque(segment) == sequence) {
                    return count;
                }
            }
            Thread.onSpinWait();
        }
    }

    private int copyDirty(UnsafeBuffer slots, int from, long[] out, int before) {
        int count = before;
        for (int offset = from; offset < Math.min(from + SLICE_BYTES, slots.capacity()); offset += Head.BYTES) {
            long high = slots.getLong(offset);
            long low = slots.getLong(offset + 8);
            if ((high | low) != 0 && isDirty(slots.getLong(offset + 16))) {
                int at = count++ * Head.WORDS;
                out[at] = high;
                out[at + 1] = low;
                copyOut(slots, offset / Head.BYTES, out, at);
            }
        }
        return count;
    }

    /** Heads that may not be dropped; an estimate from above. */
    long dirty() {
        return dirty + dirtyBefore;
    }

    /** Heads that the bound allows. */
    long bound() {
        return (long) SEGMENTS * (mostSlots - mostSlots / 4);
    }

    long heads() {
        return heads;
    }

    long bytes() {
        return slots * Head.BYTES;
    }
}
