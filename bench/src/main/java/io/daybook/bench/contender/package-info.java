/**
 * What is measured: Daybook, and whatever else a service could keep its events in, each behind the same small interface.
 *
 * <p>A {@link io.daybook.bench.contender.Contender} opens an {@link io.daybook.bench.contender.EventLog} in a folder, in one
 * durability class. One thread appends through a {@link io.daybook.bench.contender.Writer} of its own and reads through a {@link
 * io.daybook.bench.contender.Reader} of its own. An adapter does what the contender's documentation tells a user to do, and no more: it
 * keeps no cache of versions and checks no sums on the contender's behalf. It may be timed once it passes the conformance test, and in the
 * durability classes that a test has proved.
 *
 * <p>Floors, which check no version (raw Chronicle Queue, Aeron Archive, Kafka), take the expected version and ignore it; they are
 * labelled.
 *
 * <p>A contender that needs a server starts one of its own, with its data in the same folder, and ends it when it is closed. It installs
 * nothing: it says what is missing. Only the SQL that message-db consists of is fetched, by npm where that is there, and read from a folder
 * where {@code -Ddaybook.bench.message-db} names one that has the unpacked package {@code @eventide/message-db}, version 1.3.1.
 */
package io.daybook.bench.contender;
