package io.daybook.read;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.EventView;
import io.daybook.RecordedEvent;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EventDescriptor;
import java.util.UUID;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The view that cursors hand out: one object a cursor, shown one event after the other. */
final class VisibleEvent implements EventView {

    private final DerivedId derived;
    private boolean valid;
    private UnsafeBuffer buffer;
    private int offset;
    private int length;
    private long versionWord;
    private long placeWord;
    private short nameField;
    private long commitPosition;
    private int commitSize;
    private long timeNs;
    private int epoch;

    VisibleEvent(DerivedId derived) {
        this.derived = derived;
    }

    /** Shows the event at this place of the buffer, whose sum was checked. */
    void show(UnsafeBuffer memory, int eventOffset) {
        buffer = memory;
        offset = eventOffset;
        length = memory.getInt(eventOffset + EventDescriptor.LENGTH_OFFSET, ORDER);
        versionWord = memory.getLong(eventOffset + EventDescriptor.VERSION_OFFSET, ORDER);
        placeWord = memory.getLong(eventOffset + EventDescriptor.PLACE_OFFSET, ORDER);
        nameField = memory.getShort(eventOffset + EventDescriptor.NAME_OFFSET, ORDER);
        valid = true;
    }

    /** Tells what the header of the event's commit says. */
    void commit(long position, int size, long time, int inEpoch) {
        commitPosition = position;
        commitSize = size;
        timeNs = time;
        epoch = inEpoch;
    }

    void invalidate() {
        valid = false;
    }

    private void requireValid() {
        if (!valid) {
            throw new IllegalStateException("The view shows no event: it is valid from next() until the next call of next() or close()");
        }
    }

    @Override
    public long position() {
        requireValid();
        return commitPosition + EventDescriptor.index(placeWord);
    }

    @Override
    public String entity() {
        return text(entityOffset(), entityLength());
    }

    @Override
    public long version() {
        requireValid();
        return EventDescriptor.version(versionWord);
    }

    @Override
    public String type() {
        return text(typeOffset(), typeLength());
    }

    @Override
    public UUID id() {
        requireValid();
        if (!EventDescriptor.idGiven(nameField)) {
            return new UUID(derived.high(position()), derived.low(epoch));
        }
        int at = offset + length - EventDescriptor.ID_LENGTH;
        return new UUID(buffer.getLong(at, ORDER), buffer.getLong(at + 8, ORDER));
    }

    @Override
    public long timeNs() {
        requireValid();
        return timeNs;
    }

    @Override
    public int schemaVersion() {
        requireValid();
        return EventDescriptor.schemaVersion(versionWord);
    }

    @Override
    public long commitPosition() {
        requireValid();
        return commitPosition;
    }

    @Override
    public int commitSize() {
        requireValid();
        return commitSize;
    }

    @Override
    public int epoch() {
        requireValid();
        return epoch;
    }

    @Override
    public DirectBuffer buffer() {
        requireValid();
        return buffer;
    }

    @Override
    public int entityOffset() {
        requireValid();
        return offset + EventDescriptor.HEADER_LENGTH;
    }

    @Override
    public int entityLength() {
        requireValid();
        return EventDescriptor.nameLength(nameField);
    }

    @Override
    public int typeOffset() {
        return entityOffset() + entityLength();
    }

    @Override
    public int typeLength() {
        requireValid();
        return EventDescriptor.typeLength(versionWord);
    }

    @Override
    public int metadataOffset() {
        return typeOffset() + typeLength();
    }

    @Override
    public int metadataLength() {
        requireValid();
        return EventDescriptor.metadataLength(placeWord);
    }

    @Override
    public int payloadOffset() {
        return metadataOffset() + metadataLength();
    }

    @Override
    public int payloadLength() {
        int end = offset + length - (EventDescriptor.idGiven(nameField) ? EventDescriptor.ID_LENGTH : 0);
        return end - payloadOffset();
    }

    @Override
    public RecordedEvent copy() {
        return new RecordedEvent(position(), entity(), version(), type(), id(), timeNs, schemaVersion(), bytes(metadataOffset(),
                metadataLength()),
                bytes(payloadOffset(), payloadLength()), commitPosition, commitSize);
    }

    private String text(int at, int textLength) {
        return buffer.getStringWithoutLengthUtf8(at, textLength);
    }

    private byte[] bytes(int at, int count) {
        byte[] copy = new byte[count];
        buffer.getBytes(at, copy);
        return copy;
    }
}
