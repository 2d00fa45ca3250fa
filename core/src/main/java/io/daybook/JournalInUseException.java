package io.daybook;

/** Another store owns the journal, or another subscription the name, in whatever process; the message names the process if it is known. */
public final class JournalInUseException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public JournalInUseException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public JournalInUseException(String message, Throwable cause) {
        super(message, cause);
    }
}
