package io.daybook.append;

import io.daybook.StoreClock;

/**
 * The time of each commit, under the store's lock: one reading of the monotonic clock, from an anchor that is compared with the wall clock
 * about every second. Never below the time before. A jump of the wall clock forward beyond the bound is counted and not followed; one
 * backward is followed, but the time stands still until it is made up for.
 */
final class CommitClock {

    private static final long COMPARE_EVERY_NS = 1_000_000_000;

    private final StoreClock clock;
    private final long jumpBoundNs;
    private long anchorWallNs;
    private long anchorMonotonicNs;
    private long lastNs;
    private boolean ahead;
    private volatile long jumps;
    private volatile long lastJumpNs;

    CommitClock(StoreClock clock, long jumpBoundNs, long newestNs) {
        this.clock = clock;
        this.jumpBoundNs = jumpBoundNs;
        anchorMonotonicNs = clock.monotonicNs();
        anchorWallNs = clock.wallNs();
        lastNs = newestNs;
    }

    /** The time of the next commit, nanoseconds since 1970 UTC. */
    long nextNs() {
        long monotonic = clock.monotonicNs();
        long elapsed = monotonic - anchorMonotonicNs;
        if (elapsed >= COMPARE_EVERY_NS) {
            compare(monotonic, elapsed);
            elapsed = 0;
        }
        lastNs = Math.max(lastNs, anchorWallNs + elapsed);
        return lastNs;
    }

    private void compare(long monotonic, long elapsed) {
        long expected = anchorWallNs + elapsed;
        long wall = clock.wallNs();
        anchorMonotonicNs = monotonic;
        if (wall - expected > jumpBoundNs) {
            lastJumpNs = wall - expected;
            jumps += ahead ? 0 : 1;
            ahead = true;
            anchorWallNs = expected;
        } else {
            ahead = false;
            anchorWallNs = wall;
        }
    }

    /** Jumps that were not followed; as long as the wall clock stays ahead it is one. Any thread. */
    long jumps() {
        return jumps;
    }

    /** How far the wall clock was ahead, at the last of them. Any thread. */
    long lastJumpNs() {
        return lastJumpNs;
    }
}
