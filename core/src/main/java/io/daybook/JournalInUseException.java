package io.daybook;

/** Another store, in this process or another one, owns the journal; the message names its process. */
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
