package io.daybook.bench.contender;

import org.agrona.DirectBuffer;

/** Reads events; one thread. Sees every append that was answered before. */
public interface Reader {

    /** Takes events one by one. */
    @FunctionalInterface
    interface Sink {
        /**
         * One event.
         *
         * @param version of the event within its entity
         * @param buffer  holds the payload, until this returns
         * @param offset  of the payload
         * @param length  of the payload
         */
        void event(long version, DirectBuffer buffer, int offset, int length);
    }

    /** Loads an entity: hands out its events, oldest first; none for an entity that is not known. Answers how many. */
    int load(String entity, Sink sink);

    /** Hands out all events in the order in which they were appended. Answers how many. */
    long replay(Sink sink);
}
