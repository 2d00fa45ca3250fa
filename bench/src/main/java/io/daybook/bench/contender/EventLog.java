package io.daybook.bench.contender;

/** Events of many entities, open. Thread-safe; its writers and readers are for one thread each, and closed with it. */
public interface EventLog extends AutoCloseable {

    /** Appends; one for each thread. */
    Writer writer();

    /** Reads; one for each thread. */
    Reader reader();

    /**
     * In {@link Durability#D2G}, returns once the append that answered this position is forced. Where an append is forced before it is
     * answered there is nothing to wait for.
     */
    default void awaitForced(long position) {
    }

    /** True if one thread can have many appends in flight, see {@link #awaitForced}; else as many threads are needed. */
    default boolean pipelines() {
        return false;
    }

    @Override
    void close();
}
