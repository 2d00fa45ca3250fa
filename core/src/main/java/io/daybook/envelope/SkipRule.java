package io.daybook.envelope;

/**
 * Which older event of its entity an event points to besides the previous one: such that any version is reached from the newest in few
 * steps, although an append knows only the entity's head (the addresses of the newest event and of the last ones whose version is a
 * multiple of 16, 256, 4,096 and 65,536).
 *
 * <p>A multiple of 16 points to the multiple before it on the highest level that it belongs to: that is the way back. The two versions
 * before a multiple of 16 open the way down from a level to the next: the first back points to the last multiple of 4,096, the second to
 * the last of 256. All others point to the last multiple of 16. Any version among a million is reached in at most 126 steps ({@code
 * SkipRuleTest} measures it); a skip list would need fewer, but half of its appends would have to read an older event.
 */
public final class SkipRule {

    /** Levels of multiples that a head keeps. */
    public static final int LEVELS = 4;

    private SkipRule() {
    }

    /** The level (0: multiples of 16 … 3: of 65,536) whose last multiple below {@code version} is pointed to. */
    public static int level(long version) {
        int low = (int) version & 15;
        if (low == 0) {
            return Math.max(0, highestLevel(version));
        }
        return low == 15 ? 2 : low == 14 ? 1 : 0;
    }

    /** The version that {@code version} points to; -1 for version 0, which points nowhere. */
    public static long target(long version) {
        return version == 0 ? -1 : version - 1 & -multiple(level(version));
    }

    /** The highest level that the version is a multiple of; -1 if it is none. */
    public static int highestLevel(long version) {
        return version == 0 ? LEVELS - 1 : Math.min(LEVELS, Long.numberOfTrailingZeros(version) / 4) - 1;
    }

    /** 16, 256, 4,096 or 65,536. */
    public static long multiple(int level) {
        return 1L << 4 * (level + 1);
    }
}
