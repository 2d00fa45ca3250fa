package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.HashMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadMapTest {

    private static final long CAPACITY = 64;

    @TempDir
    private Path folder;
    private Path file;
    private HeadMap map;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("heads-1.map");
        map = HeadMap.open(file, CAPACITY);
    }

    @AfterEach
    void close() {
        map.close();
    }

    static long[] heads(int from, int to) {
        long[] heads = new long[(to - from) * Head.WORDS];
        for (int i = 0; i < heads.length; i++) {
            int number = from + i / Head.WORDS;
            heads[i] = (i % Head.WORDS + 1) * 0x9E37_79B9_7F4A_7C15L ^ number * 0xBF58_476D_1CE4_E5B9L;
        }
        return heads;
    }

    private static long[] stored(long[] head) {
        long[] stored = head.clone();
        stored[Head.META] = Head.stored(stored[Head.META]);
        return stored;
    }

    private long[] get(int number) {
        long[] around = new long[3 * Head.WORDS];
        System.arraycopy(heads(number, number + 1), 0, around, Head.WORDS, 2);
        HeadMap.Found found = map.get(around, Head.WORDS);
        return found == HeadMap.Found.YES ? Arrays.copyOfRange(around, Head.WORDS, 2 * Head.WORDS) : null;
    }

    @Test
    void answersWhatWasPut() {
        map.putAll(heads(1, 31), 0, 30);
        for (int i = 1; i < 31; i++) {
            assertArrayEquals(stored(heads(i, i + 1)), get(i));
        }
        assertEquals(null, get(31));
        assertEquals(30, map.size());
        assertEquals(CAPACITY, map.capacity());
        assertEquals(file, map.file());
    }

    @Test
    void putsAsManyAsItIsTold() {
        map.putAll(heads(1, 31), 0, 10);
        assertEquals(10, map.size());
        long[] changed = heads(3, 4);
        changed[Head.NEWEST] = -1;
        map.putAll(changed, 0, 1);
        assertEquals(10, map.size());
        assertArrayEquals(stored(changed), get(3));
    }

    @Test
    void handsOutEveryHeadOnce() {
        map.putAll(heads(1, 65), 0, 64);
        Map<Long, long[]> found = new HashMap<>();
        map.forEach((heads, at) -> {
            assertEquals(0, at);
            found.put(heads[0], heads.clone());
        });
        assertEquals(64, found.size());
        for (int i = 1; i < 65; i++) {
            assertArrayEquals(stored(heads(i, i + 1)), found.get(heads(i, i + 1)[0]));
        }
    }

    @Test
    void takesMoreThanItsCapacityBeforeItFails() {
        map.putAll(heads(1, 1 + 2 * (int) CAPACITY), 0, 2 * (int) CAPACITY);
        assertEquals(2 * CAPACITY, map.size());
    }

    @Test
    void comesBackFromItsFile() throws IOException {
        map.putAll(heads(1, 31), 0, 30);
        map.close();
        map = HeadMap.open(file, CAPACITY);
        assertEquals(30, map.size());
        for (int i = 1; i < 31; i++) {
            assertArrayEquals(stored(heads(i, i + 1)), get(i));
        }
    }

    /** Chronicle would wait for a minute, or take the memory that a damaged length names. */
    @Test
    void aFileThatDoesNotBeginAsAFinishedMapIsNotOpened() throws IOException {
        assertFalse(MapFile.isFinished(folder.resolve("missing")));
        assertTrue(MapFile.isFinished(file));
        map.close();
        assertTrue(MapFile.isFinished(file));
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 8, 11}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertFalse(MapFile.isFinished(file), "length=" + length);
        }
        for (int word : new int[] {0, 1 << 31, 1 << 30, -1, 1 << 20, 1 << 29}) {
            Files.write(file, ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(8, word).array());
            assertFalse(MapFile.isFinished(file), "word=" + word);
        }
        Files.write(file, whole);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 64, 1 << 10, 1 << 20, 3 << 20})
    void whatItWroteItselfIsOpened(long capacity) throws IOException {
        Path other = folder.resolve("other");
        HeadMap.open(other, capacity).close();
        assertTrue(MapFile.isFinished(other));
    }

    /** Else a kill behind a flush would cost the index; reading it each time would cost garbage. */
    @Test
    void theSumOfTheDescriptionIsThatOfTheFileAlsoWhenATierWasAdded() throws IOException {
        for (int heads = 1; heads <= 3 * CAPACITY; heads++) {
            map.putAll(heads(heads, heads + 1), 0, 1);
            assertEquals(MapFile.sumOfDescription(file), map.sumOfDescription(), "heads=" + heads);
        }
        assertTrue(map.hasExtraTiers());
    }

    /** At the JVM's end Chronicle would close and unmap what another thread still reads; and it is somebody else's JVM. */
    @Test
    void leavesNoHookInTheJvm() throws ReflectiveOperationException {
        Field maps = Class.forName("net.openhft.chronicle.hash.impl.ChronicleHashCloseOnExitHook").getDeclaredField("maps");
        maps.setAccessible(true);
        assertEquals(Map.of(), maps.get(null));
    }

    @Test
    void saysSoWhenItIsClosed() {
        map.putAll(heads(1, 2), 0, 1);
        map.close();
        assertEquals(HeadMap.Found.CLOSED, map.get(heads(1, 2), 0));
    }

    @Test
    void aDamagedHeadIsFoundAndNotHandedOut() throws IOException {
        map.putAll(heads(1, 21), 0, 20);
        map.close();
        byte[] bytes = Files.readAllBytes(file);
        byte[] wanted = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(heads(7, 8)[Head.NEWEST]).array();
        int at = 0;
        while (!Arrays.equals(wanted, Arrays.copyOfRange(bytes, at, at + 8))) {
            at++;
        }
        bytes[at] ^= 0x10;
        Files.write(file, bytes);
        map = HeadMap.open(file, CAPACITY);
        assertTrue(assertThrows(IndexDamagedException.class, () -> get(7)).getMessage().contains("file=" + file));
        assertTrue(assertThrows(IndexDamagedException.class, () -> map.forEach((heads, i) -> { })).getMessage().contains("file=" + file));
        assertArrayEquals(stored(heads(8, 9)), get(8));
    }

    @Test
    void aHeadUnderAnotherHashIsNotWhole() {
        HeadValue value = new HeadValue();
        long[] head = heads(5, 6);
        value.set(head, 0);
        assertTrue(value.isWhole(head[0], head[1]));
        assertFalse(value.isWhole(head[0] + 1, head[1]));
        assertFalse(value.isWhole(head[0], head[1] + 1));
        for (int word = 0; word < HeadValue.WORDS; word++) {
            for (int bit = 0; bit < 64; bit++) {
                value.words[word] ^= 1L << bit;
                assertFalse(value.isWhole(head[0], head[1]), "word=" + word + " bit=" + bit);
                value.words[word] ^= 1L << bit;
            }
        }
    }

    @Test
    void theSumIsOverTheWholeFile() throws IOException {
        assertEquals(0, MapFile.sum(folder.resolve("missing"), false, Thread::new));
        Path small = folder.resolve("small");
        byte[] bytes = {1, 2, 3, 4, 5};
        Files.write(small, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        assertEquals((int) crc.getValue(), MapFile.sum(small, false, Thread::new));
        assertEquals((int) crc.getValue(), MapFile.sum(small, true, Thread::new));
        bytes[4] ^= 1;
        Files.write(small, bytes);
        assertNotEquals((int) crc.getValue(), MapFile.sum(small, false, Thread::new));
    }
}
