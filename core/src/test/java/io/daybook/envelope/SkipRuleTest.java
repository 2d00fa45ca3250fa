package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Measures how many events a walk looks at, by the same choices as {@code EntityWalk.seek} but without a journal. */
class SkipRuleTest {

    private static final int MILLION = 1_000_000;
    private static final int MOST_STEPS = 126;

    /** Events looked at on the way from the head of an entity with {@code newest + 1} events to a version, all of them counted. */
    private static int steps(long newest, long version) {
        long at = newest;
        for (int level = 0; level < SkipRule.LEVELS; level++) {
            long last = newest & -SkipRule.multiple(level);
            if (last >= version) {
                at = last;
            }
        }
        return stepsFrom(at, version);
    }

    private static int stepsFrom(long start, long version) {
        int steps = 1;
        for (long at = start; at > version; steps++) {
            long target = SkipRule.target(at);
            if (target >= at) {
                throw new AssertionError("A pointer does not lead back: version=" + at + " target=" + target);
            }
            at = target >= version ? target : at - 1;
        }
        return steps;
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("SkipRuleTest");
    }

    @ParameterizedTest
    @ValueSource(ints = {MILLION, 999_983, 983_041, 917_504 + 61_440 + 3840 + 240 + 15, 123_457})
    void reachesAnyVersionInAtMost126Steps(int events) {
        int most = 0;
        for (long version = 0; version < events; version++) {
            most = Math.max(most, steps(events - 1, version));
        }
        assertTrue(most <= MOST_STEPS, "steps=" + most);
    }

    /**
     * Every version from every head: a walk starts at the newest event or at a multiple that the head holds, and from a multiple it goes
     * no further back than to the next higher level's.
     */
    @Test
    void reachesAnyVersionFromAnyHeadUpToAMillion() {
        int most = 0;
        for (int level = -1; level < SkipRule.LEVELS; level++) {
            long apart = level < 0 ? 1 : SkipRule.multiple(level);
            long above = level == SkipRule.LEVELS - 1 ? Long.MIN_VALUE : -SkipRule.multiple(level + 1);
            for (long start = 0; start < MILLION; start += apart) {
                for (long version = start & above; version <= start; version++) {
                    most = Math.max(most, stepsFrom(start, version));
                }
            }
        }
        assertTrue(most <= MOST_STEPS, "steps=" + most);
        assertTrue(most <= 81, "The rule is better than it promises, and stays so: steps=" + most);
    }

    @Test
    void reachesAnyVersionOfEverySmallEntity() {
        for (int newest = 0; newest < 1100; newest++) {
            for (int version = 0; version <= newest; version++) {
                int steps = steps(newest, version);
                assertTrue(steps <= MOST_STEPS, "newest=" + newest + " version=" + version + " steps=" + steps);
            }
        }
    }

    @Test
    void reachesTheNewestEventsOneByOne() {
        for (int newest = 0; newest < 5000; newest++) {
            for (int back = 0; back <= Math.min(newest, 20); back++) {
                int steps = steps(newest, newest - back);
                assertTrue(steps <= back + 1, "newest=" + newest + " back=" + back + " steps=" + steps);
            }
        }
    }

    @Test
    void pointsOnlyToWhatTheHeadHolds() {
        for (long version = 1; version < 300_000; version++) {
            long target = SkipRule.target(version);
            long heldByHead = version - 1 & -SkipRule.multiple(SkipRule.level(version));
            assertEquals(heldByHead, target, "version=" + version);
            assertTrue(target < version && target >= 0 && target % 16 == 0, "version=" + version + " target=" + target);
        }
    }

    @Test
    void versionZeroPointsNowhere() {
        assertEquals(-1, SkipRule.target(0));
    }

    @Test
    void multiplesAreSixteenToThePowerOfTheirLevel() {
        assertEquals(16, SkipRule.multiple(0));
        assertEquals(256, SkipRule.multiple(1));
        assertEquals(4096, SkipRule.multiple(2));
        assertEquals(65_536, SkipRule.multiple(3));
    }

    @Test
    void aVersionBelongsToTheHighestLevelThatItIsAMultipleOf() {
        assertEquals(3, SkipRule.highestLevel(0));
        assertEquals(-1, SkipRule.highestLevel(1));
        assertEquals(-1, SkipRule.highestLevel(8));
        assertEquals(0, SkipRule.highestLevel(16));
        assertEquals(0, SkipRule.highestLevel(128));
        assertEquals(1, SkipRule.highestLevel(256));
        assertEquals(2, SkipRule.highestLevel(4096));
        assertEquals(3, SkipRule.highestLevel(65_536));
        assertEquals(3, SkipRule.highestLevel(1L << 39));
    }

    @Test
    void theLevelsOpenTheWayBackAndTheWaysDown() {
        assertEquals(0, SkipRule.level(1));
        assertEquals(0, SkipRule.level(13));
        assertEquals(1, SkipRule.level(14));
        assertEquals(2, SkipRule.level(15));
        assertEquals(0, SkipRule.level(16));
        assertEquals(1, SkipRule.level(512));
        assertEquals(2, SkipRule.level(8192));
        assertEquals(3, SkipRule.level(131_072));
        assertEquals(131_072 - 65_536, SkipRule.target(131_072));
        assertEquals(4096, SkipRule.target(4096 + 15));
        assertEquals(256, SkipRule.target(256 + 30));
    }
}
