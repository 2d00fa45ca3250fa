package io.daybook.append;

import io.daybook.envelope.DerivedId;

/**
 * The ids of the newest events, to find one that is given again: a ring by position, and a hash table of places in the ring. Ids that the
 * store derived take no place, for their position can be read from their bits. Under the store's lock.
 */
final class IdWindow {

    private final int mask;
    private final DerivedId derived;
    private final long[] ids;
    private final long[] given;
    private final int[] table;
    private final int epoch;
    private final long epochStart;
    private long end;
    private int idsGiven;

    /** For so many events, a power of two; events from {@code epochStart} on are of this epoch. */
    IdWindow(int events, DerivedId derived, int epoch, long epochStart) {
        this.epoch = epoch;
        this.epochStart = epochStart;
        mask = events - 1;
        this.derived = derived;
        ids = new long[2 * events];
        given = new long[events + 63 >>> 6];
        table = new int[2 * events];
    }

    /** Starts at this position, empty. */
    void startAt(long position) {
        end = position;
    }

    /** The next events, so many, came without an id. */
    void addDerived(int events) {
        for (int i = 0; i < events && idsGiven > 0; i++) {
            drop((int) (end + i) & mask);
        }
        end += events;
    }

    /** The next event came with this id. */
    void add(long high, long low) {
        int place = (int) end & mask;
        drop(place);
        ids[2 * place] = high;
        ids[2 * place + 1] = low;
        given[place >>> 6] |= 1L << place;
        idsGiven++;
        int slot = slotOf(high, low);
        while (table[slot] != 0) {
            slot = next(slot);
        }
        table[slot] = place + 1;
        end++;
    }

    /** Position of the newest event in the window that has this id; -1 if there is none. */
    long find(long high, long low) {
        long newest = -1;
        for (int slot = slotOf(high, low); table[slot] != 0; slot = next(slot)) {
            int place = table[slot] - 1;
            if (ids[2 * place] == high && ids[2 * place + 1] == low) {
                newest = Math.max(newest, positionOf(place));
            }
        }
        if (newest >= 0) {
            return newest;
        }
        long position = derived.positionOf(high, low);
        boolean inWindow = position >= 0 && position < end && position >= end - mask - 1 && !isGiven((int) position & mask);
        boolean lost = position >= epochStart && low != derived.low(epoch); // of an epoch whose events at these positions are gone
        return inWindow && !lost ? position : -1;
    }

    private long positionOf(int place) {
        long last = end - 1;
        return last - (last - place & mask);
    }

    private boolean isGiven(int place) {
        return (given[place >>> 6] & 1L << place) != 0;
    }

    private void drop(int place) {
        if (!isGiven(place)) {
            return;
        }
        given[place >>> 6] &= ~(1L << place);
        idsGiven--;
        int slot = slotOf(ids[2 * place], ids[2 * place + 1]);
        while (table[slot] != place + 1) {
            slot = next(slot);
        }
        remove(slot);
    }

    /** Closes the gap, so that probing never needs a mark for what was removed (Knuth, vol. 3, 6.4, algorithm R). */
    private void remove(int removed) {
        int gap = removed;
        int slot = removed;
        while (true) {
            table[gap] = 0;
            int wanted;
            do {
                slot = next(slot);
                if (table[slot] == 0) {
                    return;
                }
                int place = table[slot] - 1;
                wanted = slotOf(ids[2 * place], ids[2 * place + 1]);
            } while (gap <= slot ? gap < wanted && wanted <= slot : gap < wanted || wanted <= slot);
            table[gap] = table[slot];
            gap = slot;
        }
    }

    private int slotOf(long high, long low) {
        long mixed = (high ^ low) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & table.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & table.length - 1;
    }
}
