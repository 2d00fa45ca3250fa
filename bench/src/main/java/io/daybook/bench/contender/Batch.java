package io.daybook.bench.contender;

import java.util.Arrays;

/**
 * Events that are appended atomically, in this order; used again. The expected version stands beside each event: an entity may come more
 * than once, then its versions count on. One thread.
 */
public final class Batch {

    private final String[] entities;
    private final long[] expected;
    private final byte[][] payloads;
    private int size;

    /** Room for so many events. */
    public Batch(int capacity) {
        entities = new String[capacity];
        expected = new long[capacity];
        payloads = new byte[capacity][];
    }

    /** Forgets the events. */
    public Batch clear() {
        Arrays.fill(entities, 0, size, null);
        size = 0;
        return this;
    }

    /** Adds an event; the payload is not copied. */
    public Batch add(String entity, long expectedVersion, byte[] payload) {
        entities[size] = entity;
        expected[size] = expectedVersion;
        payloads[size++] = payload;
        return this;
    }

    /** Number of events. */
    public int size() {
        return size;
    }

    /** The entity of the event with this index. */
    public String entity(int index) {
        return entities[index];
    }

    /** The version that its entity must have before this event; -1: it has no event. */
    public long expected(int index) {
        return expected[index];
    }

    /** The payload of the event with this index. */
    public byte[] payload(int index) {
        return payloads[index];
    }
}
