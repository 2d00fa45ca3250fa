/**
 * The files that are the truth. The only importer of Chronicle Queue, which writes; we read ourselves, through mappings that nobody
 * unmaps, and force ourselves. Knows nothing of entities. Internal: not part of the API.
 */
package io.daybook.journal;
