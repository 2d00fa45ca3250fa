package io.daybook.bench.contender;

/** Appends events; one thread. */
public interface Writer {

    /** What {@link #append} answers where the expected version was not the actual one. */
    long CONFLICT = -1;

    /**
     * Appends an event to an entity whose newest version is {@code expected}, -1 for an entity without events.
     *
     * @return its position, or any other number that is not negative and grows with each append; {@link #CONFLICT} if nothing was written
     *         because the version is another one
     */
    long append(String entity, long expected, byte[] payload);

    /** Appends all events of the batch or none; false if one of the versions was another one. */
    boolean appendAll(Batch batch);
}
