package io.daybook;

import java.util.UUID;

/** An id of the commit stands in the journal already, but in a commit of other content, order or extent; nothing was written. */
public final class EventIdReusedException extends DaybookException {

    private static final long serialVersionUID = 1;

    private final UUID id;
    private final long position;

    /** The id was found in the event at {@code position}. */
    public EventIdReusedException(UUID id, long position) {
        super("The id belongs to another event already: id=" + id + " position=" + position, false);
        this.id = id;
        this.position = position;
    }

    /** The id that was used again. */
    public UUID id() {
        return id;
    }

    /** Position of the event that has it. */
    public long position() {
        return position;
    }
}
