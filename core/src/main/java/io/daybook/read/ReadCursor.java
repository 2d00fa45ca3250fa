package io.daybook.read;

import io.daybook.Cursor;
import io.daybook.EventView;

/**
 * A finite read: steps, shows one event, and once it has failed fails for ever. What it stood on is half looked at then, and what comes
 * behind would be handed out unchecked, or in place of what is damaged.
 */
abstract class ReadCursor implements Cursor {

    final Reads reads;
    final VisibleEvent view;
    private Throwable failure;
    private boolean closed;

    ReadCursor(Reads reads) {
        this.reads = reads;
        view = new VisibleEvent(reads.derivedIds());
    }

    @Override
    public final boolean next() {
        view.invalidate();
        reads.requireOpen();
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        try {
            return !closed && step();
        } catch (RuntimeException | Error e) {
            view.invalidate();
            failure = e;
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
