package io.daybook.index;

import java.util.Arrays;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.CompactOffHeapLinearHashTable;
import net.openhft.chronicle.hash.impl.TierCountersArea;
import net.openhft.chronicle.hash.impl.VanillaChronicleHash;
import net.openhft.chronicle.map.VanillaChronicleMap;

/**
 * Looks at everything in the map of an owner that was killed: no sum protects it, and a head that a look-up no longer meets would be an
 * entity without events. A head has a check of its own; what is looked at here is that each one would be found: that nothing is locked,
 * that the tiers of each segment are linked, that each slot of a tier's hash table stands where its key may stand, leads to a head of this
 * key, and no two to the same; that as many are counted, and that exactly their room is taken.
 *
 * <p>Source: Chronicle Map's specification, "Memory layout" and "Hash table slots"; the version is pinned, and every bit of a small map is
 * changed in a test. Done here and not by Chronicle, which follows whatever link stands there, and takes a whole lock for each look.
 */
final class MapCheck {

    private static final Memory MEMORY = OS.memory();
    private static final BigSegmentHeader HEADER = BigSegmentHeader.INSTANCE;
    private static final LongHashFunction HASH = LongHashFunction.xx_r39();

    private final VanillaChronicleMap<?, ?, ?> map;
    private final CompactOffHeapLinearHashTable slots;
    private final long slotMask;
    private final long freeListOffset;
    private final long entriesOffset;
    private final HeadValue value = new HeadValue();
    private final long[] taken;
    private long tiersInUse;

    private MapCheck(VanillaChronicleMap<?, ?, ?> map) {
        this.map = map;
        slots = map.hashLookup;
        slotMask = map.tierHashLookupCapacity - 1;
        freeListOffset = map.tierHashLookupOuterSize + VanillaChronicleHash.TIER_COUNTERS_AREA_SIZE;
        entriesOffset = freeListOffset + map.tierFreeListOuterSize + map.tierEntrySpaceInnerOffset;
        taken = new long[(int) (map.tierFreeListInnerSize / Long.BYTES)];
    }

    /** True if each head that was put is whole and would be found; nobody uses the map meanwhile. */
    static boolean isWhole(VanillaChronicleMap<?, ?, ?> map) {
        return new MapCheck(map).areAllWhole();
    }

    private boolean areAllWhole() {
        for (int segment = 0; segment < map.actualSegments; segment++) {
            if (!isSegmentWhole(segment)) {
                return false;
            }
        }
        return tiersInUse == map.globalMutableState().getExtraTiersInUse() && areFreeTiersLinked();
    }

    private boolean isSegmentWhole(int segment) {
        long header = map.segmentHeaderAddress(segment);
        if (MEMORY.readLong(header) != 0 || HEADER.deleted(header) != 0
                || HEADER.lowestPossiblyFreeChunk(header) > map.actualChunksPerSegmentTier
                || !isTierWhole(segment, map.segmentBaseAddr(segment), HEADER.entries(header))) {
            return false;
        }
        long tier = segment + 1L; // Chronicle counts tiers from one on, those of the segments first
        long next = HEADER.nextTierIndex(header);
        for (int number = 1; next != 0; number++) {
            if (!isExtraTier(next) || ++tiersInUse > map.globalMutableState().getExtraTiersInUse()) {
                return false;
            }
            long start = map.tierIndexToBaseAddr(next);
            long counters = start + map.tierHashLookupOuterSize;
            if (TierCountersArea.prevTierIndex(counters) != tier || TierCountersArea.segmentIndex(counters) != segment
                    || TierCountersArea.tier(counters) != number || TierCountersArea.deleted(counters) != 0
                    || TierCountersArea.lowestPossiblyFreeChunkTiered(counters) > map.actualChunksPerSegmentTier
                    || TierCountersArea.lowestPossiblyFreeChunkTiered(counters) < 0
                    || !isTierWhole(segment, start, TierCountersArea.entries(counters))) {
                return false;
            }
            tier = next;
            next = TierCountersArea.nextTierIndex(counters);
        }
        return true;
    }

    private boolean isExtraTier(long tier) {
        return tier > map.actualSegments && tier <= map.actualSegments + extraTiers();
    }

    private long extraTiers() {
        return map.globalMutableState().getAllocatedExtraTierBulks() * map.tiersInBulk;
    }

    private boolean areFreeTiersLinked() {
        long free = 0;
        for (long tier = map.globalMutableState().getFirstFreeTierIndex(); tier != 0; free++) {
            if (!isExtraTier(tier) || free > extraTiers()) {
                return false;
            }
            tier = TierCountersArea.nextTierIndex(map.tierIndexToBaseAddr(tier) + map.tierHashLookupOuterSize);
        }
        return tiersInUse + free == extraTiers();
    }

    private boolean isTierWhole(int segment, long start, long entries) {
        Arrays.fill(taken, 0);
        long slot = 0;
        while (!slots.empty(read(start, slot))) {
            if (++slot > slotMask) {
                return false; // Chronicle leaves a fifth of the slots empty
            }
        }
        long found = 0;
        long since = 0; // slots since the last empty one: a look-up ends there
        for (long seen = 0; seen < slotMask; seen++) {
            slot = slot + 1 & slotMask;
            long entry = read(start, slot);
            if (slots.empty(entry)) {
                since = 0;
                continue;
            }
            long key = slots.key(entry);
            if ((slot - key & slotMask) > since++ || !takeChunk(slots.value(entry))
                    || !isHeadWhole(segment, key, start + entriesOffset + slots.value(entry) * map.chunkSize)) {
                return false;
            }
            found++;
        }
        return found == entries && isRoomTaken(start + freeListOffset);
    }

    private long read(long start, long slot) {
        return slots.readEntry(start, slot * map.tierHashLookupSlotSize);
    }

    /** False if there is no such chunk, or if another slot has taken it. */
    private boolean takeChunk(long chunk) {
        long bit = 1L << chunk;
        if (chunk >= map.actualChunksPerSegmentTier || (taken[(int) (chunk >> 6)] & bit) != 0) {
            return false;
        }
        taken[(int) (chunk >> 6)] |= bit;
        return true;
    }

    private boolean isHeadWhole(int segment, long slotKey, long at) {
        long hash = HASH.hashMemory(at, HeadKey.BYTES);
        if (map.hashSplitting.segmentIndex(hash) != segment || slots.maskUnsetKey(map.hashSplitting.segmentHash(hash)) != slotKey) {
            return false;
        }
        long words = VanillaChronicleMap.alignAddr(at + HeadKey.BYTES, map.alignment);
        for (int i = 0; i < HeadValue.WORDS; i++) {
            value.words[i] = MEMORY.readLong(words + (long) i * Long.BYTES);
        }
        value.check = MEMORY.readLong(words + (long) HeadValue.WORDS * Long.BYTES);
        return value.isWhole(MEMORY.readLong(at), MEMORY.readLong(at + Long.BYTES));
    }

    private boolean isRoomTaken(long freeList) {
        for (int i = 0; i < taken.length; i++) {
            if (MEMORY.readLong(freeList + (long) i * Long.BYTES) != taken[i]) {
                return false;
            }
        }
        return true;
    }
}
