package io.daybook;

import io.daybook.subscribe.Follower;
import io.daybook.subscribe.Followers;

/**
 * Follows the journal in the caller's own duty cycle. For one thread at a time, but {@link #position()}, {@link #lagEvents()} and {@link
 * #close()}, which any thread may call. Makes no garbage.
 */
public final class Poller implements AutoCloseable {

    private final Follower follower;
    private final Followers followers;

    Poller(Follower follower, Followers followers) {
        this.follower = follower;
        this.followers = followers;
        followers.add(follower);
    }

    /**
     * Hands out what is there, at most so many events. What the handler throws comes out of here, and the next call begins with the same
     * event.
     *
     * @return how many were handed out; 0: nothing new
     * @throws JournalDamagedException if the bytes are not the ones that were written
     * @throws StoreClosedException    if the store or the poller was closed
     * @throws IllegalStateException   if the handler itself calls this
     * @throws Exception               what the handler throws
     */
    public int poll(int eventLimit) throws Exception {
        if (eventLimit < 1) {
            throw new IllegalArgumentException("A poll is for one event at least: eventLimit=" + eventLimit);
        }
        return follower.poll(eventLimit);
    }

    /** Position of the last event that was looked at, also one that the filter passed over; the one before the start at first. */
    public long position() {
        return follower.position();
    }

    /** Events that are visible and were not looked at yet; 0 once it was closed. In a store that only reads not for a hot path. */
    public long lagEvents() {
        return follower.lagEvents();
    }

    /**
     * No poll hands out anything from now on, and the name is free. A handler that is at work meanwhile, on another thread, may see its
     * event again. A second call does nothing.
     */
    @Override
    public void close() {
        followers.remove(follower);
    }
}
