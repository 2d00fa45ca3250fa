package io.daybook.host;

import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** A thread of a store's own, which parks when it has nothing to do. Internal: not part of the API. */
public final class StoreThread {

    private final Runnable work;
    private volatile Thread thread;
    private volatile boolean stopped;

    /** The work looks at {@link #isStopped} again and again. */
    public StoreThread(Runnable work) {
        this.work = work;
    }

    /** Starts it, unless it was started. */
    public synchronized void start(ThreadFactory factory, String name) {
        if (thread != null) {
            return;
        }
        Thread made = Objects.requireNonNull(factory.newThread(work), "The thread factory made no thread");
        made.setName(name);
        made.start();
        thread = made;
    }

    /** True once it should end. */
    public boolean isStopped() {
        return stopped;
    }

    /** Ends its park, or the next one. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** Asks it to end and waits until it has, whatever interrupts; the mark of an interrupt stays. */
    public void stop() {
        stopped = true;
        wake();
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
