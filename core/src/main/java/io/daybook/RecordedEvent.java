package io.daybook;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * A stored event, copied out of the journal: it may be kept and passed between threads.
 *
 * @param position       its number within the journal
 * @param entity         the entity whose stream it belongs to
 * @param version        its number within the entity
 * @param type           what happened
 * @param id             given by the caller, or derived by the store
 * @param timeNs         time of the commit, nanoseconds since 1970-01-01T00:00:00Z
 * @param schemaVersion  version of the payload's schema
 * @param metadata       opaque bytes
 * @param payload        opaque bytes
 * @param commitPosition position of the first event of its commit
 * @param commitSize     number of events of its commit
 */
public record RecordedEvent(long position, String entity, long version, String type, UUID id, long timeNs, int schemaVersion,
                            byte[] metadata, byte[] payload, long commitPosition, int commitSize) {

    /** The payload as text in UTF-8. */
    public String payloadText() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
