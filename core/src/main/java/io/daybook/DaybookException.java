package io.daybook;

/** What can go wrong in the store, apart from misuse of its API (which is an IllegalArgument- or IllegalStateException). */
public class DaybookException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public DaybookException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public DaybookException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A refusal: an answer rather than a fault, so it costs no stack trace. */
    DaybookException(String message, boolean stackTrace) {
        super(message, null, true, stackTrace);
    }
}
