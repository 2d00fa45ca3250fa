package io.daybook.index;

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
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * All heads at a position, as an immutable hash table of slots of 64 bytes, drawn in FORMAT.md: reading processes map it, and a rebuild of
 * the index starts from it. Written beside, forced and renamed. A head may be newer than the position, never older: who replays from there
 * passes over what a head has already.
 */
final class HeadsFile {

    /**
     * What the file holds.
     *
     * @param identity   of the journal
     * @param position   everything before this position is in the heads
     * @param address    address at which the scan goes on
     * @param lastTimeNs time of the last commit before that
     * @param entities   entities before the position
     * @param positions  entries of the position table before the position
     * @param slots      slots of the table, a power of two
     */
    record Header(UUID identity, long position, long address, long lastTimeNs, long entities, long positions, long slots) {
    }

    private static final long MAGIC = 0x4B4F4F4259414400L | 'H';
    private static final int VERSION = 1;
    private static final int HEADER_LENGTH = 4096;
    private static final int SUMMED_LENGTH = 96;
    private static final int BODY_SUM_OFFSET = 88;
    private static final long STEP_SLOTS = 1L << 24;

    private final Header header;
    private final UnsafeBuffer[] steps;

    private HeadsFile(Header header, UnsafeBuffer[] steps) {
        this.header = header;
        this.steps = steps;
    }

    Header header() {
        return header;
    }

    /** Opens and checks the file; null if it is missing, damaged, or another journal's. */
    static HeadsFile open(Path file, UUID identity) throws IOException {
        if (!Files.exists(file) || Files.size(file) < HEADER_LENGTH) {
            return null;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
            Header header = decodeHeader(channel, bytes, identity);
            if (header == null) {
                return null;
            }
            CRC32C crc = new CRC32C();
            UnsafeBuffer[] steps = map(channel, header.slots, FileChannel.MapMode.READ_ONLY, crc);
            return bytes.getInt(BODY_SUM_OFFSET) == (int) crc.getValue() ? new HeadsFile(header, steps) : null;
        }
    }

    /** The position that a file's header says; 0 if there is no such file. */
    static long positionOf(Path file, UUID identity) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Header header = decodeHeader(channel, ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN), identity);
            return header == null ? 0 : header.position;
        }
    }

    private static Header decodeHeader(FileChannel channel, ByteBuffer bytes, UUID identity) throws IOException {
        channel.read(bytes, 0);
        bytes.flip();
        if (bytes.limit() < HEADER_LENGTH || bytes.getLong() != MAGIC || bytes.getInt() != VERSION
                || bytes.getInt(SUMMED_LENGTH) != sum(bytes)) {
            return null;
        }
        bytes.position(16);
        Header header = new Header(new UUID(bytes.getLong(), bytes.getLong()), bytes.getLong(), bytes.getLong(), bytes.getLong(),
                bytes.getLong(), bytes.getLong(), bytes.getLong());
        long slots = (channel.size() - HEADER_LENGTH) / Head.BYTES; // not multiplied: what the file says may be any number
        boolean fits = header.identity.equals(identity) && Long.bitCount(slots) == 1 && header.slots == slots
                && channel.size() == HEADER_LENGTH + slots * Head.BYTES;
        boolean possible = header.entities >= 0 && header.entities <= slots && header.positions >= 0 && header.position >= 0;
        return fits && possible ? header : null;
    }

    /**
     * Writes all heads of the map. Its only writer calls.
     *
     * @throws io.daybook.NoSpaceException if the disk has no room for it
     */
    static void publish(Path file, Header given, HeadMap map) throws IOException {
        long slots = Math.max(64, Long.highestOneBit(map.size() * 3 / 2) * 2);
        Header header = new Header(given.identity, given.position, given.address, given.lastTimeNs, given.entities, given.positions, slots);
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(beside);
        Space.create(beside, HEADER_LENGTH + slots * Head.BYTES);
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            HeadsFile made = new HeadsFile(header, map(channel, slots, FileChannel.MapMode.READ_WRITE, null));
            map.forEach((head, at) -> made.insert(head));
            CRC32C crc = new CRC32C();
            map(channel, slots, FileChannel.MapMode.READ_ONLY, crc);
            channel.write(made.encodeHeader((int) crc.getValue()), 0);
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /** Without the zeros behind it, which the file has already. */
    private ByteBuffer encodeHeader(int bodySum) {
        ByteBuffer bytes = ByteBuffer.allocate(SUMMED_LENGTH + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(HEADER_LENGTH)
                .putLong(header.identity.getMostSignificantBits()).putLong(header.identity.getLeastSignificantBits())
                .putLong(header.position).putLong(header.address).putLong(header.lastTimeNs).putLong(header.entities)
                .putLong(header.positions).putLong(header.slots).putInt(BODY_SUM_OFFSET, bodySum);
        bytes.putInt(SUMMED_LENGTH, sum(bytes));
        return bytes.clear();
    }

    private static UnsafeBuffer[] map(FileChannel channel, long slots, FileChannel.MapMode mode, CRC32C crc) throws IOException {
        UnsafeBuffer[] steps = new UnsafeBuffer[(int) ((slots + STEP_SLOTS - 1) / STEP_SLOTS)];
        for (int i = 0; i < steps.length; i++) {
            long from = i * STEP_SLOTS;
            MappedByteBuffer bytes = channel.map(mode, HEADER_LENGTH + from * Head.BYTES, Math.min(STEP_SLOTS, slots - from) * Head.BYTES);
            steps[i] = new UnsafeBuffer(bytes);
            if (crc != null) {
                crc.update(bytes.duplicate());
            }
        }
        return steps;
    }

    private void insert(long[] head) {
        long slot = head[1] & header.slots - 1;
        while (true) {
            UnsafeBuffer step = steps[(int) (slot / STEP_SLOTS)];
            int offset = (int) (slot % STEP_SLOTS) * Head.BYTES;
            if ((step.getLong(offset) | step.getLong(offset + 8)) == 0) {
                for (int i = 0; i < Head.WORDS; i++) {
                    step.putLong(offset + 8 * i, head[i], ByteOrder.LITTLE_ENDIAN);
                }
                return;
            }
            slot = slot + 1 & header.slots - 1;
        }
    }

    /** Completes the head whose hash stands at this place; false if it is not in the file. */
    boolean get(long[] heads, int at) {
        long slot = heads[at + 1] & header.slots - 1;
        for (long looked = 0; looked < header.slots; looked++) {
            UnsafeBuffer step = steps[(int) (slot / STEP_SLOTS)];
            int offset = (int) (slot % STEP_SLOTS) * Head.BYTES;
            long high = step.getLong(offset, ByteOrder.LITTLE_ENDIAN);
            long low = step.getLong(offset + 8, ByteOrder.LITTLE_ENDIAN);
            if (high == heads[at] && low == heads[at + 1]) {
                for (int i = Head.META; i < Head.WORDS; i++) {
                    heads[at + i] = step.getLong(offset + 8 * i, ByteOrder.LITTLE_ENDIAN);
                }
                return true;
            }
            if ((high | low) == 0) {
                return false;
            }
            slot = slot + 1 & header.slots - 1;
        }
        return false;
    }

    /** Hands out every head, one at a time, in an array that is used again. */
    void forEach(ObjIntConsumer<long[]> consumer) {
        long[] head = new long[Head.WORDS];
        for (UnsafeBuffer step : steps) {
            for (int offset = 0; offset < step.capacity(); offset += Head.BYTES) {
                for (int i = 0; i < Head.WORDS; i++) {
                    head[i] = step.getLong(offset + 8 * i, ByteOrder.LITTLE_ENDIAN);
                }
                if ((head[0] | head[1]) != 0) {
                    consumer.accept(head, 0);
                }
            }
        }
    }

    private static int sum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, SUMMED_LENGTH);
        return (int) crc.getValue();
    }
}
