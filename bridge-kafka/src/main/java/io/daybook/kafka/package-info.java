/**
 * The bridge that mirrors a journal to Kafka, exactly once, so that other services can listen.
 *
 * <p>{@link io.daybook.kafka.KafkaBridge} is the way in. It follows what of a journal is on the device, through the public API alone, and
 * writes each commit within one Kafka transaction, together with the position that it has reached; so it goes on after any crash, of either
 * side, without losing, doubling or reordering an event for whoever reads {@code read_committed}. The journal stays the only truth; what is
 * in Kafka is derived from it, and {@link io.daybook.kafka.KafkaBridge#verify} compares the two. Where the
 * journal is lost, {@link io.daybook.kafka.KafkaBridge#restore} makes it anew from there.
 *
 * <p>Threading: a bridge and its status are for any thread; settings are filled in by one. Failure: what waiting can mend (no broker, an
 * aborted transaction) is waited out for however long it takes; what it cannot mend stops the bridge with a {@link
 * io.daybook.kafka.BridgeException} or an {@link io.daybook.EpochException}, which {@link io.daybook.kafka.KafkaBridge#failure} keeps. The
 * journal notices nothing of either.
 */
package io.daybook.kafka;
