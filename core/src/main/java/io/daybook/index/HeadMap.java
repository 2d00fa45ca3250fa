package io.daybook.index;

import io.daybook.host.Space;
import io.daybook.host.TypeNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.StampedLock;
import java.util.function.ObjIntConsumer;
import java.util.zip.CRC32C;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * The heads on disk: a Chronicle Map of fixed capacity. One thread writes (the store's agent); any thread looks up. Every operation is
 * bracketed by a counter in the watermark file, because Chronicle's segment locks have no owner: a process that is killed inside one
 * leaves it locked for ever, and then the map is deleted, never opened.
 */
final class HeadMap implements AutoCloseable {

    // Chronicle throws when a segment overflows; room for three times the entries keeps that away from what the flush asks before.
    private static final double BLOAT = 3;
    // Measured: 88 a head from 65,536 heads on, 112 of 1,024.
    private static final long FILE_BYTES_A_HEAD = 90;
    private static final long FILE_BYTES_BESIDE = 128 << 10;
    private static final long SUM_STEP = 1L << 30;
    // Chronicle's own description of the file: a sum, then its length and flags, then some hundred bytes.
    private static final int LENGTH_WORD = 8;
    private static final int META_DATA_FLAG = 1 << 30;
    private static final int MAX_DESCRIPTION = 64 << 10;
    private static final Set<String> TYPES = Set.of("net.openhft.chronicle.map.VanillaChronicleMap", "io.daybook.index.HeadKey",
            "io.daybook.index.HeadKey$Marshaller", "io.daybook.index.HeadValue", "io.daybook.index.HeadValue$Marshaller",
            "net.openhft.chronicle.hash.serialization.impl.ConstantSizeMarshaller",
            "net.openhft.chronicle.hash.serialization.impl.SizedMarshallableDataAccess",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForPowerOf2Segments",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForSingleSegment",
            "net.openhft.chronicle.hash.impl.HashSplitting$ForNonPowerOf2Segments");

    private final Path file;
    private final long capacity;
    private final ChronicleMap<HeadKey, HeadValue> map;
    private final WatermarkFile operations;
    private final StampedLock closing = new StampedLock();
    private final HeadKey putKey = new HeadKey();
    private final HeadValue putValue = new HeadValue();
    private boolean closed;

    private HeadMap(Path file, long capacity, ChronicleMap<HeadKey, HeadValue> map, WatermarkFile operations) {
        this.file = file;
        this.capacity = capacity;
        this.map = map;
        this.operations = operations;
    }

    /**
     * Opens the file, or creates it with room for {@code capacity} heads.
     *
     * @throws io.daybook.NoSpaceException if the disk has no room for it
     */
    static HeadMap open(Path file, long capacity, WatermarkFile operations) throws IOException {
        if (!Files.exists(file)) {
            Space.create(file, capacity * FILE_BYTES_A_HEAD + FILE_BYTES_BESIDE);
        }
        operations.enter();
        try {
            return new HeadMap(file, capacity, ChronicleMapBuilder.of(HeadKey.class,
                    HeadValue.class).name("daybook-heads").entries(capacity)
                    .maxBloatFactor(BLOAT).putReturnsNull(true).removeReturnsNull(true)
                    .keyMarshaller(HeadKey.Marshaller.INSTANCE)
                    .keySizeMarshaller(SizeMarshaller.constant(HeadKey.BYTES))
                    .valueMarshaller(HeadValue.Marshaller.INSTANCE)
                    .valueSizeMarshaller(SizeMarshaller.constant(HeadValue.BYTES))
                    .createPersistedTo(file.toFile()), operations);
        } finally {
            operations.leave();
        }
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
        ByteBuffer start = ByteBuffer.allocate(LENGTH_WORD + Integer.BYTES + MAX_DESCRIPTION).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(start, 0);
        }
        int described = LENGTH_WORD + Integer.BYTES;
        if (start.position() < described) {
            return false;
        }
        int length = start.getInt(LENGTH_WORD) & ~META_DATA_FLAG;
        return length > 0 && length <= start.position() - described
                && TypeNames.areAmong(TYPES, new String(start.array(), described, length, StandardCharsets.ISO_8859_1));
    }

    /** What a look-up met. */
    enum Found { YES, NO, CLOSED }

    /** Completes the head whose hash stands at this place. */
    Found get(long[] heads, int at) {
        HeadKey key = new HeadKey();
        key.high = heads[at];
        key.low = heads[at + 1];
        long stamp = closing.readLock();
        HeadValue value;
        try {
            if (closed) return Found.CLOSED;
            operations.enter();
            try {
                value = map.getUsing(key, new HeadValue());
            } finally {
                operations.leave();
            }
        } finally {
            closing.unlockRead(stamp);
        }
        if (value == null) {
            return Found.NO;
        }
        if (!value.isWhole(key.high, key.low)) {
            throw new IndexDamagedException("A head in the index is damaged; the next open rebuilds it: file=" + file);
        }
        System.arraycopy(value.words, 0, heads, at + Head.META, HeadValue.WORDS);
        return Found.YES;
    }

    /** Stores so many heads. Writer only. */
    void putAll(long[] heads, int from, int to) {
        HeadKey key = putKey;
        HeadValue value = putValue;
        operations.enter();
        try {
            for (int i = from; i < to; i++) {
                int at = i * Head.WORDS;
                key.high = heads[at];
                key.low = heads[at + 1];
                value.set(heads, at);
                map.put(key, value);
            }
        } finally {
            operations.leave();
        }
    }

    /** Hands out every head, one at a time, in an array that is used again. Writer only. */
    void forEach(ObjIntConsumer<long[]> consumer) {
        long[] head = new long[Head.WORDS];
        operations.enter();
        try {
            map.forEach((key, value) -> {
                if (!value.isWhole(key.high, key.low)) {
                    throw new IndexDamagedException("A head in the index is damaged; the next open rebuilds it: file=" + file);
                }
                head[0] = key.high;
                head[1] = key.low;
                System.arraycopy(value.words, 0, head, Head.META, HeadValue.WORDS);
                consumer.accept(head, 0);
            });
        } finally {
            operations.leave();
        }
    }

    long size() {
        return map.longSize();
    }

    /** Heads that fit without going to the limit. */
    long capacity() {
        return capacity;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        long stamp = closing.writeLock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            operations.enter();
            map.close();
            operations.leave();
        } finally {
            closing.unlockWrite(stamp);
        }
    }

    /** CRC32C over the whole file, which must not be in use. Forces it too when asked. */
    static int sum(Path file, boolean force) throws IOException {
        CRC32C crc = new CRC32C();
        if (!Files.exists(file)) {
            return 0;
        }
        try (FileChannel channel = force ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : FileChannel.open(file, StandardOpenOption.READ)) {
            if (force) {
                channel.force(true);
            }
            long size = channel.size();
            for (long at = 0; at < size; at += SUM_STEP) {
                MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, at, Math.min(SUM_STEP, size - at));
                crc.update(bytes);
            }
        }
        return (int) crc.getValue();
    }
}
