package io.daybook;

/**
 * Where commit times come from. Both methods are called under the lock of the writer: they must be fast,
 * must not block, and must not call the store. One thread at a time, whichever appends.
 */
public interface StoreClock {

    /** The clock of the machine. */
    static StoreClock system() {
        return SystemStoreClock.INSTANCE;
    }

    /** Nanoseconds since 1970-01-01T00:00:00Z; may jump. */
    long wallNs();

    /** Nanoseconds of a clock that never jumps, from an arbitrary start, such as {@link System#nanoTime()}. */
    long monotonicNs();
}
