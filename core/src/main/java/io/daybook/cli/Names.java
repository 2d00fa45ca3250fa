package io.daybook.cli;

import java.nio.charset.StandardCharsets;

/** What the journal takes for a name, looked at where the row and column are known that it came from. */
final class Names {

    private Names() {
    }

    /** What is wrong with this name of an entity or type of an event, or null. */
    static String problem(String name, int maxBytes) {
        if (name.isEmpty()) return "it is empty";
        if (name.codePoints().anyMatch(Character::isISOControl)) return "it has a control character";
        if (name.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) return "it has half a character";
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes > maxBytes ? "it is too long: bytes=" + bytes + " most=" + maxBytes : null;
    }
}
