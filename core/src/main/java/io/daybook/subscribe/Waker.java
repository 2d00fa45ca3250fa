package io.daybook.subscribe;

import io.daybook.host.StoreThread;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * Wakes the parked followers of a store when its journal has grown: one thread looks, so that many that wait cost little more than one
 * (each still looks once a second), and the writer has nothing to do with it. A store that cannot tell cheaply how far its journal goes
 * has no waker: there everyone looks.
 */
final class Waker {

    private static final int SPINS = 10;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RARE_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final int LOOKS_TILL_RARE = 200;
    private static final long LONGEST_PARK_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier growth;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private final StoreThread thread = new StoreThread(this::run);

    /** Looks at this number, which grows with the journal; null if there is none that is cheap. */
    Waker(LongSupplier growth) {
        this.growth = growth;
    }

    /** A strategy for one thread. */
    IdleStrategy strategy() {
        return new Parking();
    }

    private void run() {
        long seen = Long.MIN_VALUE;
        int inVain = 0;
        while (!thread.isStopped()) {
            Thread.interrupted(); // nobody has a reason to, and an interrupted thread does not park
            if (waiting.isEmpty()) {
                LockSupport.park(this);
                continue;
            }
            LockSupport.parkNanos(this, pause(inVain++));
            long now = growth.getAsLong();
            if (now != seen) {
                seen = now;
                inVain = 0;
                waiting.forEach(LockSupport::unpark);
            }
        }
    }

    /** How long to wait before the next look: longer when many found nothing. */
    private static long pause(int looksInVain) {
        return looksInVain < LOOKS_TILL_RARE ? LOOK_NS : RARE_LOOK_NS;
    }

    /** Starts the thread if it is needed and does not run yet. */
    void start(ThreadFactory factory) {
        if (growth != null) {
            thread.start(factory, "daybook-waker");
        }
    }

    /** Ends the thread and waits for it; those that are parked wake by themselves, or are unparked by whoever stops them. */
    void stop() {
        thread.stop();
    }

    private final class Parking implements IdleStrategy {
        private int spins;

        @Override
        public void idle(int workCount) {
            if (workCount > 0) {
                reset();
            } else {
                idle();
            }
        }

        @Override
        public void idle() {
            if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else if (growth == null) {
                LockSupport.parkNanos(this, pause(spins - SPINS));
                spins = Math.min(spins + 1, SPINS + LOOKS_TILL_RARE);
            } else {
                awaitGrowth();
            }
        }

        /** Whoever is noted and then finds nothing is woken by whatever comes: the mark comes before the look, the park after it. */
        private void awaitGrowth() {
            if (waiting.add(Thread.currentThread())) {
                thread.wake();
                return; // look once more, now that the waker knows
            }
            LockSupport.parkNanos(this, LONGEST_PARK_NS);
        }

        @Override
        public void reset() {
            if (spins >= SPINS) {
                waiting.remove(Thread.currentThread());
            }
            spins = 0;
        }
    }
}
