package io.daybook.subscribe;

import io.daybook.EventHandler;
import io.daybook.StoreClosedException;
import io.daybook.read.EndlessCursor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Hands the events of an endless read to a handler. One thread polls; all else is for any thread. Internal: not part of the API. */
public final class Follower {

    private static final VarHandle POSITION;

    static {
        try {
            POSITION = MethodHandles.lookup().findVarHandle(Follower.class, "position", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EndlessCursor cursor;
    private final EventHandler handler;
    private final Checkpoint checkpoint;
    private volatile long position;
    private volatile boolean caughtUp;
    private volatile boolean closed;
    private boolean again;
    private volatile Thread poller; // null between polls
    private boolean releaseAfterPoll;

    /** Hands what this cursor gives to this handler, and saves how far it came in this checkpoint; null: nowhere. */
    public Follower(EndlessCursor cursor, EventHandler handler, Checkpoint checkpoint) {
        this.cursor = cursor;
        this.handler = handler;
        this.checkpoint = checkpoint;
        position = cursor.position();
    }

    /** Hands out at most so many events; how many there were. What the handler throws comes out, before the event. */
    public int poll(int limit) throws Exception {
        if (isClosed()) {
            throw new StoreClosedException("The poller or its store was closed");
        }
        if (poller == Thread.currentThread()) {
            throw new IllegalStateException("A handler polls the poller that called it: position=" + position);
        }
        poller = Thread.currentThread();
        try {
            return handOut(limit);
        } finally {
            poller = null;
            if (releaseAfterPoll) {
                release();
            }
        }
    }

    private int handOut(int limit) throws Exception {
        int handed = 0;
        while (handed < limit && !closed) {
            if (!again && !cursor.next()) {
                reachedEnd();
                return handed;
            }
            if (cursor.isWanted()) {
                again = true; // until the handler has taken it
                handler.onEvent(cursor.event());
                again = false;
                handed++;
            }
            POSITION.setRelease(this, cursor.position());
            if (checkpoint != null && cursor.isCommitEnd()) {
                checkpoint.save(cursor.epoch(), cursor.position());
            }
        }
        return handed;
    }

    private void reachedEnd() {
        if (!caughtUp) {
            handler.onCaughtUp(position);
            caughtUp = true;
        }
    }

    EventHandler handler() {
        return handler;
    }

    /** True once the end was reached. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /** Position of the last event that was handled or passed over. */
    public long position() {
        return position;
    }

    /** Events that are visible and were not looked at; 0 once it was closed. */
    public long lagEvents() {
        try {
            return isClosed() ? 0 : Math.max(0, cursor.visibleEnd() - position - 1);
        } catch (StoreClosedException e) {
            return 0; // since the look
        }
    }

    /** True if it was closed, or its store was. */
    boolean isClosed() {
        return closed || cursor.isStoreClosed();
    }

    /** Nothing is handed out from now on. */
    public void close() {
        closed = true;
    }

    /** Gives its name up, if it has one, and saves nothing more; called by the handler, once it has returned and its event is saved. */
    public void release() {
        if (poller == Thread.currentThread()) {
            releaseAfterPoll = true;
        } else if (checkpoint != null) {
            checkpoint.close();
        }
    }
}
