package io.daybook;

/**
 * A look at the store's numbers; each is correct at some moment during the call, not all at the same one.
 *
 * @param endPosition       the position that the next event gets; also the number of events
 * @param durablePosition   everything before this position is forced to the device
 * @param entities          number of entities
 * @param commits           commits appended since open
 * @param conflicts         commits refused since open because a condition did not hold
 * @param duplicates        commits recognised as repeats since open
 * @param forces            forces of the journal to the device since open
 * @param cycleFiles        number of journal files
 * @param journalBytes      bytes of the journal files up to their ends; all but the newest count as full
 * @param indexWatermark    the index on disk holds everything before this position
 * @param headsInMemory     heads in the table in memory
 * @param headTableBytes    memory of that table
 * @param longestForceNs    how long the longest force of the journal took since open
 * @param freeBytes         free on the journal's disk
 * @param lowOnSpace        that is less than {@link StoreSettings#lowSpaceBytes(long)}
 * @param clockJumpsIgnored forward jumps of the wall clock that were reported and not followed
 */
public record StoreStats(long endPosition, long durablePosition, long entities, long commits, long conflicts, long duplicates, long forces,
                         int cycleFiles, long journalBytes, long indexWatermark, long headsInMemory, long headTableBytes,
                         long longestForceNs, long freeBytes, boolean lowOnSpace, long clockJumpsIgnored) {
}
