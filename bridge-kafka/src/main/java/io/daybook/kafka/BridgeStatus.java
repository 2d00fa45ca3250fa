package io.daybook.kafka;

/**
 * A look at how a bridge is. Immutable.
 *
 * @param state           what it does
 * @param position        all events before it are in Kafka; -1 as long as that is not known
 * @param lagEvents       events on the device that are not in Kafka; -1 as long as that is not known
 * @param lagMs           age of the oldest of them, in milliseconds of the machine's clock; 0 if there is none, -1 if not known
 * @param eventsPerSecond events that were brought to Kafka a second, over about the last second
 * @param events          events brought to Kafka since it was started
 * @param transactions    transactions committed since it was started
 * @param retries         how often it began anew since it was started because something went wrong
 * @param lastError       what went wrong last, also if it was mended since; null if nothing did. A {@link BridgeException} that names
 *                        the settings where Kafka's words do not, with Kafka's exception as its cause unless that may tell a secret
 */
public record BridgeStatus(State state, long position, long lagEvents, long lagMs, long eventsPerSecond, long events, long transactions,
                           long retries, Throwable lastError) {

    /** What a bridge does. */
    public enum State {
        /** It looks at the topics and at how far the mirror is, for the first time. */
        STARTING,
        /** It mirrors. */
        MIRRORING,
        /** Something went wrong that waiting can mend; it tries again and again. */
        RETRYING,
        /** It was closed, or its store was. */
        CLOSED,
        /** {@link KafkaBridge#failure()} stopped it for good. */
        FAILED
    }
}
