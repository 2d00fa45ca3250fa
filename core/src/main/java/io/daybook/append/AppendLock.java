package io.daybook.append;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The store's lock. As the JDK's, which queues and wakes the threads that wait here too, but whoever lets go when nobody waits stores
 * without a fence: a fence would wait until every byte of the commit has left the processor, on the way of each append. Not reentrant,
 * not fair. Internal: not part of the API.
 *
 * <p>Without the fence, letting go may look whether somebody waits before it is seen to have let go. So a thread that wants the lock says
 * so first, then tries for microseconds, and only then sleeps: long after the store that it might have missed has arrived. Should a
 * processor take longer than that, it looks again by itself after {@value #LOOK_AGAIN_MS} ms.
 */
public final class AppendLock implements Lock {

    private static final int TRIES = 200;
    private static final long LOOK_AGAIN_MS = 100;

    private static final class Queue extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1L;
        private static final VarHandle HELD;

        static {
            try {
                HELD = MethodHandles.lookup().findVarHandle(Queue.class, "held", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private volatile int held;

        @Override
        protected boolean tryAcquire(int ignored) {
            return held == 0 && HELD.compareAndSet(this, 0, 1);
        }

        /** Lets go; {@link #tryRelease} has nothing left to do. */
        void letGo() {
            HELD.setRelease(this, 0);
        }

        @Override
        protected boolean tryRelease(int ignored) {
            return true;
        }
    }

    private final Queue queue = new Queue();
    private final AtomicInteger wanting = new AtomicInteger();
    private final int tries;

    /** Held by nobody. */
    public AppendLock() {
        this(TRIES);
    }

    /** The same; so many looks before a thread sleeps. */
    AppendLock(int tries) {
        this.tries = tries;
    }

    @Override
    public void lock() {
        if (!queue.tryAcquire(1)) {
            lockSlowly();
        }
    }

    private void lockSlowly() {
        wanting.incrementAndGet();
        try {
            for (int looks = 0; looks < tries; looks++) {
                if (queue.tryAcquire(1)) {
                    return;
                }
                Thread.onSpinWait();
            }
            sleepUntilHeld();
        } finally {
            wanting.decrementAndGet();
        }
    }

    private void sleepUntilHeld() {
        boolean interrupted = false;
        boolean held = false;
        while (!held) {
            try {
                held = queue.tryAcquireNanos(1, TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MS));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void unlock() {
        queue.letGo();
        if (wanting.get() != 0) {
            VarHandle.fullFence();
            queue.release(1);
        }
    }

    /** True if a thread holds it. */
    boolean isLocked() {
        return queue.held != 0;
    }

    /** True if this thread sleeps until it can have it. */
    boolean hasQueuedThread(Thread thread) {
        return queue.isQueued(thread);
    }

    @Override
    public boolean tryLock() {
        return queue.tryAcquire(1);
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void lockInterruptibly() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException();
    }
}
