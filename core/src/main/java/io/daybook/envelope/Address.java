package io.daybook.envelope;

/**
 * Where an event, or a document, lies: number of the journal file (the cycle) in 23 bits, offset in the file in 40. 0 stands for nowhere:
 * no file has data at offset 0.
 */
public final class Address {

    /** Nowhere. */
    public static final long NONE = 0;
    /** The highest number of a cycle. */
    public static final int MAX_CYCLE = (1 << 23) - 1;

    private static final int OFFSET_BITS = 40;

    private Address() {
    }

    /** The address of this offset in this cycle. */
    public static long of(int cycle, long offset) {
        return (long) cycle << OFFSET_BITS | offset;
    }

    /** Its cycle. */
    public static int cycle(long address) {
        return (int) (address >>> OFFSET_BITS);
    }

    /** Its offset. */
    public static long offset(long address) {
        return address & (1L << OFFSET_BITS) - 1;
    }
}
