package io.daybook;

/**
 * Where a commit stands in the journal. Immutable.
 *
 * @param firstPosition position of its first event
 * @param lastPosition  position of its last event
 * @param version       version of its last event within that event's entity
 * @param timeNs        time of the commit, nanoseconds since 1970-01-01T00:00:00Z
 * @param duplicate     true if the commit was there already: this is the result of the first append, and nothing was written now
 */
public record AppendResult(long firstPosition, long lastPosition, long version, long timeNs, boolean duplicate) {
}
