package io.daybook.index;

import io.daybook.host.TypeNames;
import io.daybook.host.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.zip.CRC32C;

/** The file of a map of heads, as it is looked at before Chronicle opens it. */
final class MapFile {

    // Chronicle's own description of the file: a sum, then its length and flags, then some hundred bytes.
    private static final int LENGTH_WORD = 8;
    private static final int DESCRIBED = LENGTH_WORD + Integer.BYTES;
    private static final int META_DATA_FLAG = 1 << 30;
    private static final int MAX_DESCRIPTION = 64 << 10;
    // What Chronicle counts for the file as a whole stands behind it: a lock, five numbers, and zeros up to 1,024 bytes.
    private static final int MOST_COUNTED = 512;
    private static final Set<String> TYPES = Set.of("net.openhft.chronicle.map.VanillaChronicleMap", "io.daybook.index.HeadKey",
            "io.daybook.index.HeadKey$Marshaller", "io.daybook.index.HeadValue", "io.daybook.index.HeadValue$Marshaller",
            "net.openhft.chronicle.hash.serialization.impl.ConstantSizeMarshaller",
            "net.openhft.chronicle.hash.serialization.impl.SizedMarshallableDataAccess",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForPowerOf2Segments",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForSingleSegment",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForNonPowerOf2Segments");

    private MapFile() {
    }

    /**
     * Whether the file begins as a finished map of heads does. Asked before one that exists is opened: Chronicle waits for a minute where
     * the length of its description is missing, because another process might be about to write it, takes memory for any length that stands
     * there, and makes whatever {@link TypeNames types} are named.
     */
    static boolean isFinished(Path file) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        ByteBuffer start = start(file);
        int length = descriptionLength(start);
        return length > 0 && length <= start.limit() - DESCRIBED
                && TypeNames.areAmong(TYPES, new String(start.array(), DESCRIBED, length, StandardCharsets.ISO_8859_1));
    }

    /**
     * CRC32C over the description and what Chronicle counts for the whole file, neither of which a put changes unless it adds a tier. Where
     * they are wrong, Chronicle maps and reserves whatever they say.
     */
    static int sumOfDescription(Path file) throws IOException {
        ByteBuffer start = start(file);
        CRC32C crc = new CRC32C();
        crc.update(start.limit(Math.min(start.limit(), DESCRIBED + Math.max(0, descriptionLength(start)) + MOST_COUNTED)));
        return (int) crc.getValue();
    }

    private static ByteBuffer start(Path file) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(DESCRIBED + MAX_DESCRIPTION).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(start, 0);
        }
        return start.flip();
    }

    private static int descriptionLength(ByteBuffer start) {
        return start.limit() < DESCRIBED ? 0 : Math.min(MAX_DESCRIPTION, start.getInt(LENGTH_WORD) & ~META_DATA_FLAG);
    }

    /** CRC32C over the whole file, which must not be in use. Forces it too when asked. Begins again where its thread is interrupted. */
    static int sum(Path file, boolean force, ThreadFactory threads) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        return Uninterrupted.call(() -> sumOnce(file, force, threads));
    }

    private static int sumOnce(Path file, boolean force, ThreadFactory threads) throws IOException {
        try (FileChannel channel = force ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            if (force) {
                channel.force(true);
            }
            return FileSum.of(channel, threads);
        }
    }
}
