package io.daybook.envelope;

import io.daybook.StoreSettings;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * Names of entities and types as UTF-8: writes them, refuses what a name must not hold (nothing at all, control characters, lone
 * surrogates), and finds them again.
 */
public final class EntityNames {

    private EntityNames() {
    }

    /** Writes an entity's name; answers its length in bytes. */
    public static int putEntity(byte[] bytes, int offset, String name) {
        return put(bytes, offset, name, "entity", StoreSettings.MAX_ENTITY_BYTES);
    }

    /** Writes a type; answers its length in bytes. */
    public static int putType(byte[] bytes, int offset, String type) {
        return put(bytes, offset, type, "type", StoreSettings.MAX_TYPE_BYTES);
    }

    /** True if the name in the array stands in the buffer, too. Compared by words, the last of which may lie over the one before it. */
    public static boolean isAt(DirectBuffer buffer, int offset, byte[] names, int nameOffset, int nameLength) {
        buffer.boundsCheck(offset, nameLength);
        Objects.checkFromIndexSize(nameOffset, nameLength, names.length);
        long at = buffer.addressOffset() + offset;
        int last = nameLength - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if (Unchecked.getLong(buffer, at + i) != Unchecked.getLong(names, nameOffset + i)) {
                return false;
            }
        }
        if (last >= 0) {
            return Unchecked.getLong(buffer, at + last) == Unchecked.getLong(names, nameOffset + last);
        }
        for (int i = 0; i < nameLength; i++) {
            if (buffer.getByte(offset + i) != names[nameOffset + i]) {
                return false;
            }
        }
        return true;
    }

    private static int put(byte[] bytes, int offset, String name, String what, int most) {
        int length = name.length();
        if (length == 0) {
            throw new IllegalArgumentException("A name is empty: what=" + what);
        }
        if (length > most) {
            throw tooLong(what, most);
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c >= 0x7F) {
                return putOther(bytes, offset, name, what, most);
            }
            if (c < ' ') {
                throw control(what, i);
            }
            bytes[offset + i] = (byte) c;
        }
        return length;
    }

    private static int putOther(byte[] bytes, int offset, String name, String what, int most) {
        int at = 0;
        for (int i = 0; i < name.length(); i++) {
            int c = name.codePointAt(i);
            if (Character.getType(c) == Character.CONTROL) {
                throw control(what, i);
            }
            if (Character.getType(c) == Character.SURROGATE) {
                throw new IllegalArgumentException("A name has a surrogate without its other half: what=" + what + " index=" + i);
            }
            if (at + 4 > most && at + utf8Length(c) > most) {
                throw tooLong(what, most);
            }
            at += putCodePoint(bytes, offset + at, c);
            i += Character.charCount(c) - 1;
        }
        return at;
    }

    private static int putCodePoint(byte[] bytes, int offset, int c) {
        int length = utf8Length(c);
        if (length == 1) {
            bytes[offset] = (byte) c;
            return 1;
        }
        int rest = c;
        for (int i = length - 1; i > 0; i--) {
            bytes[offset + i] = (byte) (0x80 | rest & 0x3F);
            rest >>>= 6;
        }
        bytes[offset] = (byte) (0xF00 >>> length | rest);
        return length;
    }

    private static int utf8Length(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x1_0000 ? 3 : 4;
    }

    private static IllegalArgumentException tooLong(String what, int most) {
        return new IllegalArgumentException("A name is too long: what=" + what + " limitBytes=" + most);
    }

    private static IllegalArgumentException control(String what, int index) {
        return new IllegalArgumentException("A name has a control character: what=" + what + " index=" + index);
    }
}
