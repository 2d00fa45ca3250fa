package io.daybook.cli;

import io.daybook.StoreClock;

/**
 * Tells the time that the next commit happened at, as the source of the events has it, from 1970 on; after {@link #release()} the
 * machine's.
 */
final class EventClock implements StoreClock {

    private static final long MACHINE = -1;

    private volatile long ns;

    void set(long timeNs) {
        ns = timeNs;
    }

    void release() {
        ns = MACHINE;
    }

    @Override
    public long wallNs() {
        long set = ns;
        return set == MACHINE ? StoreClock.system().wallNs() : set;
    }

    /** The same: a jump between two events of a history is no fault of a clock. */
    @Override
    public long monotonicNs() {
        return wallNs();
    }
}
