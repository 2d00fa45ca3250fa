package io.daybook.kafka;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what a test needs. */
final class Await {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_NS = 5_000_000;

    private Await() {
    }

    /** Lets so much time pass: the moment of what follows is what the test picks, there is nothing to wait for. */
    static void spend(Duration time) {
        long endNs = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < endNs) {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
    }

    /** Looks again and again until this is so. */
    static void until(String what, BooleanSupplier condition) {
        long beganNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - beganNs > PATIENCE.toNanos()) {
                throw new AssertionError("It did not come to this in time: " + what);
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }
}
