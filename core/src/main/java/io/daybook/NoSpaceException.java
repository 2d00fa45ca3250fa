package io.daybook;

/** There is no room for the commit; nothing was written. */
public final class NoSpaceException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public NoSpaceException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public NoSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
