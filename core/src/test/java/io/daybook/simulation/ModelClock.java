package io.daybook.simulation;

import io.daybook.StoreClock;

/**
 * What guarantee 1 says of the time of a commit: never below the newest event's; looked up on the wall clock once a second has passed on
 * the monotonic one, which counts between; a jump forward beyond the bound is not followed.
 */
final class ModelClock {

    private static final long SECOND_NS = 1_000_000_000;

    private final StoreClock clock;
    private final long boundNs;
    private long wallNs;
    private long monotonicNs;
    private long newestNs;

    ModelClock(StoreClock clock, long boundNs, long newestNs) {
        this.clock = clock;
        this.boundNs = boundNs;
        this.newestNs = newestNs;
        wallNs = clock.wallNs();
        monotonicNs = clock.monotonicNs();
    }

    long next() {
        long passed = clock.monotonicNs() - monotonicNs;
        long expected = wallNs + passed;
        if (passed >= SECOND_NS) {
            monotonicNs += passed;
            wallNs = clock.wallNs() - expected > boundNs ? expected : clock.wallNs();
            expected = wallNs;
        }
        newestNs = Math.max(newestNs, expected);
        return newestNs;
    }
}
