package io.daybook;

/** Two entities have the same hash, so one of them cannot be served. With the 128-bit keyed hash of a journal this does not happen. */
public final class EntityHashException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public EntityHashException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public EntityHashException(String message, Throwable cause) {
        super(message, cause);
    }
}
