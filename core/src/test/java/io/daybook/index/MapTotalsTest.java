package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Random;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.ValueModel;
import net.openhft.chronicle.values.Values;
import net.openhft.compiler.CompilerUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MapTotalsTest {

    private static final int BYTES = 25;
    private static final int ROOM = 40;

    private final BytesStore<?, ?> ownBytes = BytesStore.nativeStoreWithFixedCapacity(ROOM);
    private final BytesStore<?, ?> generatedBytes = BytesStore.nativeStoreWithFixedCapacity(ROOM);

    @AfterEach
    void release() {
        ownBytes.releaseLast();
        generatedBytes.releaseLast();
    }

    private interface Other {
        long getDataStoreSize();

        void setDataStoreSize(long size);
    }

    @Test
    void chroniclesMapsAreOpenedWithIt() throws ReflectiveOperationException {
        assertTrue(MapTotals.isDescribedBy(ValueModel.acquire(VanillaGlobalMutableState.class)));
        MapTotals.offer();
        MapTotals.offer();
        assertSame(MapTotals.class, Values.newNativeReference(VanillaGlobalMutableState.class).getClass());
    }

    @Test
    void aChronicleWithOtherPlacesIsLeftAlone() throws ReflectiveOperationException {
        assertFalse(MapTotals.isDescribedBy(ValueModel.acquire(Other.class)));
    }

    /** Every call on both, with the same bytes around; the other is made by Chronicle's own generator and by javac. */
    @Test
    void writesAndReadsAsTheClassThatChronicleGenerates() throws Exception {
        VanillaGlobalMutableState own = new MapTotals();
        VanillaGlobalMutableState generated = (VanillaGlobalMutableState) generated().getDeclaredConstructor().newInstance();
        Random random = new Random(17);
        for (int i = 0; i < ROOM; i++) {
            byte around = (byte) random.nextInt();
            ownBytes.writeByte(i, around);
            generatedBytes.writeByte(i, around);
        }
        own.bytesStore(ownBytes, 7, BYTES);
        generated.bytesStore(generatedBytes, 7, BYTES);
        assertEquals(generated.maxSize(), own.maxSize());
        assertEquals(generated.offset(), own.offset());
        assertSame(ownBytes, own.bytesStore());
        for (int i = 0; i < 20_000; i++) {
            long number = random.nextLong() >>> random.nextInt(64);
            int which = random.nextInt(6);
            Consumer<VanillaGlobalMutableState> call = each -> call(each, which, number);
            assertEquals(outcome(call, generated), outcome(call, own), "call=" + which + " number=" + number);
            assertArrayEquals(numbers(generated), numbers(own), "call=" + which + " number=" + number);
            assertArrayEquals(generatedBytes.toByteArray(), ownBytes.toByteArray(), "call=" + which + " number=" + number);
        }
    }

    @Test
    void bytesThatAreTooFewAreRefused() {
        MapTotals own = new MapTotals();
        assertThrows(IllegalArgumentException.class, () -> own.bytesStore(ownBytes, 0, BYTES - 1));
        assertThrows(IllegalArgumentException.class, () -> own.bytesStore(ownBytes, ROOM - BYTES + 1, BYTES));
    }

    private static Class<?> generated() throws Exception {
        Method generate = Class.forName("net.openhft.chronicle.values.Generators")
                .getDeclaredMethod("generateNativeClass", ValueModel.class, String.class);
        generate.setAccessible(true);
        String name = "GeneratedTotals";
        String source = (String) generate.invoke(null, ValueModel.acquire(VanillaGlobalMutableState.class), name);
        return CompilerUtils.CACHED_COMPILER.loadFromJava(MapTotals.class.getClassLoader(), "net.openhft.chronicle.hash." + name, source);
    }

    private static void call(VanillaGlobalMutableState totals, int which, long number) {
        switch (which) {
            case 0 -> totals.setAllocatedExtraTierBulks((int) number);
            case 1 -> totals.setFirstFreeTierIndex(number);
            case 2 -> totals.setExtraTiersInUse(number);
            case 3 -> totals.setSegmentHeadersOffset(number);
            case 4 -> totals.setDataStoreSize(number);
            default -> totals.addDataStoreSize(number);
        }
    }

    private static String outcome(Consumer<VanillaGlobalMutableState> call, VanillaGlobalMutableState totals) {
        try {
            call.accept(totals);
            return "done";
        } catch (IllegalArgumentException | IllegalStateException e) {
            return e.getClass().getName();
        }
    }

    private static long[] numbers(VanillaGlobalMutableState totals) {
        return new long[] {totals.getAllocatedExtraTierBulks(), totals.getFirstFreeTierIndex(), totals.getExtraTiersInUse(),
                totals.getSegmentHeadersOffset(), totals.getDataStoreSize()};
    }
}
