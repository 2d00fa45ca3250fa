package io.daybook;

import java.util.ArrayList;
import java.util.List;

/**
 * A finite read. It ends at the position that was newest when it was opened, however much is appended meanwhile. One thread; close it, or
 * use it in a try-with-resources statement.
 */
public interface Cursor extends AutoCloseable {

    /**
     * Steps to the next event. A read that has thrown something throws the same at each further call, until its store is closed: it never
     * goes on behind what it could not hand out. Open another to try again.
     *
     * @return false if there is none
     * @throws JournalDamagedException if the bytes are not the ones that were written
     * @throws StoreClosedException    if the store was closed meanwhile
     */
    boolean next();

    /**
     * The event that {@link #next()} stepped to, in place.
     *
     * @throws IllegalStateException before the first and after the last step
     */
    EventView event();

    /**
     * Position of the event that {@link #next()} stepped to.
     *
     * @throws IllegalStateException before the first and after the last step
     */
    long position();

    /** Copies of all events that are left, in a list of its own. */
    default List<RecordedEvent> toList() {
        List<RecordedEvent> events = new ArrayList<>();
        while (next()) {
            events.add(event().copy());
        }
        return events;
    }

    /** Ends the read; its view is invalid from now on. A second call does nothing. */
    @Override
    void close();
}
