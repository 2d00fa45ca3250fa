/**
 * The bytes of a commit: layouts drawn in the descriptors, an encoder, a view that checks everything. Depends on nothing. Internal: not
 * part of the API.
 */
package io.daybook.envelope;
