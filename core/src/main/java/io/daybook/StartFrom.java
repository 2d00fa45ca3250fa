package io.daybook;

/** Where a read of the whole journal starts. A read backwards ends there instead. Values; immutable. */
public sealed interface StartFrom {

    /** At position 0. */
    static StartFrom beginning() {
        return new Position(0);
    }

    /**
     * Behind this position; behind {@link Long#MAX_VALUE} is {@link #now}.
     *
     * @throws IllegalArgumentException if the position is negative
     */
    static StartFrom after(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("A position is 0 or more: position=" + position);
        }
        return new Position(position == Long.MAX_VALUE ? position : position + 1);
    }

    /** At the first event whose time is this one or later; nanoseconds since 1970 UTC. */
    static StartFrom time(long timeNs) {
        return new Time(timeNs);
    }

    /** At the end: nothing that is stored now. */
    static StartFrom now() {
        return new Position(Long.MAX_VALUE);
    }

    /**
     * The first position that is wanted.
     *
     * @param first 0 or more
     */
    record Position(long first) implements StartFrom {
        /** Refuses negative positions. */
        public Position {
            if (first < 0) {
                throw new IllegalArgumentException("A position is 0 or more: position=" + first);
            }
        }
    }

    /**
     * The earliest time that is wanted.
     *
     * @param ns nanoseconds since 1970 UTC
     */
    record Time(long ns) implements StartFrom {
    }
}
