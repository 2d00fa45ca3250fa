package io.daybook;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is moved. */
public final class TestClock implements StoreClock {

    /** 2026-01-01T00:00:00Z. */
    public static final long START_NS = 1_767_225_600_000_000_000L;

    private final AtomicLong wall = new AtomicLong(START_NS);
    private final AtomicLong monotonic = new AtomicLong(17);

    /** Time passes: both clocks go on. */
    public void pass(long ns) {
        wall.addAndGet(ns);
        monotonic.addAndGet(ns);
    }

    /** Somebody sets the clock of the machine; no time passes. */
    public void jump(long ns) {
        wall.addAndGet(ns);
    }

    @Override
    public long wallNs() {
        return wall.get();
    }

    @Override
    public long monotonicNs() {
        return monotonic.get();
    }
}
