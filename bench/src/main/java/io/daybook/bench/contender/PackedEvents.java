package io.daybook.bench.contender;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Events one behind the other in a message, for floors that know messages only: version, lengths, name, payload. One thread, used again.
 */
final class PackedEvents {

    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int PAYLOAD_LENGTH_OFFSET = 12;
    private static final int NAME_OFFSET = 16;
    private static final int FIRST_CAPACITY = 1 << 16;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(FIRST_CAPACITY);
    private int length;

    /** Makes a message of one event. */
    PackedEvents of(String entity, long expected, byte[] payload) {
        length = 0;
        add(entity, expected, payload);
        return this;
    }

    /** Makes a message of all events. */
    PackedEvents of(Batch batch) {
        length = 0;
        for (int i = 0; i < batch.size(); i++) {
            add(batch.entity(i), batch.expected(i), batch.payload(i));
        }
        return this;
    }

    private void add(String entity, long expected, byte[] payload) {
        buffer.putLong(length, expected + 1);
        buffer.putInt(length + PAYLOAD_LENGTH_OFFSET, payload.length);
        int nameLength = buffer.putStringWithoutLengthAscii(length + NAME_OFFSET, entity);
        buffer.putInt(length + NAME_LENGTH_OFFSET, nameLength);
        length += NAME_OFFSET + nameLength;
        buffer.putBytes(length, payload);
        length += payload.length;
    }

    /** Holds the message until the next one is made. */
    DirectBuffer buffer() {
        return buffer;
    }

    /** Bytes of the message. */
    int length() {
        return length;
    }

    /** A copy of the message. */
    byte[] toBytes() {
        byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    /** Hands out the events of a message, those of one entity or, for null, all. Answers how many. */
    static int handOut(DirectBuffer message, int offset, int length, String only, Reader.Sink sink) {
        int count = 0;
        for (int at = offset; at < offset + length;) {
            int payloadAt = payloadAt(message, at);
            int payloadLength = message.getInt(at + PAYLOAD_LENGTH_OFFSET);
            if (only == null || only.equals(name(message, at))) {
                sink.event(message.getLong(at), message, payloadAt, payloadLength);
                count++;
            }
            at = payloadAt + payloadLength;
        }
        return count;
    }

    /** Hands out the name of each event's entity. */
    static void names(DirectBuffer message, int offset, int length, Consumer<String> names) {
        for (int at = offset; at < offset + length; at = payloadAt(message, at) + message.getInt(at + PAYLOAD_LENGTH_OFFSET)) {
            names.accept(name(message, at));
        }
    }

    private static int payloadAt(DirectBuffer message, int at) {
        return at + NAME_OFFSET + message.getInt(at + NAME_LENGTH_OFFSET);
    }

    private static String name(DirectBuffer message, int at) {
        return message.getStringWithoutLengthAscii(at + NAME_OFFSET, message.getInt(at + NAME_LENGTH_OFFSET));
    }
}
