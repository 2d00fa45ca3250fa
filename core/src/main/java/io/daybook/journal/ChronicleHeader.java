package io.daybook.journal;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The first document of a cycle's file, its description of the file. It names types, and Chronicle loads and makes whatever
 * class stands there; so whoever can write the file would choose what this process runs. Its names are looked at first, without Chronicle,
 * whose own conversion to text loads classes. Binary wire: net.openhft.chronicle.wire.BinaryWireCode. Internal: not part of the API.
 */
public final class ChronicleHeader {

    /** Fields whose value is an address, and where Chronicle writes their names and values. */
    enum Field {
        /** How far Chronicle says that the file is written. */
        WRITE_POSITION("writePosition", 0x1C, 0x40),
        /** The first page of Chronicle's index; 0 until there is one. */
        INDEX("index2Index", 0x8B, 0x98);

        final int valueAt;
        private final String name;
        private final int nameAt;

        Field(String name, int nameAt, int valueAt) {
            this.name = name;
            this.nameAt = nameAt;
            this.valueAt = valueAt;
        }

        /** Whether it is where it should be. */
        boolean isIn(FileChannel file) throws IOException {
            return name.equals(new String(read(file, nameAt, name.length()).array(), StandardCharsets.ISO_8859_1));
        }

        /** Its value; 0 if it is not where it should be, which Chronicle notices too. */
        long valueIn(FileChannel file) throws IOException {
            ByteBuffer value = read(file, valueAt, Long.BYTES);
            return isIn(file) && value.remaining() == Long.BYTES ? value.getLong() : 0;
        }
    }

    private static final int LENGTH_MASK = (1 << 30) - 1;
    private static final int MOST_LENGTH = 64 << 10;
    private static final Set<String> TYPES = Set.of("SCQStore", "SCQSIndexing", "SCQSRoll", "WireType");

    private ChronicleHeader() {
    }

    /**
     * Notes in the description of a file that it is written up to this offset, where its end mark is. Chronicle looks for the end mark from
     * the place that it noted itself, and where a bit of that has changed it puts one into the middle of a commit.
     */
    public static void noteEnd(FileChannel file, long offset) throws IOException {
        if (Field.WRITE_POSITION.isIn(file)) {
            ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(0, offset);
            file.write(value, Field.WRITE_POSITION.valueAt);
        }
    }

    /** Whether a file may be given to Chronicle: its description, if it has one yet, can be read and names no other types. */
    static boolean namesOnlyItsOwnTypes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!JournalFolder.hasFirstHeader(channel)) {
                return true;
            }
            int length = read(channel, 0, Integer.BYTES).getInt() & LENGTH_MASK;
            return length <= MOST_LENGTH && namesOnlyItsOwnTypes(read(channel, Integer.BYTES, length));
        }
    }

    /** So many bytes of a file, or as many as it has. */
    static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        return bytes.flip();
    }

    private static boolean namesOnlyItsOwnTypes(ByteBuffer wire) {
        try {
            boolean known = true;
            while (known && wire.hasRemaining()) {
                known = passField(wire);
            }
            return known;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return false; // it ends in the middle of something
        }
    }

    /** Passes a name, a number, a text, or the beginning of what is nested. False: it is none that a description has. */
    private static boolean passField(ByteBuffer wire) {
        int code = wire.get() & 0xFF;
        switch (code) {
            case 0x8F, 0xB0, 0xB1, 0xBB -> { } // a byte of padding, false, true, null
            case 0x80, 0xA1, 0xA4 -> pass(wire, 1);
            case 0x81, 0xA2, 0xA5 -> pass(wire, 2);
            case 0x82, 0xA3, 0xA6 -> pass(wire, 4);
            case 0xA7, 0xAF -> pass(wire, 8);
            case 0x8E -> pass(wire, wire.getInt()); // padding of this length
            case 0x8D -> { // an array of longs: its capacity, how many are used, they
                long longs = wire.getLong();
                wire.getLong();
                pass(wire, (int) Math.max(-1, Math.min(longs, MOST_LENGTH)) * Long.BYTES);
            }
            case 0xB7, 0xB8, 0xB9 -> pass(wire, wire.get()); // a long name, a long text, an event's name: none is above 127
            case 0xB6 -> {
                byte[] name = new byte[Math.max(0, wire.get())];
                wire.get(name);
                return TYPES.contains(new String(name, StandardCharsets.ISO_8859_1));
            }
            default -> {
                if (code < 0xC0) {
                    return false;
                }
                pass(wire, code & 0x1F); // a short name or text
            }
        }
        return true;
    }

    private static void pass(ByteBuffer wire, int length) {
        if (length < 0) {
            throw new BufferUnderflowException();
        }
        wire.position(wire.position() + length);
    }
}
