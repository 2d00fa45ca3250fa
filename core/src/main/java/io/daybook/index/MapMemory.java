package io.daybook.index;

import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import net.openhft.chronicle.hash.impl.TierCountersArea;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.VanillaChronicleMap;

/**
 * The memory of a map of heads, read past Chronicle: for an open, which has the map to itself and needs no locks. One thread; nobody
 * writes meanwhile.
 *
 * <p>Source: Chronicle Map's specification, "Memory layout" and "Hash table slots"; the version is pinned.
 */
final class MapMemory {

    private static final Memory MEMORY = OS.memory();
    private static final BigSegmentHeader HEADER = BigSegmentHeader.INSTANCE;
    private static final LongHashFunction HASH = LongHashFunction.xx_r39();

    private final VanillaChronicleMap<?, ?, ?> map;
    private final CompactOffHeapLinearHashTable slots;
    private final long slotMask;
    private final long freeListOffset;
    private final long entriesOffset;
    private final HeadValue value = new HeadValue();
    private final long[] hashed = new long[HeadKey.BYTES / Long.BYTES];

    MapMemory(VanillaChronicleMap<?, ?, ?> map) {
        this.map = map;
        slots = map.hashLookup;
        slotMask = map.tierHashLookupCapacity - 1;
        freeListOffset = map.tierHashLookupOuterSize + VanillaChronicleHash.TIER_COUNTERS_AREA_SIZE;
        entriesOffset = freeListOffset + map.tierFreeListOuterSize + map.tierEntrySpaceInnerOffset;
    }

    /** Completes the head whose hash stands at this place; false if it is not here. The map is believed. */
    boolean get(long[] heads, int at) {
        long high = heads[at];
        long low = heads[at + 1];
        long hash = hash(high, low);
        long key = slotKeyOf(hash);
        int segment = segmentOf(hash);
        long tier = map.segmentBaseAddr(segment);
        long next = HEADER.nextTierIndex(map.segmentHeaderAddress(segment));
        while (true) {
            long slot = key & slotMask;
            for (long entry = entry(tier, slot); !isEmpty(entry); entry = entry(tier, slot)) {
                long head = headOf(tier, entry);
                if (slots.key(entry) == key && MEMORY.readLong(head) == high && MEMORY.readLong(head + Long.BYTES) == low) {
                    copy(head, heads, at);
                    return true;
                }
                slot = after(slot);
            }
            if (next == 0) {
                return false;
            }
            tier = map.tierIndexToBaseAddr(next);
            next = TierCountersArea.nextTierIndex(countersOf(tier));
        }
    }

    private void copy(long head, long[] heads, int at) {
        if (!isHeadWhole(head)) {
            throw new IndexDamagedException("A head in the index is damaged; it is rebuilt: file=" + map.file());
        }
        System.arraycopy(value.words, 0, heads, at + Head.META, HeadValue.WORDS);
    }

    /** True if the check of the head at this address fits it. */
    boolean isHeadWhole(long head) {
        long words = VanillaChronicleMap.alignAddr(head + HeadKey.BYTES, map.alignment);
        for (int i = 0; i < HeadValue.WORDS; i++) {
            value.words[i] = MEMORY.readLong(words + (long) i * Long.BYTES);
        }
        value.check = MEMORY.readLong(words + (long) HeadValue.WORDS * Long.BYTES);
        return value.isWhole(MEMORY.readLong(head), MEMORY.readLong(head + Long.BYTES));
    }

    private long hash(long high, long low) {
        hashed[0] = high;
        hashed[1] = low;
        return HASH.hashLongs(hashed);
    }

    /** Chronicle's hash of the key of the head at this address. */
    static long hashOf(long head) {
        return HASH.hashMemory(head, HeadKey.BYTES);
    }

    int segmentOf(long hash) {
        return map.hashSplitting.segmentIndex(hash);
    }

    /** What a slot keeps of a hash; a look-up begins at the slot that its last bits name. */
    long slotKeyOf(long hash) {
        return slots.maskUnsetKey(map.hashSplitting.segmentHash(hash));
    }

    long slots() {
        return slotMask + 1;
    }

    long after(long slot) {
        return slot + 1 & slotMask;
    }

    /** How far a slot is from where a look-up for this key begins. */
    long distance(long slot, long key) {
        return slot - key & slotMask;
    }

    long entry(long tier, long slot) {
        return slots.readEntry(tier, slot * map.tierHashLookupSlotSize);
    }

    boolean isEmpty(long entry) {
        return slots.empty(entry);
    }

    long keyOf(long entry) {
        return slots.key(entry);
    }

    long chunkOf(long entry) {
        return slots.value(entry);
    }

    /** Address of the head that a slot leads to. */
    long headOf(long tier, long entry) {
        return tier + entriesOffset + chunkOf(entry) * map.chunkSize;
    }

    long freeListOf(long tier) {
        return tier + freeListOffset;
    }

    long countersOf(long tier) {
        return tier + map.tierHashLookupOuterSize;
    }
}
