package io.daybook.cli;

import io.daybook.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A path of a tree, and the name of its entity. The name is the path wherever that can be a name. A path that has control characters, is
 * not UTF-8 or begins with {@code %} is written as {@code %}, then the path with those bytes and every {@code %} as {@code %XX}; if that is
 * longer than a name can be, its beginning, {@code %~} and the SHA-256 of the path. So different paths have different names.
 *
 * @param entity the name of the entity
 * @param path   the path as text; as in the name, but whole, where it is no text
 */
record PathName(String entity, String path) {

    private static final String ESCAPED = "%";
    private static final String CUT = "%~";

    /** The name of the path that these bytes are. */
    static PathName of(byte[] bytes) {
        String text = decoded(bytes);
        boolean plain = text != null && !text.startsWith(ESCAPED) && text.codePoints().noneMatch(Character::isISOControl);
        if (plain && bytes.length <= StoreSettings.MAX_ENTITY_BYTES) return new PathName(text, text);
        String escaped = ESCAPED + (text == null ? escapedBytes(bytes) : escapedText(text));
        return new PathName(fitting(escaped, bytes), text == null ? escaped : text);
    }

    private static String fitting(String escaped, byte[] path) {
        byte[] name = escaped.getBytes(StandardCharsets.UTF_8);
        if (name.length <= StoreSettings.MAX_ENTITY_BYTES) return escaped;
        String sum = CUT + HexFormat.of().formatHex(Provenance.sha256().digest(path));
        int kept = StoreSettings.MAX_ENTITY_BYTES - sum.length();
        // Not within a character.
        while ((name[kept] & 0xC0) == 0x80) kept--;
        return new String(Arrays.copyOf(name, kept), StandardCharsets.UTF_8) + sum;
    }

    private static String escapedText(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '%' || Character.isISOControl(c)) {
                for (byte one : Character.toString(c).getBytes(StandardCharsets.UTF_8)) escape(escaped, one);
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    private static String escapedBytes(byte[] bytes) {
        StringBuilder escaped = new StringBuilder();
        for (byte one : bytes) {
            if (one > ' ' && one < 0x7F && one != '%') {
                escaped.append((char) one);
            } else {
                escape(escaped, one);
            }
        }
        return escaped.toString();
    }

    private static void escape(StringBuilder escaped, byte one) {
        escaped.append(String.format(Locale.ROOT, "%%%02X", one));
    }

    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
