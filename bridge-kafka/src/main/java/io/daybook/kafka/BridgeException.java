package io.daybook.kafka;

import io.daybook.DaybookException;

/** The bridge cannot do what it is for, and waiting would not help: the message names what must be changed. */
public final class BridgeException extends DaybookException {

    private static final long serialVersionUID = 1;

    /** With this message. */
    public BridgeException(String message) {
        super(message);
    }

    /** With this message and cause. */
    public BridgeException(String message, Throwable cause) {
        super(message, cause);
    }
}
