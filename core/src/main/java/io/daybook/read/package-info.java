/**
 * Finite reads: an entity's events by walking back from its head, the journal's by stepping from document to document. Takes no lock of
 * the append's. Internal: not part of the API.
 */
package io.daybook.read;
