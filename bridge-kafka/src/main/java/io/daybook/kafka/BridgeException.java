package io.daybook.kafka;

import io.daybook.DaybookException;

/** The bridge cannot do what it is for: the message names what must be changed, or what is waited for. */
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
