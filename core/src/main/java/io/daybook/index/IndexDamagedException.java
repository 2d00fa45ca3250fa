package io.daybook.index;

import io.daybook.DaybookException;

/**
 * The index on disk is not what it should be. Nothing is lost: it is rebuilt from the journal at the next open. Internal: not part of the
 * API.
 */
public final class IndexDamagedException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public IndexDamagedException(String message) {
        super(message);
    }
}
