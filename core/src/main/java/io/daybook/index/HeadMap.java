package io.daybook.index;

import io.daybook.host.Space;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.StampedLock;
import java.util.function.ObjIntConsumer;
import net.openhft.chronicle.hash.serialization.SizeMarshaller;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.VanillaChronicleMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The heads on disk: a Chronicle Map of fixed capacity. One thread writes (the store's agent); any thread looks up. Chronicle's
 * segment locks have no owner: one in which a process was killed stays locked for ever. So whoever opens the map of a killed owner opens
 * them all, and looks at everything in it ({@link MapCheck}).
 */
final class HeadMap implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeadMap.class);
    // Chronicle throws when a segment overflows; room for three times the entries keeps that away from what the flush asks before.
    private static final double BLOAT = 3;
    // Measured: 88 a head from 65,536 heads on, 112 of 1,024.
    private static final long FILE_BYTES_A_HEAD = 90;
    private static final long FILE_BYTES_BESIDE = 128 << 10;

    private final Path file;
    private final long capacity;
    final VanillaChronicleMap<HeadKey, HeadValue, ?> map; // tests lock it
    private final MapMemory memory;
    private final StampedLock closing = new StampedLock();
    private final HeadKey putKey = new HeadKey();
    private final HeadValue putValue = new HeadValue();
    private long summedTiers = -1;
    private int descriptionSum;
    private boolean closed;

    private HeadMap(Path file, long capacity, ChronicleMap<HeadKey, HeadValue> map) {
        this.file = file;
        this.capacity = capacity;
        this.map = (VanillaChronicleMap<HeadKey, HeadValue, ?>) map;
        memory = new MapMemory(this.map);
    }

    /**
     * Opens the file, or creates it with room for {@code capacity} heads.
     *
     * @throws io.daybook.NoSpaceException if the disk has no room for it
     */
    static HeadMap open(Path file, long capacity) throws IOException {
        if (!Files.exists(file)) {
            Space.create(file, capacity * FILE_BYTES_A_HEAD + FILE_BYTES_BESIDE);
        }
        MapTotals.offer();
        return new HeadMap(file, capacity, ChronicleMapBuilder.of(HeadKey.class, HeadValue.class).name("daybook-heads").entries(capacity)
                .maxBloatFactor(BLOAT).putReturnsNull(true).removeReturnsNull(true)
                .keyMarshaller(HeadKey.Marshaller.INSTANCE)
                .keySizeMarshaller(SizeMarshaller.constant(HeadKey.BYTES))
                .valueMarshaller(HeadValue.Marshaller.INSTANCE)
                .valueSizeMarshaller(SizeMarshaller.constant(HeadValue.BYTES))
                .skipCloseOnExitHook(true) // it would unmap what another thread reads, and is a hook in somebody else's JVM
                .createPersistedTo(file.toFile()));
    }

    /**
     * Opens the map that an owner left behind, or answers null, and leaves nothing open, if it cannot be believed.
     *
     * @throws ClosedByInterruptException if the thread is interrupted, which says nothing of the map
     */
    static HeadMap openWhole(Path file, WatermarkFile.Record record, ThreadFactory threads) throws ClosedByInterruptException {
        HeadMap opened = null;
        try {
            opened = open(file, record.mapCapacity());
            if (opened.isWhole(record, threads)) {
                return opened;
            }
            LOG.warn("The index is damaged and is rebuilt: file={}", file);
        } catch (Throwable e) {
            if (Thread.currentThread().isInterrupted()) {
                if (opened != null) {
                    opened.close();
                }
                throw new ClosedByInterruptException(); // a channel of Chronicle's was closed by it; whoever opens begins again
            }
            LOG.warn("The index cannot be opened and is rebuilt: file={}", file, e);
        }
        if (opened != null) {
            opened.close();
        }
        return null;
    }

    private boolean isWhole(WatermarkFile.Record record, ThreadFactory threads) throws IOException {
        if (record.clean()) {
            return size() == record.mapSize(); // the sum was right
        }
        MapCheck.unlock(map);
        return MapCheck.isWhole(map, threads) && size() >= record.mapSize();
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
            value = map.getUsing(key, new HeadValue());
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

    /** The same for an open, which has the map to itself. */
    boolean getAlone(long[] heads, int at) {
        return memory.get(heads, at);
    }

    /** Stores so many heads. Writer only. */
    void putAll(long[] heads, int from, int to) {
        HeadKey key = putKey;
        HeadValue value = putValue;
        for (int i = from; i < to; i++) {
            int at = i * Head.WORDS;
            key.high = heads[at];
            key.low = heads[at + 1];
            value.set(heads, at);
            map.put(key, value);
        }
    }

    /** Hands out every head, one at a time, in an array that is used again. Writer only. */
    void forEach(ObjIntConsumer<long[]> consumer) {
        long[] head = new long[Head.WORDS];
        map.forEach((key, value) -> {
            if (!value.isWhole(key.high, key.low)) {
                throw new IndexDamagedException("A head in the index is damaged; the next open rebuilds it: file=" + file);
            }
            head[0] = key.high;
            head[1] = key.low;
            System.arraycopy(value.words, 0, head, Head.META, HeadValue.WORDS);
            consumer.accept(head, 0);
        });
    }

    long size() {
        return map.longSize();
    }

    /** {@link MapFile#sumOfDescription}, read again only if a tier was added: each flush asks. Writer only. */
    int sumOfDescription() throws IOException {
        long tiers = map.globalMutableState().getExtraTiersInUse();
        if (tiers != summedTiers) {
            descriptionSum = MapFile.sumOfDescription(file);
            summedTiers = tiers;
        }
        return descriptionSum;
    }

    /** Whether a segment took more than the room that was made for it. */
    boolean hasExtraTiers() {
        return map.hasExtraTierBulks();
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
            map.close();
        } finally {
            closing.unlockWrite(stamp);
        }
    }
}
