/**
 * The way of a commit into the journal. Start with {@link io.daybook.append.AppendPath}, which shows the whole sequence, and
 * {@link io.daybook.append.JournalEnd}, where a commit becomes visible. Internal: not part of the API.
 */
package io.daybook.append;
