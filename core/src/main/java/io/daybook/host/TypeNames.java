package io.daybook.host;

import java.util.Set;

/**
 * The names of types in a description that Chronicle Map wrote into a file, as Chronicle's text wire spells them: {@code !name} and
 * {@code !type name}. Chronicle loads and makes whatever class stands there, so whoever can write the file would choose what this
 * process runs; the names are looked at first. Internal: not part of the API.
 */
public final class TypeNames {

    private static final String LITERAL = "type";

    private TypeNames() {
    }

    /** True if a description names no other types than these. */
    public static boolean areAmong(Set<String> known, CharSequence description) {
        int at = 0;
        while (at < description.length()) {
            if (description.charAt(at++) == '!') {
                int end = endOfName(description, at);
                String name = description.subSequence(at, end).toString();
                if (name.equals(LITERAL)) {
                    int start = end;
                    while (start < description.length() && description.charAt(start) == ' ') {
                        start++;
                    }
                    end = endOfName(description, start);
                    name = description.subSequence(start, end).toString();
                }
                if (!known.contains(name)) {
                    return false;
                }
                at = end;
            }
        }
        return true;
    }

    private static int endOfName(CharSequence description, int start) {
        int end = start;
        while (end < description.length() && (Character.isJavaIdentifierPart(description.charAt(end)) || description.charAt(end) == '.')) {
            end++;
        }
        return end;
    }
}
