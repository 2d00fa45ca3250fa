package io.daybook;

/** The JVM was started without flags that Chronicle and Agrona need; the message names them. */
public final class MissingJvmFlagsException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public MissingJvmFlagsException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public MissingJvmFlagsException(String message, Throwable cause) {
        super(message, cause);
    }
}
