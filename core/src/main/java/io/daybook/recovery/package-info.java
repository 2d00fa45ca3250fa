/**
 * Opening and closing: ownership of the folder, the scan to the end of the valid commits, torn or damaged, epochs; and the verifier. Start
 * with {@link io.daybook.recovery.OwnedJournal}. Internal: not part of the API.
 */
package io.daybook.recovery;
