package io.daybook.append;

import org.jetbrains.lincheck.datastructures.Operation;

/** For {@link io.daybook.LincheckTest}: what the store's lock guards, changed in two steps. Lincheck needs it public. */
public class GuardedCounter {

    private final AppendLock lock = new AppendLock(1); // so that who waits soon sleeps
    private int counter;

    /** Waits for the lock. */
    @Operation
    public int increment() {
        lock.lock();
        try {
            return step();
        } finally {
            lock.unlock();
        }
    }

    /** Increments, then takes the lock by trying: the counter is beyond what it was. */
    @Operation
    public boolean incrementThenLook() {
        int first = increment();
        while (!lock.tryLock()) {
            Thread.onSpinWait();
        }
        try {
            return counter > first;
        } finally {
            lock.unlock();
        }
    }

    private int step() {
        int was = counter;
        counter = was + 1;
        return was;
    }
}
