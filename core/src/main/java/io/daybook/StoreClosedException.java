package io.daybook;

/** The store was closed. */
public final class StoreClosedException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public StoreClosedException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public StoreClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
