package io.daybook.kafka.cli;

/** Something is wrong that a user is to know of and that is no fault of the program: one sentence on stderr, exit code 1. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    Failure(String message) {
        super(message, null, true, false);
    }
}
