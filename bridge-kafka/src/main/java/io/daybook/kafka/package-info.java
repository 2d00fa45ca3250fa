/**
 * The bridge that mirrors a journal to Kafka, exactly once, so that other services can listen.
 *
 * <p>There is nothing here yet. The bridge will follow the durable part of a journal through the public API alone, write each
 * commit in one Kafka transaction together with the position that it has reached, and so be able to go on after any crash
 * without losing, doubling or reordering an event. The journal stays the only truth; what is in Kafka is derived from it.
 */
package io.daybook.kafka;
