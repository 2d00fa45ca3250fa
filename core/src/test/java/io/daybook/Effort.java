package io.daybook;

/** How much a test does: enough for every build, or what stands behind {@code mvn verify -Pslow}. */
public final class Effort {

    private static final boolean SLOW = Boolean.getBoolean("daybook.slow");

    private Effort() {
    }

    /** The first number in every build, the second one with {@code -Pslow}. */
    public static int times(int inEveryBuild, int slow) {
        return SLOW ? slow : inEveryBuild;
    }
}
