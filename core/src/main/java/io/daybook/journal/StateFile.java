package io.daybook.journal;

import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import io.daybook.host.Uninterrupted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The small mapped file {@code state.dbk}, drawn in FORMAT.md: the durable position, and whether and where the journal was closed. It says
 * nothing that may be wrong silently: the record has a sum, and the durable position is repeated in every commit. Internal: not part of
 * the API.
 */
public final class StateFile {

    /**
     * How the journal was left.
     *
     * @param bootId      of the machine when the record was written
     * @param closed      everything was forced and ends at {@code endPosition}
     * @param endPosition the position behind the last event
     * @param endAddress  where the document behind the last commit would begin
     * @param lastTimeNs  time of the last commit
     */
    public record Record(UUID bootId, boolean closed, long endPosition, long endAddress, long lastTimeNs) {
    }

    private static final long MAGIC = 0x4B4F4F4259414400L | 'S';
    private static final int VERSION = 1;
    private static final int LENGTH = 4096;
    private static final int DURABLE_OFFSET = 16;
    private static final int END_OFFSET = 24;
    private static final int RECORD_OFFSET = 64;
    private static final int RECORD_LENGTH = 48;

    private final MappedByteBuffer mapping;
    private final UnsafeBuffer buffer;

    private StateFile(MappedByteBuffer mapping) {
        this.mapping = mapping;
        buffer = new UnsafeBuffer(mapping);
    }

    /** Maps the file, creating it if it is missing or too short, and cutting off what is too long. */
    public static StateFile open(JournalFolder folder) throws IOException {
        boolean made = !Files.exists(folder.stateFile());
        try (FileChannel channel = OwnerOnly.open(folder.stateFile(), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            if (channel.size() > LENGTH) {
                channel.truncate(LENGTH); // or it would never be believed again
            }
            Space.fill(channel, LENGTH);
            StateFile file = new StateFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH));
            file.buffer.putLong(0, MAGIC, ByteOrder.LITTLE_ENDIAN);
            file.buffer.putInt(8, VERSION, ByteOrder.LITTLE_ENDIAN);
            if (made) {
                JournalFolder.force(folder.root()); // a journal whose first file was lost too would pass for a new one without it
            }
            return file;
        }
    }

    /** What an existing file says, without opening it for writing; null if it is missing or damaged. */
    public static Record peek(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) != LENGTH) {
            return null;
        }
        return decode(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    /** The durable position that an existing file says; 0 if there is none. */
    public static long peekDurable(Path file) throws IOException {
        return peek(file, DURABLE_OFFSET);
    }

    /** The end position that an existing file says, 0 if there is none. After a stop of the machine it says nothing. */
    public static long peekEnd(Path file) throws IOException {
        return peek(file, END_OFFSET);
    }

    private static long peek(Path file, int offset) throws IOException {
        if (!Files.exists(file) || Files.size(file) != LENGTH) {
            return 0;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.getLong(0) == MAGIC && bytes.getInt(8) == VERSION ? bytes.getLong(offset) : 0;
    }

    /** Sees the durable position as its owner publishes it. */
    public static final class Reader {
        private final UnsafeBuffer buffer;

        private Reader(MappedByteBuffer mapping) {
            buffer = new UnsafeBuffer(mapping);
        }

        /** Everything before this position is forced. */
        public long durablePosition() {
            return buffer.getLongVolatile(DURABLE_OFFSET);
        }
    }

    /** A look at an existing file; null if it is missing, or not whole yet. */
    public static Reader reader(Path file) {
        try {
            return Uninterrupted.call(() -> {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    return channel.size() < LENGTH ? null : new Reader(channel.map(FileChannel.MapMode.READ_ONLY, 0, LENGTH));
                }
            });
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Record decode(ByteBuffer bytes) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getLong(0) != MAGIC || bytes.getInt(8) != VERSION || bytes.getInt(RECORD_OFFSET + RECORD_LENGTH) != sum(bytes)) {
            return null;
        }
        return new Record(new UUID(bytes.getLong(RECORD_OFFSET), bytes.getLong(RECORD_OFFSET + 8)), bytes.getLong(RECORD_OFFSET + 16) == 1,
                bytes.getLong(RECORD_OFFSET + 24), bytes.getLong(RECORD_OFFSET + 32), bytes.getLong(RECORD_OFFSET + 40));
    }

    /** Replaces the record and forces it. */
    public void write(Record record) {
        ByteBuffer bytes = mapping.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(RECORD_OFFSET, record.bootId.getMostSignificantBits()).putLong(RECORD_OFFSET
                + 8, record.bootId.getLeastSignificantBits())
                .putLong(RECORD_OFFSET + 16, record.closed ? 1 : 0).putLong(RECORD_OFFSET + 24, record.endPosition)
                .putLong(RECORD_OFFSET + 32, record.endAddress).putLong(RECORD_OFFSET + 40, record.lastTimeNs);
        bytes.putInt(RECORD_OFFSET + RECORD_LENGTH, sum(bytes));
        mapping.force();
    }

    /** Everything before this position is forced. */
    public long durablePosition() {
        return buffer.getLongVolatile(DURABLE_OFFSET);
    }

    /** Publishes the durable position. Not forced: a value that is too low does no harm. */
    public void durablePosition(long position) {
        buffer.putLongOrdered(DURABLE_OFFSET, position);
    }

    /** Publishes the position behind the newest commit, so that a kill cannot hide that one is missing. Costs a store to memory. */
    public void endPosition(long position) {
        buffer.putLongOrdered(END_OFFSET, position);
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(RECORD_OFFSET).limit(RECORD_OFFSET + RECORD_LENGTH));
        return (int) crc.getValue();
    }
}
