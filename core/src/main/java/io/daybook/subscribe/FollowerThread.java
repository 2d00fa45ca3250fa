package io.daybook.subscribe;

import io.daybook.StoreClosedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that follows until it is closed, its store is, or something fails. Internal: not part of the API. */
public final class FollowerThread {

    private static final Logger LOG = LoggerFactory.getLogger(FollowerThread.class);
    private static final int EVENTS_A_POLL = 256;
    private static final int AWAIT_SPINS = 20_000;
    private static final long AWAIT_PARK_NS = 20_000;

    private final Follower follower;
    private final IdleStrategy idle;
    private final Consumer<FollowerThread> whenStopped;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Throwable failure;
    private volatile boolean ended;
    private Thread thread;

    /** {@code whenStopped} is told at the end, whatever the end. */
    public FollowerThread(Follower follower, IdleStrategy idle, Consumer<FollowerThread> whenStopped) {
        this.follower = follower;
        this.idle = idle;
        this.whenStopped = whenStopped;
    }

    /** Starts. */
    public void start(ThreadFactory factory, String name) {
        thread = factory.newThread(this::run);
        thread.setName(name);
        thread.start();
    }

    private void run() {
        Throwable cause = null;
        try {
            while (!follower.isClosed()) {
                Thread.interrupted(); // an interrupt is the handler's affair, and not for the files that are read here
                idle.idle(follower.poll(EVENTS_A_POLL));
            }
        } catch (StoreClosedException e) {
            cause = follower.isClosed() ? null : e; // the handler may have used another store
        } catch (Throwable e) { // also an Error of the handler's: it must be seen, and this thread has nobody above it
            cause = e;
        }
        try {
            idle.reset();
        } catch (Throwable e) {
            cause = cause == null ? e : cause;
        }
        end(cause);
    }

    private void end(Throwable cause) {
        try {
            follower.release();
        } catch (Throwable e) {
            LOG.warn("A subscription could not give up its name: position={}", follower.position(), e);
        }
        failure = cause;
        ended = true; // not before the name is free
        try {
            follower.handler().onStopped(cause);
        } catch (Throwable e) {
            LOG.warn("A handler failed when it was told that its subscription stopped: position={}", follower.position(), e);
        } finally {
            whenStopped.accept(this);
            stopped.countDown();
        }
    }

    /** The way that it walks. */
    public Follower follower() {
        return follower;
    }

    /** True once no event is handed out any more. */
    public boolean isStopped() {
        return ended;
    }

    /** What stopped it; null if nothing did, or it was closed. */
    public Throwable failure() {
        return failure;
    }

    /** Waits until a position was looked at; false if it was not in time, or the thread stopped before. */
    public boolean awaitPosition(long position, long timeoutNs) throws InterruptedException {
        long startNs = System.nanoTime();
        if (follower.position() < position) {
            LockSupport.unpark(thread); // whoever waits for it does not wait until it looks by itself
        }
        for (long spins = 0; follower.position() < position; spins++) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (ended || System.nanoTime() - startNs >= timeoutNs) {
                return follower.position() >= position;
            }
            if (spins < AWAIT_SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, AWAIT_PARK_NS);
                LockSupport.unpark(thread);
            }
        }
        return true;
    }

    /** Asks it to stop, without waiting. */
    public void stop() {
        follower.close();
        LockSupport.unpark(thread);
    }

    /** Asks it to stop and waits until it has; does not wait on its own thread. */
    public void close() {
        stop();
        boolean interrupted = false;
        while (Thread.currentThread() != thread && !isDown()) {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until it has stopped, but not longer than this; false if it has not. */
    public boolean awaitStop(long timeoutNs) {
        if (Thread.currentThread() == thread) {
            return true;
        }
        boolean interrupted = Thread.interrupted();
        try {
            return stopped.await(timeoutNs, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return isDown();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isDown() {
        return stopped.getCount() == 0;
    }
}
