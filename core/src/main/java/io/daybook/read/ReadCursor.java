package io.daybook.read;

import io.daybook.Cursor;
import io.daybook.EventView;

/**
 * What all finite reads have in common. One that has failed fails again: whatever it stood on is half looked at, and what comes behind
 * would be handed out unchecked, or in place of what is damaged.
 */
abstract class ReadCursor implements Cursor {

    final Reads reads;
    final VisibleEvent view;
    private RuntimeException failure;
    private Error error;
    private boolean closed;

    ReadCursor(Reads reads) {
        this.reads = reads;
        view = new VisibleEvent(reads.derivedIds());
    }

    @Override
    public final boolean next() {
        view.invalidate();
        reads.requireOpen();
        if (failure != null) {
            throw failure;
        }
        if (error != null) {
            throw error;
        }
        try {
            return !closed && step();
        } catch (RuntimeException e) {
            view.invalidate();
            failure = e;
            throw e;
        } catch (Error e) {
            view.invalidate();
            error = e;
            throw e;
        }
    }

    /** Steps to the next event and shows it; false if there is none. */
    abstract boolean step();

    @Override
    public final EventView event() {
        view.position();
        return view;
    }

    @Override
    public final long position() {
        return view.position();
    }

    @Override
    public void close() {
        closed = true;
        view.invalidate();
    }
}
