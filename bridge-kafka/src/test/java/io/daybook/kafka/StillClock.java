package io.daybook.kafka;

import io.daybook.StoreClock;

/** It is always the same time. */
final class StillClock implements StoreClock {

    static final long TIME_NS = 1_700_000_000_120_000_000L;

    @Override
    public long wallNs() {
        return TIME_NS;
    }

    @Override
    public long monotonicNs() {
        return 0;
    }
}
