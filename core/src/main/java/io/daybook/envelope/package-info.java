/**
 * The bytes of a commit: layouts drawn in the descriptors, an encoder, a view that checks everything. Knows nothing of files. Internal:
 * not part of the API.
 */
package io.daybook.envelope;
