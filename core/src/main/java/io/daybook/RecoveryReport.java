package io.daybook;

import java.time.Duration;
import java.util.List;

/**
 * What {@code open} found and did. Also written to the log in one line.
 *
 * @param cleanlyClosed   the journal had been closed, or is new
 * @param machineStopped  the machine stopped (power cut, crash) while the journal was open, or nobody knows whether it did
 * @param newEpoch        positions may have been lost, so a new epoch began
 * @param endPosition     the position that the next event gets
 * @param replayedEvents  events that were read again to bring the entity index up to date
 * @param indexRebuilt    the entity index was missing, stale or damaged and was made anew
 * @param cut             where the journal was cut off, because no valid commit follows; null if nothing stood there, in this file or
 *                        later ones
 * @param setAside        names of what was kept, in the folder of this name, before something was cut off: copies, and whole files that
 *                        were moved; the newest 32 stay
 * @param took            how long opening took
 */
public record RecoveryReport(boolean cleanlyClosed, boolean machineStopped, boolean newEpoch, long endPosition, long replayedEvents,
                             boolean indexRebuilt, Cut cut, List<String> setAside, Duration took) {

    /**
     * Where a journal was cut off.
     *
     * @param file   the journal file
     * @param offset the place in it behind the last valid commit
     * @param bytes  so much was written behind it in this file, which is not served any more; 0 if there is more in files that were
     *               moved away, which are among those set aside
     */
    public record Cut(String file, long offset, long bytes) {
    }
}
