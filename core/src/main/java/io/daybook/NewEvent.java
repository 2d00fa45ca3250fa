package io.daybook;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

/**
 * An event that is to be appended. For any thread; the arrays are not copied: leave them unchanged until {@code append} has returned.
 *
 * @param id            identity of the event, which makes a repeated append recognisable; null: the store derives one, and the event is
 *         never a repeat
 * @param type          what happened, 1 to 255 bytes of UTF-8 without control characters
 * @param schemaVersion version of the payload's schema, 0 to 65,535
 * @param metadata      opaque bytes beside the payload, up to 64 KiB
 * @param payload       opaque bytes, up to {@link StoreSettings#maxPayloadBytes()}
 */
public record NewEvent(UUID id, String type, int schemaVersion, byte[] metadata, byte[] payload) {

    private static final byte[] NONE = {};

    /** Refuses nulls; sizes are judged by the store, which knows its limits. */
    public NewEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(payload, "payload");
    }

    /** An event with a payload of bytes, schema version 0, no metadata and a derived id. */
    public static NewEvent of(String type, byte[] payload) {
        return new NewEvent(null, type, 0, NONE, payload);
    }

    /** An event whose payload is this text in UTF-8. The text is not parsed. */
    public static NewEvent json(String type, String json) {
        return of(type, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same event with this id. */
    public NewEvent withId(UUID newId) {
        return new NewEvent(newId, type, schemaVersion, metadata, payload);
    }

    /** The same event with this schema version. */
    public NewEvent withSchemaVersion(int newSchemaVersion) {
        return new NewEvent(id, type, newSchemaVersion, metadata, payload);
    }

    /** The same event with this metadata. */
    public NewEvent withMetadata(byte[] newMetadata) {
        return new NewEvent(id, type, schemaVersion, newMetadata, payload);
    }
}
