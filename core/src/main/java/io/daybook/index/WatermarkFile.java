package io.daybook.index;

import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The small mapped file that says what the index on disk holds, drawn in FORMAT.md: two records written in turn, each with a sum, so that
 * one is always whole.
 */
final class WatermarkFile {

    /**
     * What the index on disk holds.
     *
     * @param identity    of the journal
     * @param bootId      of the machine when this was written
     * @param clean       the index was closed: its files are forced and {@code mapSum} is right
     * @param position    everything before this position is in the index
     * @param address     address at which the scan goes on
     * @param lastTimeNs  time of the last commit before that
     * @param mapNumber   number in the name of the map's file
     * @param mapCapacity heads for which the map was made
     * @param mapSize     heads in the map
     * @param entities    entities before the position
     * @param positions   entries of the position table
     * @param mapSum      sum over the map's file
     */
    record Record(UUID identity, UUID bootId, boolean clean, long position, long address, long lastTimeNs, long mapNumber, long mapCapacity,
                  long mapSize, long entities, long positions, int mapSum) {
    }

    private static final long MAGIC = 0x4B4F4F4259414400L | 'W';
    private static final int VERSION = 1;
    private static final int LENGTH = 4096;
    private static final int[] RECORD_OFFSETS = {512, 1024};
    private static final int SUMMED_LENGTH = 8 + 16 + 16 + 8 * 10;

    private final MappedByteBuffer mapping;
    private long sequence;

    private WatermarkFile(MappedByteBuffer mapping) {
        this.mapping = mapping;
    }

    static WatermarkFile open(Path file) throws IOException {
        try (FileChannel channel = OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Space.fill(channel, LENGTH);
            return new WatermarkFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH));
        }
    }

    /** The newest whole record; null if there is none, or the file is of another version. */
    Record read() {
        ByteBuffer bytes = bytes();
        if (bytes.getLong(0) != MAGIC || bytes.getInt(8) != VERSION) {
            return null;
        }
        int newest = -1;
        for (int offset : RECORD_OFFSETS) {
            if (bytes.getInt(offset + SUMMED_LENGTH) == sum(bytes, offset) && (newest < 0
                    || bytes.getLong(offset) > bytes.getLong(newest))) {
                newest = offset;
            }
        }
        if (newest < 0) {
            return null;
        }
        bytes.position(newest);
        sequence = bytes.getLong();
        return new Record(new UUID(bytes.getLong(), bytes.getLong()), new UUID(bytes.getLong(), bytes.getLong()), bytes.getLong() == 1,
                bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong(),
                bytes.getLong(), (int) bytes.getLong());
    }

    /** Writes the record over the older one. */
    void write(Record record) {
        ByteBuffer bytes = bytes();
        bytes.putLong(0, MAGIC).putInt(8, VERSION);
        int offset = RECORD_OFFSETS[(int) (++sequence & 1)];
        bytes.position(offset);
        bytes.putLong(sequence)
                .putLong(record.identity.getMostSignificantBits()).putLong(record.identity.getLeastSignificantBits())
                .putLong(record.bootId.getMostSignificantBits()).putLong(record.bootId.getLeastSignificantBits())
                .putLong(record.clean ? 1 : 0).putLong(record.position).putLong(record.address).putLong(record.lastTimeNs)
                .putLong(record.mapNumber).putLong(record.mapCapacity).putLong(record.mapSize).putLong(record.entities)
                .putLong(record.positions).putLong(record.mapSum);
        bytes.putInt(offset + SUMMED_LENGTH, sum(bytes, offset));
        if (record.clean) {
            mapping.force();
        }
    }

    /** Forgets all records: nothing of the index is to be trusted. */
    void clear() {
        bytes().put(0, new byte[LENGTH]);
    }

    private ByteBuffer bytes() {
        return mapping.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int sum(ByteBuffer bytes, int offset) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(offset).limit(offset + SUMMED_LENGTH));
        return (int) crc.getValue();
    }
}
