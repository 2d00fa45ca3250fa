package io.daybook.kafka;

import org.apache.kafka.common.KafkaException;

/** The journal began an epoch while it was mirrored. Passing: the session that follows decides whether the mirror may go on. */
final class EpochChangedException extends KafkaException {

    private static final long serialVersionUID = 1;

    EpochChangedException(String message) {
        super(message);
    }
}
