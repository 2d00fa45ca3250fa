package io.daybook.envelope;

import io.daybook.JournalId;
import java.nio.ByteOrder;

/**
 * Layout of a commit: the data of one Chronicle document. All numbers are little-endian; nothing is aligned.
 * <pre>
 *   0        4        8                16               24    26    28
 *   +--------+--------+----------------+----------------+-----+-----+----------------- - -
 *   | sum    | lag    | position, kind | time           |epoch|n - 1| n events, 0 to 3 zeros
 *   +--------+--------+----------------+----------------+-----+-----+----------------- - -
 * </pre>
 * <ul>
 *   <li>sum: CRC32C over bytes 4 to 28 and then over the sums of the events, in order</li>
 *   <li>lag: position - durable position when the commit was written; 0xFFFFFFFF: that much or more</li>
 *   <li>position: of the first event, 56 bits; kind: the highest byte, 1</li>
 *   <li>time: nanoseconds since 1970-01-01T00:00:00Z</li>
 * </ul>
 * Internal: not part of the API.
 */
public final class CommitDescriptor {

    /** Byte order of everything in a commit. */
    public static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Offset of the sum. */
    public static final int SUM_OFFSET = 0;
    /** Offset of the lag. */
    public static final int LAG_OFFSET = 4;
    /** Offset of position and kind. */
    public static final int POSITION_OFFSET = 8;
    /** Offset of the time. */
    public static final int TIME_OFFSET = 16;
    /** Offset of the epoch. */
    public static final int EPOCH_OFFSET = 24;
    /** Offset of the number of events less one. */
    public static final int LAST_INDEX_OFFSET = 26;
    /** Length of the header. */
    public static final int HEADER_LENGTH = 28;

    /** The kind of a commit of events. A reader refuses others. */
    public static final int KIND_EVENTS = 1;
    /** A lag of this much or more. */
    public static final long LAG_UNKNOWN = 0xFFFF_FFFFL;
    /** The highest position. */
    public static final long MAX_POSITION = (1L << 56) - 1;
    /** The highest epoch. */
    public static final int MAX_EPOCH = JournalId.MAX_EPOCH;
    /** Commits are padded with zeros to a multiple of this. */
    public static final int ALIGNMENT = 4;

    private CommitDescriptor() {
    }

    /** The kind, from the word at {@link #POSITION_OFFSET}. */
    public static int kind(long positionWord) {
        return (int) (positionWord >>> 56);
    }

    /** The position, from the word at {@link #POSITION_OFFSET}. */
    public static long position(long positionWord) {
        return positionWord & MAX_POSITION;
    }

    /** The word at {@link #POSITION_OFFSET}. */
    public static long positionWord(long position) {
        return (long) KIND_EVENTS << 56 | position;
    }

    /** The length with its padding. */
    public static int aligned(int length) {
        return length + (ALIGNMENT - 1) & -ALIGNMENT;
    }
}
