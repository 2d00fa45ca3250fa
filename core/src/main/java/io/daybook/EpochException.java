package io.daybook;

/** A position belongs to a history that this journal has left: another journal, or events lost with the machine. */
public final class EpochException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public EpochException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public EpochException(String message, Throwable cause) {
        super(message, cause);
    }
}
