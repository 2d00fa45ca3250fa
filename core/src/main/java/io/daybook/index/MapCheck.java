package io.daybook.index;

import io.daybook.host.ThreadPerTask;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.hash.impl.TierCountersArea;
import net.openhft.chronicle.map.VanillaChronicleMap;

/**
 * Looks at everything in the map of an owner that was killed: no sum protects it, and a head that a look-up no longer meets would be an
 * entity without events. A head has a check of its own; what is looked at here is that each one would be found: that the tiers of each
 * segment are linked, that each slot of a tier's hash table stands where its key may stand, leads to a head of this key, and no two to the
 * same; that as many are counted, and that exactly their room is taken. An owner that was killed in the middle of a change leaves one of
 * these untrue, or the change is whole. By all processors, a segment at a time: an open waits for it.
 *
 * <p>Source: {@link MapMemory}; every bit of a small map is changed in a test. Done here and not by Chronicle, which follows whatever link
 * stands there, and takes a whole lock for each look.
 */
final class MapCheck {

    private static final Memory MEMORY = OS.memory();
    private static final BigSegmentHeader HEADER = BigSegmentHeader.INSTANCE;
    private static final long NOT_WHOLE = -1;
    private static final int NO_SEGMENT = -1;

    private final VanillaChronicleMap<?, ?, ?> map;
    private final MapMemory memory;
    private final long[] taken;

    private MapCheck(VanillaChronicleMap<?, ?, ?> map) {
        this.map = map;
        memory = new MapMemory(map);
        taken = new long[(int) (map.tierFreeListInnerSize / Long.BYTES)];
    }

    /** True if each head that was put is whole and would be found; nobody uses the map meanwhile. */
    static boolean isWhole(VanillaChronicleMap<?, ?, ?> map, ThreadFactory threads) throws IOException {
        long[] tiers = new long[map.actualSegments];
        new ThreadPerTask(threads, "daybook-check").forEach(tiers.length,
                segment -> tiers[segment] = new MapCheck(map).extraTiersOf(segment));
        long inUse = Arrays.stream(tiers).sum();
        return Arrays.stream(tiers).noneMatch(each -> each == NOT_WHOLE) && inUse == map.globalMutableState().getExtraTiersInUse()
                && new MapCheck(map).areFreeTiersLinked(inUse);
    }

    /**
     * Opens the locks in which the owner was killed: they know nobody who would. What it was at is looked at by {@link #isWhole}. The lock
     * that all segments share is not among them: {@link MapFile#sumOfDescription} sees that it is held.
     */
    static void unlock(VanillaChronicleMap<?, ?, ?> map) {
        for (int segment = 0; segment < map.actualSegments; segment++) {
            MEMORY.writeLong(map.segmentHeaderAddress(segment), HEADER.resetLockState());
        }
    }

    /** How many tiers a segment has beyond its first; {@link #NOT_WHOLE} if something in it is not as it should be. */
    private long extraTiersOf(int segment) {
        long header = map.segmentHeaderAddress(segment);
        if (HEADER.deleted(header) != 0 || HEADER.lowestPossiblyFreeChunk(header) > map.actualChunksPerSegmentTier
                || !isTierWhole(segment, map.segmentBaseAddr(segment), HEADER.entries(header))) {
            return NOT_WHOLE;
        }
        long tier = segment + 1L; // Chronicle counts tiers from one on, those of the segments first
        long next = HEADER.nextTierIndex(header);
        int number = 0;
        while (next != 0) {
            if (!isExtraTier(next) || ++number > map.globalMutableState().getExtraTiersInUse()) {
                return NOT_WHOLE;
            }
            long start = map.tierIndexToBaseAddr(next);
            long counters = memory.countersOf(start);
            if (TierCountersArea.prevTierIndex(counters) != tier || TierCountersArea.segmentIndex(counters) != segment
                    || TierCountersArea.tier(counters) != number || TierCountersArea.deleted(counters) != 0
                    || TierCountersArea.lowestPossiblyFreeChunkTiered(counters) > map.actualChunksPerSegmentTier
                    || TierCountersArea.lowestPossiblyFreeChunkTiered(counters) < 0
                    || !isTierWhole(segment, start, TierCountersArea.entries(counters))) {
                return NOT_WHOLE;
            }
            tier = next;
            next = TierCountersArea.nextTierIndex(counters);
        }
        return number;
    }

    private boolean isExtraTier(long tier) {
        return tier > map.actualSegments && tier <= map.actualSegments + extraTiers();
    }

    private long extraTiers() {
        return map.globalMutableState().getAllocatedExtraTierBulks() * map.tiersInBulk;
    }

    private boolean areFreeTiersLinked(long inUse) {
        long free = 0;
        for (long tier = map.globalMutableState().getFirstFreeTierIndex(); tier != 0; free++) {
            if (!isExtraTier(tier) || free > extraTiers()) {
                return false;
            }
            long start = map.tierIndexToBaseAddr(tier);
            long counters = memory.countersOf(start);
            if (TierCountersArea.tier(counters) != 0 || TierCountersArea.entries(counters) != 0 || !isTierWhole(NO_SEGMENT, start, 0)) {
                return false; // it is in use, too, or Chronicle would take it as it is
            }
            tier = TierCountersArea.nextTierIndex(counters);
        }
        return inUse + free == extraTiers();
    }

    private boolean isTierWhole(int segment, long start, long entries) {
        Arrays.fill(taken, 0);
        long slot = 0;
        while (!memory.isEmpty(memory.entry(start, slot))) {
            if (++slot == memory.slots()) {
                return false; // Chronicle leaves a fifth of the slots empty
            }
        }
        long found = 0;
        long since = 0; // slots since the last empty one: a look-up ends there
        for (long seen = 1; seen < memory.slots(); seen++) {
            slot = memory.after(slot);
            long entry = memory.entry(start, slot);
            if (memory.isEmpty(entry)) {
                since = 0;
                continue;
            }
            if (memory.distance(slot, memory.keyOf(entry)) > since++ || !takeChunk(memory.chunkOf(entry))
                    || !isHeadWhole(segment, memory.keyOf(entry), memory.headOf(start, entry))) {
                return false;
            }
            found++;
        }
        return found == entries && isRoomTaken(memory.freeListOf(start));
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

    private boolean isHeadWhole(int segment, long slotKey, long head) {
        long hash = MapMemory.hashOf(head);
        return memory.segmentOf(hash) == segment && memory.slotKeyOf(hash) == slotKey && memory.isHeadWhole(head);
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
