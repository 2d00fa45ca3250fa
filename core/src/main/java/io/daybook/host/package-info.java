/**
 * What a store has of its host: threads from the host's factory, calls that an interrupt does not spoil, files and folders that only their
 * owner may read, room on the disk that is taken before it is written, the holes of sparse files, mapped memory. Knows nothing of journal
 * and index, which both stand on it. Internal: not part of the API.
 */
package io.daybook.host;
