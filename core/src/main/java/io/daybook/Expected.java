package io.daybook;

/**
 * What must be true of an entity for a commit to be accepted: the condition of optimistic concurrency. Values; immutable and thread-safe.
 */
public sealed interface Expected {

    /** No condition: the entity may have any number of events, also none. */
    static Expected any() {
        return Any.INSTANCE;
    }

    /** The entity never had an event. */
    static Expected absent() {
        return Absent.INSTANCE;
    }

    /** The entity has at least one event. */
    static Expected present() {
        return Present.INSTANCE;
    }

    /**
     * The entity's newest event has exactly this version.
     *
     * @param version 0 or more; {@code exactly(-1)} is the same as {@link #absent()}
     * @throws IllegalArgumentException below -1
     */
    static Expected exactly(long version) {
        return version == -1 ? absent() : new Exactly(version);
    }

    /** True if an entity whose newest version is {@code version} (-1: no events) fulfils this condition. */
    boolean holds(long version);

    /** See {@link #any()}. */
    enum Any implements Expected {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean holds(long version) {
            return true;
        }

        @Override
        public String toString() {
            return "any";
        }
    }

    /** See {@link #absent()}. */
    enum Absent implements Expected {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean holds(long version) {
            return version == -1;
        }

        @Override
        public String toString() {
            return "absent";
        }
    }

    /** See {@link #present()}. */
    enum Present implements Expected {
        /** The only one. */
        INSTANCE;

        @Override
        public boolean holds(long version) {
            return version >= 0;
        }

        @Override
        public String toString() {
            return "present";
        }
    }

    /**
     * See {@link #exactly(long)}.
     *
     * @param version the version that the newest event must have
     */
    record Exactly(long version) implements Expected {
        /** Refuses versions below 0. */
        public Exactly {
            if (version < 0) {
                throw new IllegalArgumentException("An expected version is -1 (absent) or more: version=" + version);
            }
        }

        @Override
        public boolean holds(long actual) {
            return actual == version;
        }

        @Override
        public String toString() {
            return "exactly(" + version + ")";
        }
    }
}
