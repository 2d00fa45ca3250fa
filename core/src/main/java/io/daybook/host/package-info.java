/**
 * What a store has of its host: threads from the host's factory, files and folders that only their owner may read, room on the disk that is
 * taken before it is written. Knows nothing of journal and index, which both stand on it. Internal: not part of the API.
 */
package io.daybook.host;
