package io.daybook;

import org.junit.jupiter.api.Assumptions;

/** How much a test does: enough for every build, or what stands behind {@code mvn verify -Pslow}. */
public final class Effort {

    private static final int OLDEST_JDK = 17;
    private static final boolean SLOW = Boolean.getBoolean("daybook.slow");

    private Effort() {
    }

    /**
     * Skips, and says so, what does not depend on the JDK, where this is not the oldest one: a build on another JDK has time for it only
     * with {@code -Pslow}.
     */
    public static void onOldestJdk(String test) {
        boolean goes = SLOW || Runtime.version().feature() == OLDEST_JDK;
        String reason = "It does not depend on the JDK and is done on version " + OLDEST_JDK + ", or with -Pslow: test=" + test;
        if (!goes) {
            System.out.println("Left out. " + reason);
        }
        Assumptions.assumeTrue(goes, reason);
    }

    /** The first number in every build, the second one with {@code -Pslow}. */
    public static int times(int inEveryBuild, int slow) {
        return SLOW ? slow : inEveryBuild;
    }
}
