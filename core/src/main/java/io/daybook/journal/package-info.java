/**
 * The files that are the truth. The only importer of Chronicle Queue, which makes the files; most documents we write into its mapping
 * ourselves, we read through mappings that nobody unmaps, and force ourselves. Knows nothing of the index. Internal: not part of the API.
 */
package io.daybook.journal;
