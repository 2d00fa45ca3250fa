package io.daybook.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The heads of the entities used last, in flat memory outside the heap: open addressing, a cache line a head, in 256 segments that grow
 * one by one, so that no append waits for more than a small copy. Bounded: what the index on disk has too may be dropped; what it has not
 * (a dirty head) never is.
 *
 * <p>One writer at a time (the store's lock), but for {@link #prefetch}, which stores only what stands there; any number of readers
 * without a lock: each segment has a sequence that is odd while it changes, and a reader whose sequence moved looks again. Segments are
 * replaced, never changed in size, so a reader of an old one reads old memory and looks again.
 *
 * <p>Dirty or not is told by generations: a head carries the one it changed in; {@link #beginFlush} opens the next, and once everything
 * older is on disk {@link #endFlush} says so. Nobody has to visit the heads to mark them clean.
 */
final class HeadTable {

    static final int SEGMENTS = 256;
    private static final int FIRST_SLOTS = 16;
    private static final int SLICE = 64;
    private static final int SEQUENCE_BITS = 40;

    private static final VarHandle SEQUENCE;
    private static final VarHandle DIRTY;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Segment.class, "sequence", long.class);
            DIRTY = MethodHandles.lookup().findVarHandle(HeadTable.class, "dirty", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final class Segment {
        private volatile HeadSlots slots = new HeadSlots(FIRST_SLOTS);
        @SuppressWarnings("unused")
        private long sequence;
        private volatile int evictions;
        private volatile int changedIn;
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
        mostSlots = (int) Math.min(HeadSlots.MOST, Math.max(FIRST_SLOTS, bytes / Head.BYTES / SEGMENTS));
        for (int i = 0; i < SEGMENTS; i++) {
            segments[i] = new Segment();
        }
    }

    /** Copies the head of the hash that stands in {@code out}; false if it is not here. Any thread. */
    boolean read(long[] out, int at) {
        Segment segment = segmentOf(out[at]);
        while (true) {
            long before = (long) SEQUENCE.getAcquire(segment);
            if ((before & 1) == 0) {
                HeadSlots slots = segment.slots;
                int slot = slots.find(out[at], out[at + 1]);
                if (slot >= 0) {
                    slots.copyOut(slot, out, at);
                }
                VarHandle.acquireFence();
                if ((long) SEQUENCE.getOpaque(segment) == before && slots == segment.slots) {
                    return slot >= 0;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** The same for the writer, who needs no second look. */
    boolean readLocked(long[] out, int at) {
        HeadSlots slots = segmentOf(out[at]).slots;
        int slot = slots.find(out[at], out[at + 1]);
        if (slot < 0) {
            return false;
        }
        slots.copyOut(slot, out, at);
        return true;
    }

    /** Looks at where the head of a hash would be, so that it is in the processor's cache soon. Writer only. */
    long load(long high, long low) {
        return segmentOf(high).slots.load(low);
    }

    /** Prefetches the cache line where the search for a hash begins, without waiting for it. Any thread. */
    void prefetch(long high, long low) {
        segmentOf(high).slots.prefetch(high, low);
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
        HeadSlots slots = segment.slots;
        int slot = slots.find(head[at], head[at + 1]);
        if (slot < 0) {
            makeRoom(segment);
            slots = segment.slots;
            slot = -1 - slots.find(head[at], head[at + 1]);
            segment.size++;
            heads++;
            addDirty();
        } else if (Head.generation(slots.word(slot, Head.META)) != (now & 0xFF)) {
            addDirty();
        }
        if (segment.changedIn != now) {
            segment.changedIn = now;
        }
        long sequence = (long) SEQUENCE.get(segment);
        SEQUENCE.setOpaque(segment, sequence + 1);
        VarHandle.storeStoreFence();
        slots.put(slot, head, at, Head.inGeneration(head[at + Head.META], now & 0xFF));
        SEQUENCE.setRelease(segment, sequence + 2);
    }

    private void addDirty() {
        DIRTY.setRelease(this, dirty + 1); // a full fence would wait until the commit's bytes have left the processor
    }

    private Segment segmentOf(long hash) {
        return segments[(int) (hash >>> 56)];
    }

    private void makeRoom(Segment segment) {
        int capacity = segment.slots.count();
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
        HeadSlots old = segment.slots;
        int needed = capacity;
        int kept = drop ? countKept(old) : segment.size;
        while (kept + 1 > needed - needed / 4) {
            needed *= 2;
        }
        HeadSlots fresh = new HeadSlots(needed);
        int size = copyKept(old, fresh, drop);
        heads += size - segment.size;
        slots += needed - old.count();
        long sequence = (long) SEQUENCE.get(segment);
        SEQUENCE.setOpaque(segment, sequence + 1);
        VarHandle.storeStoreFence();
        segment.slots = fresh;
        if (size < segment.size) {
            segment.evictions++;
        }
        segment.size = size;
        SEQUENCE.setRelease(segment, sequence + 2);
    }

    private int copyKept(HeadSlots from, HeadSlots to, boolean drop) {
        long[] head = new long[Head.WORDS];
        int size = 0;
        for (int slot = 0; slot < from.count(); slot++) {
            long meta = from.word(slot, Head.META);
            head[0] = from.word(slot, 0);
            head[1] = from.word(slot, 1);
            if (from.isEmpty(slot) || drop && mayDrop(head[0], meta)) {
                continue;
            }
            from.copyOut(slot, head, 0);
            to.put(-1 - to.find(head[0], head[1]), head, 0, drop ? Head.withoutUse(meta) : meta);
            size++;
        }
        return size;
    }

    private int countKept(HeadSlots slots) {
        int kept = 0;
        for (int slot = 0; slot < slots.count(); slot++) {
            if (!slots.isEmpty(slot) && !mayDrop(slots.word(slot, 0), slots.word(slot, Head.META))) {
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
        dirtyBefore += dirty; // an earlier flush that failed has left some, too
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
        HeadSlots slots;
        do {
            count[0] = 0;
            slots = segment.slots;
            if (segment.changedIn <= flushedGeneration) {
                return out;
            }
            if (out.length < slots.count() * Head.WORDS) {
                out = new long[slots.count() * Head.WORDS];
            }
            for (int from = 0; from < slots.count(); from += SLICE) {
                count[0] = copySlice(segment, slots, from, out, count[0]);
            }
        } while (slots != segment.slots); // heads never move within a buffer, but a larger one may have taken its place
        return out;
    }

    private int copySlice(Segment segment, HeadSlots slots, int from, long[] out, int before) {
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

    private int copyDirty(HeadSlots slots, int from, long[] out, int before) {
        int count = before;
        for (int slot = from; slot < Math.min(from + SLICE, slots.count()); slot++) {
            if (!slots.isEmpty(slot) && isDirty(slots.word(slot, Head.META))) {
                int at = count++ * Head.WORDS;
                out[at] = slots.word(slot, 0);
                out[at + 1] = slots.word(slot, 1);
                slots.copyOut(slot, out, at);
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
