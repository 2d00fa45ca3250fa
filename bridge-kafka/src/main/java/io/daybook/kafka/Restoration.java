package io.daybook.kafka;

import io.daybook.JournalId;

/**
 * What a restore has made. Immutable.
 *
 * @param id       of the journal: its identity as it was, and the epoch that it began
 * @param events   that are in the journal
 * @param resumed  so many of them were there when this restore began, from one that was cut short
 * @param mirrored the progress of the mirror told where the events end; otherwise it was deleted, and they end where the topics do; those
 *                 of routes that the settings did not tell are not among them
 */
public record Restoration(JournalId id, long events, long resumed, boolean mirrored) {
}
