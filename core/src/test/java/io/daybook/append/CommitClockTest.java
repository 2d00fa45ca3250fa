package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.StoreClock;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Guarantee 1, order: a commit's time never goes back, and a jump of the wall clock is not followed. */
class CommitClockTest {

    private static final long SECOND = 1_000_000_000;
    private static final long BOUND = 3600 * SECOND;
    private static final long START = 1_700_000_000 * SECOND;

    /** Two clocks that a test moves by hand. */
    private static final class Hands implements StoreClock {
        private long wallNs = START;
        private long monotonicNs = -77;

        @Override
        public long wallNs() {
            return wallNs;
        }

        @Override
        public long monotonicNs() {
            return monotonicNs;
        }

        void pass(long ns) {
            pass(ns, ns);
        }

        void pass(long wall, long monotonic) {
            wallNs += wall;
            monotonicNs += monotonic;
        }
    }

    private final Hands hands = new Hands();
    private final CommitClock clock = new CommitClock(hands, BOUND, Long.MIN_VALUE);

    @Test
    void startsAtTheWallClockAndGoesWithTheMonotonicOne() {
        assertEquals(START, clock.nextNs());
        hands.pass(0, 5);
        assertEquals(START + 5, clock.nextNs());
        hands.pass(123_456, 10);
        assertEquals(START + 15, clock.nextNs(), "the wall clock is not asked within a second");
        assertEquals(START + 15, clock.nextNs());
        hands.pass(0, SECOND - 16);
        assertEquals(START + SECOND - 1, clock.nextNs());
        assertEquals(0, clock.jumps());
    }

    @Test
    void followsASmallDriftOnceASecond() {
        clock.nextNs();
        hands.pass(SECOND + 40, SECOND);
        assertEquals(START + SECOND + 40, clock.nextNs());
        hands.pass(10, 10);
        assertEquals(START + SECOND + 50, clock.nextNs());
        hands.pass(2 * SECOND + BOUND, 2 * SECOND);
        assertEquals(START + 3 * SECOND + 50 + BOUND, clock.nextNs(), "a jump of exactly the bound is followed");
        assertEquals(0, clock.jumps());
        assertEquals(0, clock.lastJumpNs());
    }

    @Test
    void neverGoesBackWhenTheWallClockDoes() {
        clock.nextNs();
        hands.pass(SECOND);
        assertEquals(START + SECOND, clock.nextNs());
        hands.pass(SECOND - 10 * SECOND, SECOND);
        assertEquals(START + SECOND, clock.nextNs(), "stands still");
        hands.pass(5, 5);
        assertEquals(START + SECOND, clock.nextNs());
        hands.pass(8 * SECOND);
        assertEquals(START + SECOND, clock.nextNs());
        hands.pass(SECOND);
        assertEquals(START + SECOND + 5, clock.nextNs(), "goes on once it is made up for");
        assertEquals(0, clock.jumps());
    }

    @Test
    void neverGoesBelowTheNewestCommitOfTheJournal() {
        CommitClock reopened = new CommitClock(hands, BOUND, START + 100);
        assertEquals(START + 100, reopened.nextNs());
        hands.pass(99);
        assertEquals(START + 100, reopened.nextNs());
        hands.pass(2);
        assertEquals(START + 101, reopened.nextNs());
    }

    @Test
    void aJumpAheadBeyondTheBoundIsCountedAndNotFollowed() {
        clock.nextNs();
        hands.pass(SECOND + BOUND + 1, SECOND);
        assertEquals(START + SECOND, clock.nextNs());
        assertEquals(1, clock.jumps());
        assertEquals(BOUND + 1, clock.lastJumpNs());
        hands.pass(7);
        assertEquals(START + SECOND + 7, clock.nextNs());
        hands.pass(SECOND + 1, SECOND + 1);
        assertEquals(START + 2 * SECOND + 8, clock.nextNs(), "goes on by the monotonic clock");
        assertEquals(1, clock.jumps(), "still ahead: the same jump");
        hands.pass(-BOUND, 0);
        hands.pass(SECOND);
        assertEquals(START + 3 * SECOND + 8 + 1, clock.nextNs(), "followed again once the wall clock is back");
        assertEquals(1, clock.jumps());
        assertEquals(BOUND + 1, clock.lastJumpNs());
        hands.pass(SECOND + 2 * BOUND, SECOND);
        clock.nextNs();
        assertEquals(2, clock.jumps(), "another one");
    }

    @Test
    void neverGoesBackWhateverTheClocksDo() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long before = Long.MIN_VALUE;
        long most = START;
        for (int i = 0; i < 100_000; i++) {
            long monotonic = random.nextInt(4) == 0 ? 2 * SECOND : random.nextInt(1000);
            long wall = random.nextInt(50) == 0 ? (random.nextInt(2001) - 1000) * 10 * SECOND : monotonic;
            hands.pass(wall, monotonic);
            most += Math.max(monotonic, 0);
            long now = clock.nextNs();
            assertTrue(now >= before, "seed=" + seed + " step=" + i);
            before = now;
        }
        assertTrue(before >= most - START, "seed=" + seed);
        assertTrue(clock.jumps() > 0, "seed=" + seed);
    }
}
