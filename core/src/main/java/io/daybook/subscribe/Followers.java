package io.daybook.subscribe;

import io.daybook.StoreClosedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that follow for one store. Any thread. Internal: not part of the API. */
public final class Followers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private final ThreadFactory factory;
    private final Waker waker;
    private final Set<FollowerThread> running = new HashSet<>();
    private final Set<Follower> polled = new HashSet<>();
    private long started;
    private boolean closed;

    /** Their threads come from here; {@code growth} is a number that grows with the journal, null if none is cheap to look at. */
    public Followers(ThreadFactory factory, LongSupplier growth) {
        this.factory = factory;
        waker = new Waker(growth);
    }

    /** Starts a thread that follows; {@code idle} null: it parks and is woken. */
    public synchronized FollowerThread start(Follower follower, IdleStrategy idle) {
        requireOpen(follower);
        FollowerThread thread = new FollowerThread(follower, idle == null ? waker.strategy() : idle, this::forget);
        running.add(thread);
        try {
            if (idle == null) {
                waker.start(factory);
            }
            thread.start(factory, "daybook-follower-" + started++);
        } catch (Throwable e) {
            running.remove(thread);
            follower.release();
            throw e;
        }
        return thread;
    }

    private void requireOpen(Follower follower) {
        if (closed) {
            follower.release();
            throw new StoreClosedException("The store was closed");
        }
    }

    /** Notes one that is polled by its caller: its name is given up with the store at the latest. */
    public synchronized void add(Follower follower) {
        requireOpen(follower);
        polled.add(follower);
    }

    /** It is polled no more. */
    public void remove(Follower follower) {
        follower.close();
        follower.release();
        synchronized (this) {
            polled.remove(follower);
        }
    }

    private synchronized void forget(FollowerThread stopped) {
        running.remove(stopped);
    }

    private synchronized List<FollowerThread> takeAll() {
        closed = true;
        polled.forEach(Follower::close); // all, before one of their names is free
        polled.forEach(Followers::releaseAtClose);
        polled.clear(); // whoever keeps the closed store does not keep what they read
        return List.copyOf(running);
    }

    private static void releaseAtClose(Follower follower) {
        try {
            follower.release();
        } catch (RuntimeException e) {
            LOG.warn("A poller's name was not given up: position={}", follower.position(), e);
        }
    }

    /** Stops all, and waits for them, but no longer than five seconds in all. */
    @Override
    public void close() {
        List<FollowerThread> left = takeAll();
        left.forEach(FollowerThread::stop);
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        for (FollowerThread thread : left) {
            if (!thread.awaitStop(deadlineNs - System.nanoTime())) {
                LOG.warn("A handler has not returned and is left behind: position={}", thread.follower().position());
            }
        }
        waker.stop();
    }
}
