package io.daybook.kafka;

/** A record that is not one of an event: nobody but the mirror writes to its topics. An answer rather than a fault: no stack trace. */
final class ForeignRecordException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ForeignRecordException(String message) {
        super(message, null, false, false);
    }
}
