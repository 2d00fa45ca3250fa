package io.daybook.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Rows of NDJSON: one object a line, which is the payload as it is; its top-level fields are the columns. Empty lines are passed over. */
final class NdjsonRows implements Rows {

    private final LineReader lines;
    private final Columns columns;
    private long number;

    NdjsonRows(InputStream in, Columns columns) {
        this.lines = new LineReader(in, StoreSettings.MAX_PAYLOAD_BYTES);
        this.columns = columns;
    }

    @Override
    public Row next() throws IOException {
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            String object = text(line).strip();
            if (!object.isEmpty()) return row(object);
        }
        return null;
    }

    private String text(byte[] line) {
        CharBuffer chars = CharBuffer.allocate(line.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line), chars, true).isError()) {
            throw malformed(chars.position() + 1, "not UTF-8");
        }
        return chars.flip().toString();
    }

    private Row row(String object) throws IOException {
        String[] values = new String[Role.values().length];
        try (JsonParser json = Json.STRICT.createParser(object)) {
            if (json.nextToken() != JsonToken.START_OBJECT) throw malformed(1, "not a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) field(json, values);
            if (json.nextToken() != null) throw malformed(json.currentTokenLocation().getColumnNr(), "more than one JSON value");
        } catch (JsonProcessingException e) {
            throw malformed(e.getLocation().getColumnNr(), "not JSON: " + e.getOriginalMessage());
        }
        for (Role role : Role.values()) {
            if (columns.has(role) && values[role.ordinal()] == null) {
                throw new MalformedRowException(lines.line(), columns.name(role), "the field is missing or null");
            }
        }
        return new Row(++number, lines.line(), values, object.getBytes(StandardCharsets.UTF_8));
    }

    private void field(JsonParser json, String[] values) throws IOException {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        for (Role role : Role.values()) {
            if (!name.equals(columns.name(role))) continue;
            if (token.isStructStart()) throw new MalformedRowException(lines.line(), name, "the field is neither text nor a number");
            if (token != JsonToken.VALUE_NULL) values[role.ordinal()] = json.getText();
        }
        json.skipChildren();
    }

    private MalformedRowException malformed(int character, String problem) {
        return new MalformedRowException(lines.line(), String.valueOf(character), problem);
    }
}
