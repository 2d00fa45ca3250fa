package io.daybook.cli;

import java.util.List;

/**
 * One commit of a history that changed something.
 *
 * @param number  its number in the history, from 1
 * @param label   its name in the history, that of one commit only
 * @param timeNs  when it was made, nanoseconds since 1970 UTC
 * @param changes what it did, at least one
 */
record HistoryCommit(long number, String label, long timeNs, List<PathChange> changes) {
}
