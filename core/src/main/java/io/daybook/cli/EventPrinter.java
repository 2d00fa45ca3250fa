package io.daybook.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.daybook.RecordedEvent;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Prints events, one a line: for people, or as JSON objects. Buffers; close it to see the last ones. */
final class EventPrinter implements AutoCloseable {

    private static final int SHOWN_PAYLOAD_CHARS = 100;

    private final PrintStream out;
    private final JsonGenerator json;
    private int printed;

    private EventPrinter(PrintStream out, JsonGenerator json) {
        this.out = out;
        this.json = json;
    }

    static EventPrinter on(PrintStream out, boolean json) throws IOException {
        return new EventPrinter(out, json ? Json.MAPPER.createGenerator(out).setRootValueSeparator(new SerializedString("")) : null);
    }

    void print(RecordedEvent event) throws IOException {
        if (json == null) {
            out.println(line(event));
        } else {
            printJson(event);
        }
        printed++;
    }

    /** True if nobody reads any more ({@code cat | head}): there is no use in going on. */
    boolean unheard() {
        // The question flushes, so it is not asked for every event.
        return printed % 1024 == 0 && out.checkError();
    }

    /** Shows what was printed until now; false if nobody reads any more. */
    boolean show() throws IOException {
        if (json != null) json.flush();
        return !out.checkError();
    }

    @Override
    public void close() throws IOException {
        if (json != null) {
            json.flush();
        }
        out.flush();
    }

    /** One line for people; a payload that is not text, or long, is cut. */
    static String line(RecordedEvent event) {
        return event.position() + "  " + Times.rfc3339(event.timeNs()) + "  " + event.entity() + "@" + event.version() + "  " + event.type()
            + "  " + shortened(event.payload());
    }

    private void printJson(RecordedEvent event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("position", event.position());
        json.writeStringField("entity", event.entity());
        json.writeNumberField("version", event.version());
        json.writeStringField("type", event.type());
        json.writeStringField("id", event.id().toString());
        json.writeStringField("time", Times.rfc3339(event.timeNs()));
        json.writeNumberField("schemaVersion", event.schemaVersion());
        if (event.metadata().length == 0) {
            json.writeNullField("metadata");
        } else {
            Json.writeBytes(json, "metadata", event.metadata());
        }
        Json.writeBytes(json, "payload", event.payload());
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private static String shortened(byte[] payload) {
        String text = new String(payload, 0, Math.min(payload.length, 4 * SHOWN_PAYLOAD_CHARS), StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0 && text.indexOf('\uFFFD') < SHOWN_PAYLOAD_CHARS) return "(" + payload.length + " bytes)";
        // What could move the cursor of a terminal is not let through.
        String printable = text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).limit(SHOWN_PAYLOAD_CHARS)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return printable.length() < text.length() || payload.length > 4 * SHOWN_PAYLOAD_CHARS ? printable + "…" : printable;
    }
}
