package io.daybook.envelope;

import java.util.UUID;

/**
 * The id of an event that came without one: a UUID of version 8 that spells out journal, epoch and position. It needs no room in the
 * journal, no two events share one, and whether a given id is one of this journal's derived ids can be told from its bits.
 * <pre>
 *   high: position, upper 48 bits | 8 | position, lower 8 bits, 4 bits of the tag
 *   low:  10 | 46 bits of the tag | epoch, 16 bits
 * </pre>
 * The tag is taken from the identity of the journal, which is random.
 */
public final class DerivedId {

    private final long tagHigh;
    private final long tagLow;

    /** For the journal of this identity. */
    public DerivedId(UUID identity) {
        // Bits 12 to 15 of the high half and the two top bits of the low half are the same in every random UUID: left out of the tag.
        tagHigh = identity.getMostSignificantBits() & 0xF;
        tagLow = 0x8000_0000_0000_0000L | (identity.getLeastSignificantBits() & 0x3FFF_FFFF_FFFFL) << 16;
    }

    /** The higher half of the id of the event at this position. */
    public long high(long position) {
        return position >>> 8 << 16 | 0x8000 | (position & 0xFF) << 4 | tagHigh;
    }

    /** The lower half of the id of an event in this epoch. */
    public long low(int epoch) {
        return tagLow | epoch;
    }

    /** The position that an id spells out; -1 if it is not one of this journal's derived ids. */
    public long positionOf(long high, long low) {
        boolean ours = (high & 0xF00F) == (0x8000 | tagHigh) && (low & -0x1_0000L) == tagLow;
        return ours ? high >>> 16 << 8 | high >>> 4 & 0xFF : -1;
    }
}
