package io.daybook;

import io.daybook.subscribe.FollowerThread;
import java.time.Duration;

/**
 * Follows the journal on a thread of its own. It sees every event at least once, in order, and skips none. Thread-safe.
 *
 * <p>A handler that is slow, or never returns, holds up its own subscription only: neither the writer nor others.
 */
public final class Subscription implements AutoCloseable {

    /** How far a subscription is. */
    public enum State {
        /** It hands out events that were there before it reached the end for the first time. */
        CATCHING_UP,
        /** It hands out events as they are appended. */
        FOLLOWING,
        /** It was closed, or its store was. */
        CLOSED,
        /** {@link Subscription#failure()} stopped it. */
        FAILED
    }

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private final FollowerThread thread;

    Subscription(FollowerThread thread) {
        this.thread = thread;
    }

    /** How far it is. */
    public State state() {
        if (thread.isStopped()) {
            return thread.failure() == null ? State.CLOSED : State.FAILED;
        }
        return thread.follower().isCaughtUp() ? State.FOLLOWING : State.CATCHING_UP;
    }

    /** Position of the last event that was handled, or that the filter passed over; the one before the start at first. */
    public long position() {
        return thread.follower().position();
    }

    /** Events that are visible and were not looked at yet; 0 once it was closed. In a store that only reads not for a hot path. */
    public long lagEvents() {
        return thread.follower().lagEvents();
    }

    /** What the handler threw, or what else stopped the subscription; null as long as nothing did. */
    public Throwable failure() {
        return thread.failure();
    }

    /**
     * Waits until the event at this position was handled, or passed over by the filter, or lies before the start. Not for the handler
     * itself: it would wait in vain.
     *
     * @return false if that did not happen in time, or cannot any more because the subscription stopped
     * @throws IllegalArgumentException if the position is negative
     * @throws InterruptedException     if this thread is interrupted
     */
    public boolean awaitPosition(long position, Duration timeout) throws InterruptedException {
        if (position < 0) {
            throw new IllegalArgumentException("A position is 0 or more: position=" + position);
        }
        return thread.awaitPosition(position, timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE);
    }

    /**
     * Stops it and waits for the handler to return from the event that it is at, and from {@link EventHandler#onStopped}; called by the
     * handler it does not wait. Does not interrupt the handler. A second call does nothing but wait. Two handlers that close each other's
     * subscriptions wait for each other until the store is closed.
     */
    @Override
    public void close() {
        thread.close();
    }
}
