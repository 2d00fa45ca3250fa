package io.daybook;

import java.util.UUID;

/**
 * Which journal this is, and which of its histories. Immutable.
 *
 * @param identity made at random when the journal was created
 * @param epoch    begins anew whenever positions that were once visible may have been lost or left behind; the first is 1
 */
public record JournalId(UUID identity, int epoch) {

    /** The highest epoch that a journal can have. */
    public static final int MAX_EPOCH = 0xFFFF;
}
