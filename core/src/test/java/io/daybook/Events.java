package io.daybook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.agrona.DirectBuffer;

/** Events as text, so that lists of them can be compared and a difference can be read. */
public final class Events {

    private static final int SHOWN_BYTES = 48;

    private Events() {
    }

    /** An event whose payload is this text. */
    public static NewEvent event(String type, String payload) {
        return NewEvent.of(type, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** An event with this number as its id and in its payload. */
    public static NewEvent numbered(long number) {
        return event("Counted", "number " + number).withId(id(number));
    }

    /** An id that depends on the number only. */
    public static UUID id(long number) {
        return new UUID(0x0123_4567_89ab_4defL, number);
    }

    /** All of one event. */
    public static String line(RecordedEvent event) {
        return event.position() + " " + event.entity() + "@" + event.version() + " " + event.type() + " " + event.id() + " t="
            + event.timeNs()
            + " s=" + event.schemaVersion() + " m=" + show(event.metadata()) + " p=" + show(event.payload())
            + " c=" + event.commitPosition() + "+" + event.commitSize();
    }

    /** All of these events. */
    public static List<String> lines(List<RecordedEvent> events) {
        return events.stream().map(Events::line).toList();
    }

    /** Reads to the end, checks that views and copies agree, and closes. */
    public static List<String> drain(Cursor cursor) {
        List<String> lines = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                RecordedEvent copy = cursor.event().copy();
                assertSame(copy, cursor.event());
                assertEquals(copy.position(), cursor.position());
                lines.add(line(copy));
            }
        }
        return lines;
    }

    /** Everything that the store holds, in order. */
    public static List<String> all(EventStore store) {
        return drain(store.readAll(StartFrom.beginning(), Filter.all()));
    }

    /** Everything that the entity has, in order. */
    public static List<String> of(EventStore store, String entity) {
        return drain(store.read(entity));
    }

    /** The payloads of the entity as text, in order. */
    public static List<String> payloads(EventStore store, String entity) {
        try (Cursor cursor = store.read(entity)) {
            return cursor.toList().stream().map(RecordedEvent::payloadText).toList();
        }
    }

    private static void assertSame(RecordedEvent copy, EventView view) {
        assertEquals(copy.position(), view.position());
        assertEquals(copy.entity(), view.entity());
        assertEquals(copy.version(), view.version());
        assertEquals(copy.type(), view.type());
        assertEquals(copy.id(), view.id());
        assertEquals(copy.timeNs(), view.timeNs());
        assertEquals(copy.schemaVersion(), view.schemaVersion());
        assertEquals(copy.commitPosition(), view.commitPosition());
        assertEquals(copy.commitSize(), view.commitSize());
        DirectBuffer buffer = view.buffer();
        assertArrayEquals(copy.payload(), part(buffer, view.payloadOffset(), view.payloadLength()));
        assertArrayEquals(copy.metadata(), part(buffer, view.metadataOffset(), view.metadataLength()));
        assertEquals(copy.entity(), new String(part(buffer, view.entityOffset(), view.entityLength()), StandardCharsets.UTF_8));
        assertEquals(copy.type(), new String(part(buffer, view.typeOffset(), view.typeLength()), StandardCharsets.UTF_8));
    }

    /** A copy of some bytes of a buffer. */
    public static byte[] part(DirectBuffer buffer, int offset, int length) {
        byte[] part = new byte[length];
        buffer.getBytes(offset, part);
        return part;
    }

    private static String show(byte[] bytes) {
        if (bytes.length > SHOWN_BYTES) {
            return bytes.length + " bytes #" + Integer.toHexString(Arrays.hashCode(bytes));
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? "'" + text + "'" : HexFormat.of().formatHex(bytes);
    }
}
