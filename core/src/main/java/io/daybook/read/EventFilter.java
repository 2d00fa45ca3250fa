package io.daybook.read;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.Filter;
import io.daybook.envelope.EventDescriptor;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** A filter that looks at an event's bytes and makes no strings. Immutable. */
final class EventFilter {

    private static final byte[] NO_NAME = {-1}; // no byte of UTF-8: equals no stored name

    private final byte[][] categories;
    private final byte[][] types;

    EventFilter(Filter filter) {
        categories = filter.categories().stream().map(EventFilter::encode).toArray(byte[][]::new);
        types = filter.types().stream().map(EventFilter::encode).toArray(byte[][]::new);
    }

    private static byte[] encode(String wanted) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(wanted) ? wanted.getBytes(StandardCharsets.UTF_8) : NO_NAME;
    }

    /** True if the event at this place is wanted. */
    boolean accepts(UnsafeBuffer buffer, int offset) {
        if (categories.length == 0 && types.length == 0) {
            return true;
        }
        int name = offset + EventDescriptor.HEADER_LENGTH;
        int nameLength = EventDescriptor.nameLength(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER));
        int typeLength = EventDescriptor.typeLength(buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER));
        return (types.length == 0 || anyEquals(types, buffer, name + nameLength, typeLength))
                && (categories.length == 0 || anyEquals(categories, buffer, name, categoryLength(buffer, name, nameLength)));
    }

    private static int categoryLength(UnsafeBuffer buffer, int name, int nameLength) {
        for (int i = 0; i < nameLength; i++) {
            if (buffer.getByte(name + i) == '-') {
                return i == 0 ? nameLength : i;
            }
        }
        return nameLength;
    }

    private static boolean anyEquals(byte[][] wanted, UnsafeBuffer buffer, int offset, int length) {
        for (byte[] one : wanted) {
            if (one.length == length && equal(one, buffer, offset)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(byte[] one, UnsafeBuffer buffer, int offset) {
        for (int i = 0; i < one.length; i++) {
            if (one[i] != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
