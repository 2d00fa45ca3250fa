package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.UnsupportedFormatException;
import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How far a named subscription is: a small mapped file, drawn in FORMAT.md. Two places for the record are written by turns, so one is whole
 * whatever ends a process. Saving makes no call of the operating system: a stop of the machine may bring back an older record. One thread
 * at a time. Internal: not part of the API.
 */
public final class CheckpointFile {

    /**
     * How far it is.
     *
     * @param identity of the journal
     * @param epoch    that the event belongs to
     * @param position of the last event that was handled or passed over; -1 for none
     */
    public record Place(UUID identity, int epoch, long position) {
    }

    private static final long MAGIC = 0x4B4F4F4259414400L | 'F';
    private static final int VERSION = 1;
    private static final int VERSION_OFFSET = 8;
    private static final int HOLDER_OFFSET = 16;
    private static final int SLOTS_OFFSET = 64;
    private static final int SLOT_LENGTH = 64;
    private static final int SLOT_SUMMED = 36;
    private static final int FILTER_OFFSET = 192;
    private static final int FILTER_BYTES_OFFSET = FILTER_OFFSET + 8;
    private static final int MOST_FILTER_BYTES = 1 << 20;

    private final Path path;
    private final ByteBuffer memory;
    private final CRC32C crc = new CRC32C();
    private final byte[] slot = new byte[SLOT_SUMMED];
    private final ByteBuffer record = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN);
    private long sequence;

    private CheckpointFile(Path path, MappedByteBuffer memory) {
        this.path = path;
        this.memory = memory.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Makes the file, with its first record, on the device. */
    public static CheckpointFile create(Path path, byte[] filter, Place first) throws IOException {
        if (filter.length > MOST_FILTER_BYTES) {
            throw new IllegalArgumentException("A subscription's filter is too long: lengthBytes=" + filter.length
                    + " limitBytes=" + MOST_FILTER_BYTES);
        }
        Path beside = path.resolveSibling(path.getFileName() + ".tmp");
        Files.deleteIfExists(beside);
        CheckpointFile file = map(beside, FILTER_BYTES_OFFSET + filter.length, StandardOpenOption.CREATE_NEW);
        file.memory.putLong(0, MAGIC).putInt(VERSION_OFFSET, VERSION);
        file.memory.putInt(FILTER_OFFSET, filter.length).putInt(FILTER_OFFSET + 4, file.sum(filter));
        file.memory.put(FILTER_BYTES_OFFSET, filter);
        file.write(first);
        file.force();
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        JournalFolder.force(path.toAbsolutePath().getParent());
        return file;
    }

    /**
     * Opens an existing file.
     *
     * @throws JournalDamagedException if it is not one, or its filter or both records are damaged
     */
    public static CheckpointFile open(Path path) throws IOException {
        long size = Files.size(path);
        if (size < FILTER_BYTES_OFFSET || size > FILTER_BYTES_OFFSET + MOST_FILTER_BYTES) {
            throw damaged(path, 0);
        }
        CheckpointFile file = map(path, size, StandardOpenOption.READ);
        if (file.memory.getLong(0) != MAGIC) {
            throw damaged(path, 0);
        }
        if (file.memory.getInt(VERSION_OFFSET) != VERSION) {
            throw new UnsupportedFormatException("The checkpoint has another format: file=" + path + " version="
                    + file.memory.getInt(VERSION_OFFSET) + " known=" + VERSION);
        }
        if (file.memory.getInt(FILTER_OFFSET) != size - FILTER_BYTES_OFFSET
                || file.memory.getInt(FILTER_OFFSET + 4) != file.sum(file.filter())) {
            throw damaged(path, FILTER_OFFSET);
        }
        file.sequence = Math.max(file.sequenceOf(0), file.sequenceOf(1));
        if (file.sequence == 0) {
            throw damaged(path, SLOTS_OFFSET);
        }
        return file;
    }

    private static JournalDamagedException damaged(Path path, long offset) {
        return new JournalDamagedException("The checkpoint of a subscription is damaged; without the file it begins where it is told to",
                path.toString(), offset);
    }

    private static CheckpointFile map(Path path, long length, StandardOpenOption how) throws IOException {
        try (FileChannel channel = OwnerOnly.open(path, how, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Space.fill(channel, (int) length);
            return new CheckpointFile(path, channel.map(FileChannel.MapMode.READ_WRITE, 0, length));
        }
    }

    /** 0 if the record is not whole. */
    private long sequenceOf(int number) {
        int at = SLOTS_OFFSET + number * SLOT_LENGTH;
        memory.get(at, slot);
        return memory.getInt(at + SLOT_SUMMED) == sum(slot) ? Math.max(0, record.getLong(0)) : 0;
    }

    private int sum(byte[] bytes) {
        crc.reset();
        crc.update(bytes, 0, bytes.length);
        return (int) crc.getValue();
    }

    /** The filter, as it was given at creation. */
    public byte[] filter() {
        byte[] filter = new byte[memory.capacity() - FILTER_BYTES_OFFSET];
        memory.get(FILTER_BYTES_OFFSET, filter);
        return filter;
    }

    /** True if the filter is this one. */
    public boolean hasFilter(byte[] filter) {
        return Arrays.equals(filter(), filter);
    }

    /** The newest whole record. */
    public Place read() {
        memory.get(SLOTS_OFFSET + (int) (sequence & 1) * SLOT_LENGTH, slot);
        return new Place(new UUID(record.getLong(8), record.getLong(16)), record.getInt(32), record.getLong(24));
    }

    /** Replaces the older record by this one. */
    public void write(Place place) {
        write(place.identity().getMostSignificantBits(), place.identity().getLeastSignificantBits(), place.epoch(), place.position());
    }

    /** The same without an object. */
    public void write(long identityHigh, long identityLow, int epoch, long position) {
        sequence++;
        record.putLong(0, sequence).putLong(8, identityHigh).putLong(16, identityLow).putLong(24, position).putInt(32, epoch);
        int at = SLOTS_OFFSET + (int) (sequence & 1) * SLOT_LENGTH;
        memory.put(at, slot);
        memory.putInt(at + SLOT_SUMMED, sum(slot));
    }

    /** The process that holds a file, for those who come too late; 0: none is known. The records may change meanwhile and are not read. */
    public static long peekHolder(Path path) {
        ByteBuffer pid = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.read(pid, HOLDER_OFFSET);
        } catch (IOException e) {
            return 0; // the name is held all the same
        }
        return pid.getLong(0);
    }

    /** Notes the process that holds it. */
    public void holder(long pid) {
        memory.putLong(HOLDER_OFFSET, pid);
    }

    /** Returns once the records are on the device. */
    public void force() {
        ((MappedByteBuffer) memory).force();
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }
}
