package io.daybook.recovery;

import io.daybook.journal.DocumentScanner;

/**
 * Where the valid commits end, and why there.
 *
 * @param position        the position behind the last valid commit
 * @param address         where the next document's header would be
 * @param timeNs          time of the last valid commit; {@code Long.MIN_VALUE} if there is none
 * @param durablePosition the highest durable position that a valid commit carries
 * @param reason          what stands there
 * @param replayed        events that were read on the way
 */
record Tail(long position, long address, long timeNs, long durablePosition, DocumentScanner.Step reason, long replayed) {

    /** True if nothing is wrong with what stands there: the end of the last file, written or not. */
    boolean isPlain() {
        return reason == DocumentScanner.Step.END || reason == DocumentScanner.Step.CLOSED || reason == DocumentScanner.Step.INCOMPLETE;
    }
}
