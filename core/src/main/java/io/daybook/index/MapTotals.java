package io.daybook.index;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.FieldModel;
import net.openhft.chronicle.values.ValueModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Chronicle Map counts for a map as a whole, in the file of that map:
 * <pre>
 *   0         3              8              13               17              25
 *   +---------+--------------+--------------+----------------+---------------+
 *   | bulks   | free tier    | tiers in use | segments at    | size          |
 *   +---------+--------------+--------------+----------------+---------------+
 * </pre>
 * Chronicle has an interface for it and makes the class when a JVM opens its first map: with javac, which takes half of that open. This is
 * the class, written beforehand. It is given to Chronicle Values if the places of all fields are these, which are part of Chronicle Map's
 * format; otherwise Chronicle goes its own way. Public only because Chronicle makes its instances. Internal: not part of the API.
 */
public final class MapTotals implements VanillaGlobalMutableState {

    private static final Logger LOG = LoggerFactory.getLogger(MapTotals.class);
    private static final int BULKS = 0;
    private static final int FREE_TIER = 3;
    private static final int TIERS_IN_USE = 8;
    private static final int SEGMENTS_AT = 13;
    private static final int SIZE = 17;
    private static final int BYTES = 25;
    private static final Map<String, Integer> PLACES = Map.of("allocatedExtraTierBulks", BULKS, "firstFreeTierIndex", FREE_TIER,
            "extraTiersInUse", TIERS_IN_USE, "segmentHeadersOffset", SEGMENTS_AT, "dataStoreSize", SIZE);

    private static final int MOST_BULKS = (1 << 24) - 1;
    private static final long MOST_TIERS = (1L << 40) - 1;
    private static final long MOST_OFFSET = (1L << 32) - 1;

    private BytesStore<?, ?> bytes;
    private long start;

    /** Lets this JVM open maps without a compiler, if their Chronicle is as described above. Any thread; more than once is no harm. */
    static void offer() {
        try {
            ValueModel model = ValueModel.acquire(VanillaGlobalMutableState.class);
            Field made = ValueModel.class.getDeclaredField("nativeClass");
            made.setAccessible(true);
            if (made.get(model) == null && isDescribedBy(model)) {
                made.set(model, MapTotals.class);
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.debug("Chronicle compiles a class of its own", e);
        }
    }

    /** Whether the fields lie where they do here, and there is no method that is missing here. */
    static boolean isDescribedBy(ValueModel model) throws ReflectiveOperationException {
        Method bits = ValueModel.class.getDeclaredMethod("fieldBitOffset", FieldModel.class);
        bits.setAccessible(true);
        Map<String, Integer> places = new HashMap<>();
        for (FieldModel field : model.fields().toList()) {
            places.put(field.name(), (Integer) bits.invoke(model, field) / Byte.SIZE);
        }
        return places.equals(PLACES) && model.sizeInBytes() == BYTES
                && Stream.of(MapTotals.class.getMethods()).noneMatch(method -> Modifier.isAbstract(method.getModifiers()));
    }

    @Override
    public int getAllocatedExtraTierBulks() {
        return bytes.readInt(start + BULKS) & MOST_BULKS;
    }

    @Override
    public void setAllocatedExtraTierBulks(int bulks) {
        within(bulks, MOST_BULKS);
        bytes.writeInt(start + BULKS, bytes.readInt(start + BULKS) & ~MOST_BULKS | bulks);
    }

    @Override
    public long getFirstFreeTierIndex() {
        return tiers(FREE_TIER);
    }

    @Override
    public void setFirstFreeTierIndex(long tier) {
        setTiers(FREE_TIER, tier);
    }

    @Override
    public long getExtraTiersInUse() {
        return tiers(TIERS_IN_USE);
    }

    @Override
    public void setExtraTiersInUse(long tiers) {
        setTiers(TIERS_IN_USE, tiers);
    }

    private long tiers(int place) {
        return bytes.readLong(start + place) & MOST_TIERS;
    }

    private void setTiers(int place, long tiers) {
        within(tiers, MOST_TIERS);
        bytes.writeLong(start + place, bytes.readLong(start + place) & ~MOST_TIERS | tiers);
    }

    @Override
    public long getSegmentHeadersOffset() {
        return bytes.readInt(start + SEGMENTS_AT) & MOST_OFFSET;
    }

    @Override
    public void setSegmentHeadersOffset(long offset) {
        within(offset, MOST_OFFSET);
        bytes.writeInt(start + SEGMENTS_AT, (int) offset);
    }

    @Override
    public long getDataStoreSize() {
        return bytes.readLong(start + SIZE);
    }

    @Override
    public void setDataStoreSize(long size) {
        within(size, Long.MAX_VALUE);
        bytes.writeLong(start + SIZE, size);
    }

    @Override
    public long addDataStoreSize(long addition) {
        long size = getDataStoreSize() + addition;
        if (size < 0) {
            throw new IllegalStateException("The size of a map would be negative: size=" + size);
        }
        setDataStoreSize(size);
        return size;
    }

    private static void within(long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("A number of a map is out of its range: value=" + value + " most=" + most);
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as in the interface
    public void bytesStore(BytesStore store, long offset, long length) {
        if (length != BYTES || offset + length > store.capacity()) {
            throw new IllegalArgumentException("These are not the bytes of a map's totals: offset=" + offset + " length=" + length);
        }
        bytes = store;
        start = offset;
    }

    @Override
    public BytesStore<?, ?> bytesStore() {
        return bytes;
    }

    @Override
    public long offset() {
        return start;
    }

    @Override
    public long maxSize() {
        return BYTES;
    }
}
