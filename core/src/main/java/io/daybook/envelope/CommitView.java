package io.daybook.envelope;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.StoreSettings;
import org.agrona.DirectBuffer;

/**
 * Looks at a commit in place. Every length is checked against the bytes that there are before it is followed, so damaged bytes give an
 * answer and never an access outside. One thread.
 */
public final class CommitView {

    private final Crc32c crc = new Crc32c();
    private DirectBuffer buffer;
    private long memory; // where the buffer's offset 0 lies, see Unchecked
    private int start;
    private int length;
    private long position;
    private long timeNs;
    private int epoch;
    private int events;
    private int header;

    /** Looks at the {@code dataLength} bytes of a document. */
    public CommitView wrap(DirectBuffer bytes, int offset, int dataLength) {
        bytes.boundsCheck(offset, dataLength);
        buffer = bytes;
        memory = bytes.addressOffset();
        start = offset;
        length = dataLength;
        return this;
    }

    /** Reads the header. False if these bytes cannot be a commit of a kind that is known. */
    public boolean readHeader() {
        if (length < CommitDescriptor.HEADER_LENGTH + EventDescriptor.HEADER_LENGTH) {
            return false;
        }
        long at = memory + start;
        long positionWord = Unchecked.getLong(buffer, at + CommitDescriptor.POSITION_OFFSET);
        position = CommitDescriptor.position(positionWord);
        timeNs = Unchecked.getLong(buffer, at + CommitDescriptor.TIME_OFFSET);
        int epochAndLastIndex = Unchecked.getInt(buffer, at + CommitDescriptor.EPOCH_OFFSET);
        epoch = epochAndLastIndex & 0xFFFF;
        events = (epochAndLastIndex >>> 16) + 1;
        return CommitDescriptor.kind(positionWord) == CommitDescriptor.KIND_EVENTS;
    }

    /** Computes the sum of the header, which the sums of the events include. After {@link #readHeader()}. */
    public int sumHeader() {
        header = crc.of(buffer, start + CommitDescriptor.LAG_OFFSET, CommitDescriptor.HEADER_LENGTH - CommitDescriptor.LAG_OFFSET);
        return header;
    }

    /** True if these are, to the last bit, the bytes of one whole commit. Looks at everything. */
    public boolean isWhole() {
        int end = readHeader() ? endOfWholeEvents() : -1;
        if (end < 0) {
            return false;
        }
        int sum = header;
        int offset = start + CommitDescriptor.HEADER_LENGTH;
        for (int i = 0; i < events; i++) {
            sum = Crc32c.andInt(sum, buffer.getInt(offset, ORDER));
            offset += buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
        return sum == buffer.getInt(start, ORDER) && paddingIsZero(end, start + length);
    }

    /**
     * True if every event is there and whole, and the header that all their sums vouch for. Enough for whoever reads: only the sum over
     * the sums, and the padding, are not looked at. After {@link #readHeader()}.
     */
    public boolean eventsAreWhole() {
        return endOfWholeEvents() >= 0;
    }

    private int endOfWholeEvents() {
        sumHeader();
        int offset = start + CommitDescriptor.HEADER_LENGTH;
        int end = start + length;
        for (int i = 0; i < events; i++) {
            int eventLength = lengthOfEventAt(offset, end);
            long place = eventLength < 0 ? 0 : Unchecked.getLong(buffer, memory + offset + EventDescriptor.PLACE_OFFSET);
            if (eventLength < 0 || EventDescriptor.distance(place) != offset - start || EventDescriptor.index(place) != i
                    || (sumOfEvent(buffer, offset, eventLength) ^ header) != Unchecked.getInt(buffer, memory + offset)) {
                return -1;
            }
            offset += eventLength;
        }
        return offset;
    }

    private boolean paddingIsZero(int offset, int end) {
        if (end - offset >= CommitDescriptor.ALIGNMENT) {
            return false;
        }
        for (int i = offset; i < end; i++) {
            if (buffer.getByte(i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Length of the event at an offset, whose parts are known to fit; -1 if it does not lie within the commit and before {@code end}. */
    public int eventLength(int offset, int end) {
        return offset < start || end > start + length ? -1 : lengthOfEventAt(offset, end);
    }

    private int lengthOfEventAt(int offset, int end) {
        if (end - offset < EventDescriptor.HEADER_LENGTH) {
            return -1;
        }
        long at = memory + offset;
        int eventLength = Unchecked.getInt(buffer, at + EventDescriptor.LENGTH_OFFSET);
        if (eventLength < EventDescriptor.HEADER_LENGTH || eventLength > end - offset) {
            return -1;
        }
        int least = leastLength(Unchecked.getShort(buffer, at + EventDescriptor.NAME_OFFSET),
                Unchecked.getLong(buffer, at + EventDescriptor.VERSION_OFFSET),
                Unchecked.getLong(buffer, at + EventDescriptor.PLACE_OFFSET));
        return eventLength >= least ? eventLength : -1;
    }

    /** The length that an event's header asks for, without payload; more than any event has if a part is longer than the store takes. */
    public static int leastLength(short nameField, long versionWord, long placeWord) {
        int name = EventDescriptor.nameLength(nameField);
        int type = EventDescriptor.typeLength(versionWord);
        int metadata = EventDescriptor.metadataLength(placeWord);
        if (name == 0 || type == 0 || name > StoreSettings.MAX_ENTITY_BYTES || metadata > StoreSettings.MAX_METADATA_BYTES) {
            return Integer.MAX_VALUE;
        }
        int id = EventDescriptor.idGiven(nameField) ? EventDescriptor.ID_LENGTH : 0;
        return EventDescriptor.HEADER_LENGTH + name + type + metadata + id;
    }

    /** True if the event's sum is right, for the header whose sum was computed last. */
    public boolean eventIsWhole(int offset, int eventLength) {
        return eventIsWhole(buffer, offset, eventLength);
    }

    /** The same for an event that is seen through another mapping. */
    public boolean eventIsWhole(DirectBuffer bytes, int offset, int eventLength) {
        return (sumOfEvent(bytes, offset, eventLength) ^ header) == bytes.getInt(offset, ORDER);
    }

    private int sumOfEvent(DirectBuffer bytes, int offset, int eventLength) {
        int body = offset + EventDescriptor.HEADER_LENGTH;
        // Two sums put together, not one after the other: the processor then computes them at the same time.
        int bodySum = crc.of(bytes, body, eventLength - EventDescriptor.HEADER_LENGTH);
        int own = offset + EventDescriptor.LENGTH_OFFSET;
        int ownSum = crc.of(bytes, own, EventDescriptor.SUMMED_HEADER_LENGTH);
        return Crc32c.bodyThenHeader(bodySum, ownSum);
    }

    /** Offset of the first event in the buffer. */
    public int firstEventOffset() {
        return start + CommitDescriptor.HEADER_LENGTH;
    }

    /** Offset of the commit in the buffer. */
    public int offset() {
        return start;
    }

    /** Offset behind the document. */
    public int endOffset() {
        return start + length;
    }

    /** Position of the first event. */
    public long position() {
        return position;
    }

    /** Time of the commit. */
    public long timeNs() {
        return timeNs;
    }

    /** Epoch in which it was written. */
    public int epoch() {
        return epoch;
    }

    /** Number of events. */
    public int events() {
        return events;
    }

    /** Everything before this position was forced when the commit was written; 0 if that is not known. */
    public long durablePosition() {
        long lag = buffer.getInt(start + CommitDescriptor.LAG_OFFSET, ORDER) & 0xFFFF_FFFFL;
        return lag == CommitDescriptor.LAG_UNKNOWN ? 0 : Math.max(0, position - lag);
    }

    /** The bytes looked at. */
    public DirectBuffer buffer() {
        return buffer;
    }
}
