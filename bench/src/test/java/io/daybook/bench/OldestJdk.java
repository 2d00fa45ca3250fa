package io.daybook.bench;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What does not depend on the JDK is done on the oldest one only: a build on another has no time for it. */
public final class OldestJdk {

    private static final int FEATURE = 17;

    private OldestJdk() {
    }

    /** Leaves out the rest of the test elsewhere, which is printed. */
    public static void require(String test) {
        boolean oldest = Runtime.version().feature() == FEATURE;
        if (!oldest) {
            System.out.println("Left out, it does not depend on the JDK and is done on version " + FEATURE + ": test=" + test);
        }
        assumeTrue(oldest, "done on JDK " + FEATURE);
    }
}
