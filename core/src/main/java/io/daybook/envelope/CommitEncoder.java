package io.daybook.envelope;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.util.Arrays;
import java.util.UUID;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the bytes of one commit in memory of its own: everything that is known before the lock first, with the sums of the bodies; then,
 * under the lock, versions, pointers, position and time, and the sums over all. One thread at a time; used again for the next commit.
 */
public final class CommitEncoder {

    private static final int FIRST_CAPACITY = 4096;
    private static final int KEPT_CAPACITY = 4 << 20;

    private final int maxPayloadBytes;
    private final Crc32c crc = new Crc32c();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[FIRST_CAPACITY]);
    private byte[] bytes = buffer.byteArray();
    private final UnsafeBuffer claim = new UnsafeBuffer(bytes, 0, 0);
    private int length;
    private int events;
    private int[] offsets = new int[8];
    private int[] bodySums = new int[8];
    private int claimEnd;
    private boolean claimHasId;
    private int idsGiven;
    private String lastType;
    private int lastTypeOffset;
    private int lastTypeLength;

    /** For a journal that takes payloads up to this size. */
    public CommitEncoder(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    /** Forgets everything and starts the next commit. */
    public void begin() {
        if (bytes.length > KEPT_CAPACITY) {
            adopt(new byte[FIRST_CAPACITY]);
        }
        length = CommitDescriptor.HEADER_LENGTH;
        events = 0;
        idsGiven = 0;
        lastType = null;
    }

    /** Adds an event whose entity's name is the given bytes; copies everything. */
    public void add(byte[] names, int nameOffset, int nameLength, NewEvent event) {
        int metadataLength = event.metadata().length;
        int payloadLength = event.payload().length;
        UUID id = event.id();
        if (metadataLength > StoreSettings.MAX_METADATA_BYTES) {
            throw new IllegalArgumentException("The metadata is too long: lengthBytes=" + metadataLength
                    + " limitBytes=" + StoreSettings.MAX_METADATA_BYTES);
        }
        if (event.schemaVersion() < 0 || event.schemaVersion() > StoreSettings.MAX_SCHEMA_VERSION) {
            throw new IllegalArgumentException("The schema version is out of range: schemaVersion=" + event.schemaVersion()
                    + " most=" + StoreSettings.MAX_SCHEMA_VERSION);
        }
        checkPayload(payloadLength);
        int offset = open(nameLength + StoreSettings.MAX_TYPE_BYTES + metadataLength + payloadLength + EventDescriptor.ID_LENGTH);
        int at = offset + EventDescriptor.HEADER_LENGTH;
        System.arraycopy(names, nameOffset, bytes, at, nameLength);
        at += nameLength;
        int typeLength = putType(at, event.type());
        at += typeLength;
        System.arraycopy(event.metadata(), 0, bytes, at, metadataLength);
        at += metadataLength;
        System.arraycopy(event.payload(), 0, bytes, at, payloadLength);
        at += payloadLength;
        putHeader(offset, event.schemaVersion(), typeLength, metadataLength, EventDescriptor.nameField(nameLength, id != null));
        if (id != null) {
            putId(at, id.getMostSignificantBits(), id.getLeastSignificantBits());
            at += EventDescriptor.ID_LENGTH;
        }
        close(offset, at);
    }

    /** The events of a commit often have one type, and that the same object: then its bytes are there already. */
    private int putType(int at, String type) {
        if (sameObject(type, lastType)) {
            System.arraycopy(bytes, lastTypeOffset, bytes, at, lastTypeLength);
        } else {
            lastTypeLength = EntityNames.putType(bytes, at, type);
            lastType = type;
        }
        lastTypeOffset = at;
        return lastTypeLength;
    }

    @SuppressWarnings("ReferenceEquality") // it is a guess: another object with the same characters is only encoded anew
    private static boolean sameObject(String one, String other) {
        return one == other;
    }

    /** Opens an event without metadata whose payload the caller writes into the answered buffer; {@link #closeClaim()} adds it. */
    public MutableDirectBuffer claim(byte[] names, int nameOffset, int nameLength, String type, int payloadLength) {
        checkPayload(payloadLength);
        int offset = open(nameLength + StoreSettings.MAX_TYPE_BYTES + payloadLength + EventDescriptor.ID_LENGTH);
        int at = offset + EventDescriptor.HEADER_LENGTH;
        System.arraycopy(names, nameOffset, bytes, at, nameLength);
        int typeLength = EntityNames.putType(bytes, at + nameLength, type);
        putHeader(offset, 0, typeLength, 0, EventDescriptor.nameField(nameLength, false));
        claim.wrap(bytes, at + nameLength + typeLength, payloadLength);
        claimEnd = at + nameLength + typeLength + payloadLength; // not asked of the buffer: the caller may wrap something else
        claimHasId = false;
        return claim;
    }

    /** Gives the claimed event an id. */
    public void claimId(long high, long low) {
        int offset = offsets[events];
        short field = buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER);
        buffer.putShort(offset + EventDescriptor.NAME_OFFSET, EventDescriptor.nameField(EventDescriptor.nameLength(field), true), ORDER);
        putId(claimEnd, high, low);
        claimHasId = true;
    }

    /** Adds the claimed event; its buffer must not be written to any more. */
    public void closeClaim() {
        close(offsets[events], claimEnd + (claimHasId ? EventDescriptor.ID_LENGTH : 0));
    }

    private void checkPayload(int payloadLength) {
        if (payloadLength < 0 || payloadLength > maxPayloadBytes) {
            throw new IllegalArgumentException("The payload is too long: lengthBytes=" + payloadLength + " limitBytes=" + maxPayloadBytes);
        }
    }

    private int open(int mostBodyLength) {
        if (events == StoreSettings.MAX_COMMIT_EVENTS) {
            throw new IllegalArgumentException("The commit has too many events: limit=" + StoreSettings.MAX_COMMIT_EVENTS);
        }
        int needed = length + EventDescriptor.HEADER_LENGTH + mostBodyLength + CommitDescriptor.ALIGNMENT;
        if (needed > bytes.length) {
            adopt(Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2)));
        }
        if (events == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * events);
            bodySums = Arrays.copyOf(bodySums, 2 * events);
        }
        offsets[events] = length;
        return length;
    }

    private void adopt(byte[] memory) {
        bytes = memory;
        buffer.wrap(memory);
    }

    private void putHeader(int offset, int schemaVersion, int typeLength, int metadataLength, short nameField) {
        Unchecked.putLong(bytes, offset + EventDescriptor.VERSION_OFFSET, EventDescriptor.versionWord(0, schemaVersion, typeLength));
        Unchecked.putLong(bytes, offset + EventDescriptor.PLACE_OFFSET, EventDescriptor.placeWord(offset, events, metadataLength));
        Unchecked.putShort(bytes, offset + EventDescriptor.NAME_OFFSET, nameField);
    }

    private void putId(int at, long high, long low) {
        buffer.putLong(at, high, ORDER);
        buffer.putLong(at + 8, low, ORDER);
    }

    private void close(int offset, int end) {
        if (CommitDescriptor.aligned(end) > StoreSettings.MAX_COMMIT_BYTES) {
            lastType = null; // its bytes will be written over
            throw new IllegalArgumentException("The commit is too long: limitBytes=" + StoreSettings.MAX_COMMIT_BYTES);
        }
        Unchecked.putInt(bytes, offset + EventDescriptor.LENGTH_OFFSET, end - offset);
        int body = offset + EventDescriptor.HEADER_LENGTH;
        bodySums[events++] = crc.of(bytes, body, end - body);
        idsGiven += idGiven(events - 1) ? 1 : 0;
        length = end;
    }

    /** Sets version and pointers of one event. */
    public void stamp(int event, long version, long previous, long skip) {
        int offset = offsets[event];
        long word = Unchecked.getLong(bytes, offset + EventDescriptor.VERSION_OFFSET);
        Unchecked.putLong(bytes, offset + EventDescriptor.VERSION_OFFSET, word & ~EventDescriptor.MAX_VERSION | version);
        Unchecked.putLong(bytes, offset + EventDescriptor.PREVIOUS_OFFSET, previous);
        Unchecked.putLong(bytes, offset + EventDescriptor.SKIP_OFFSET, skip);
    }

    /** Sets what the commit's header holds. */
    public void head(long position, long timeNs, int epoch, long durablePosition) {
        Unchecked.putInt(bytes, CommitDescriptor.LAG_OFFSET, (int) Math.min(CommitDescriptor.LAG_UNKNOWN, position - durablePosition));
        Unchecked.putLong(bytes, CommitDescriptor.POSITION_OFFSET, CommitDescriptor.positionWord(position));
        Unchecked.putLong(bytes, CommitDescriptor.TIME_OFFSET, timeNs);
        Unchecked.putShort(bytes, CommitDescriptor.EPOCH_OFFSET, (short) epoch);
        Unchecked.putShort(bytes, CommitDescriptor.LAST_INDEX_OFFSET, (short) (events - 1));
    }

    /** Computes the sums and pads: the commit is complete. */
    public void seal() {
        int header = crc.of(bytes, CommitDescriptor.LAG_OFFSET, CommitDescriptor.HEADER_LENGTH - CommitDescriptor.LAG_OFFSET);
        int sum = header;
        for (int i = 0; i < events; i++) {
            int offset = offsets[i];
            int own = crc.of(bytes, offset + EventDescriptor.LENGTH_OFFSET, EventDescriptor.SUMMED_HEADER_LENGTH);
            int event = Crc32c.bodyThenHeader(bodySums[i], own) ^ header;
            Unchecked.putInt(bytes, offset, event);
            sum = Crc32c.andInt(sum, event);
        }
        Unchecked.putInt(bytes, CommitDescriptor.SUM_OFFSET, sum);
        for (int i = length; i < paddedLength(); i++) {
            bytes[i] = 0;
        }
    }

    /** The commit's bytes, from 0 to {@link #paddedLength()}. */
    public byte[] bytes() {
        return bytes;
    }

    /** Length of the commit. */
    public int paddedLength() {
        return CommitDescriptor.aligned(length);
    }

    /** Number of events. */
    public int events() {
        return events;
    }

    /** Where an event begins in {@link #bytes()}. */
    public int offset(int event) {
        return offsets[event];
    }

    /** Length of an event. */
    public int eventLength(int event) {
        return Unchecked.getInt(bytes, offsets[event] + EventDescriptor.LENGTH_OFFSET);
    }

    /** Number of events that came with an id. */
    public int idsGiven() {
        return idsGiven;
    }

    /** True if the event came with an id. */
    public boolean idGiven(int event) {
        return EventDescriptor.idGiven(Unchecked.getShort(bytes, offsets[event] + EventDescriptor.NAME_OFFSET));
    }

    /** Higher half of the id of an event that came with one. */
    public long idHigh(int event) {
        return buffer.getLong(offsets[event] + eventLength(event) - EventDescriptor.ID_LENGTH, ORDER);
    }

    /** Lower half of the id of an event that came with one. */
    public long idLow(int event) {
        return buffer.getLong(offsets[event] + eventLength(event) - EventDescriptor.ID_LENGTH / 2, ORDER);
    }

    /** The memory, for comparing. */
    public UnsafeBuffer buffer() {
        return buffer;
    }
}
