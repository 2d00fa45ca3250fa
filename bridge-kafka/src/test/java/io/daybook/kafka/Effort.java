package io.daybook.kafka;

import org.junit.jupiter.api.Assumptions;

/** How much a test does: enough for every build, or what stands behind {@code mvn verify -Pslow}. */
final class Effort {

    private static final boolean SLOW = Boolean.getBoolean("daybook.slow");
    private static final int OLDEST_JDK = 17;

    private Effort() {
    }

    /** What does not depend on the JDK is done on the oldest one only; elsewhere the rest of the test is left out, which is printed. */
    static void onOldestJdk(String test) {
        require(SLOW || Runtime.version().feature() == OLDEST_JDK,
                "It does not depend on the JDK and is done on version " + OLDEST_JDK + ", or with -Pslow: test=" + test);
    }

    /** What takes long is done with {@code -Pslow} only; else it is left out, which is printed. */
    static void inSlowBuildsOnly(String test) {
        require(SLOW, "It takes long and is done with -Pslow: test=" + test);
    }

    /** Where this does not hold the rest of the test is left out, which is printed. */
    static void require(boolean goes, String reason) {
        if (!goes) {
            System.out.println("Left out. " + reason);
        }
        Assumptions.assumeTrue(goes, reason);
    }

    /** The first number in every build, the second one with {@code -Pslow}. */
    static int times(int inEveryBuild, int slow) {
        return SLOW ? slow : inEveryBuild;
    }
}
