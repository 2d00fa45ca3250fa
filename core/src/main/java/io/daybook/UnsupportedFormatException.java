package io.daybook;

/** The folder is not a journal, or one of a newer format, or one created with other settings, or the libraries are not the tested ones. */
public final class UnsupportedFormatException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public UnsupportedFormatException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public UnsupportedFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
