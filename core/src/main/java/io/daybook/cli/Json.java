package io.daybook.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** How this package reads and writes JSON. */
final class Json {

    /** For rows: strict, since two fields of one name would make it unclear which one is meant. */
    static final JsonFactory STRICT = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /** For everything else. Leaves streams open that it did not open. */
    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder().build())
        .disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    private Json() {
    }

    /** The bytes as one JSON value on one line, or null if they are not exactly one JSON value in UTF-8. */
    static String oneLine(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            // A line break within a string would be an error, so those that are left stand between tokens and mean nothing.
            return isOneValue(text) ? text.strip().replace('\n', ' ').replace('\r', ' ') : null;
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    /** Writes the field {@code name} if the bytes are JSON, else {@code name} + "Base64". */
    static void writeBytes(JsonGenerator json, String name, byte[] bytes) throws IOException {
        String value = oneLine(bytes);
        if (value == null) {
            json.writeBinaryField(name + "Base64", bytes);
        } else {
            json.writeFieldName(name);
            json.writeRawValue(value);
        }
    }

    private static boolean isOneValue(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (parser.nextToken() == null) return false;
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            return false;
        }
    }
}
