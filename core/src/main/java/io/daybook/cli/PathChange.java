package io.daybook.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What a commit of the history did to one path.
 *
 * @param name   the path
 * @param type   type of the event
 * @param old    what was there before, as the history says
 * @param now    what is there afterwards
 * @param before the number of events that the path had before, as the history says; {@link #UNKNOWN} if it does not
 */
record PathChange(PathName name, String type, PathState old, PathState now, long before) {

    static final long UNKNOWN = -1;

    /** The type of event that a status of git's raw format is, or null. */
    static String typeOf(String status) {
        switch (status) {
            case "A":
                return "Added";
            case "M":
                return "Modified";
            case "D":
                return "Deleted";
            case "T":
                return "TypeChanged";
            default:
                return null;
        }
    }

    /** The payload of its event. */
    byte[] payload() {
        try {
            return Json.MAPPER.writeValueAsBytes(Json.MAPPER.createObjectNode().put("path", name.path())
                .put("mode", now.mode()).put("blob", now.blob()).put("oldMode", old.mode()).put("oldBlob", old.blob()));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was there before, as a payload says. */
    static PathState oldIn(JsonNode payload) {
        return PathState.of(payload.path("oldMode").asText(), payload.path("oldBlob").asText());
    }

    /** What is there afterwards, as a payload says. */
    static PathState nowIn(JsonNode payload) {
        return PathState.of(payload.path("mode").asText(), payload.path("blob").asText());
    }

    /** A payload that {@link #payload()} made. */
    static JsonNode read(byte[] payload) {
        try {
            return Json.MAPPER.readTree(payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
