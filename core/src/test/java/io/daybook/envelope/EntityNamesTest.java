package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntityNamesTest {

    private static final int OFFSET = 3;
    private static final String TWO_BYTES = "\u00e9";
    private static final String THREE_BYTES = "\u20ac";
    private static final String FOUR_BYTES = "\ud83d\ude00";

    /** Exactly as much room as the limit allows: a byte too many would throw. */
    private final byte[] buffer = new byte[OFFSET + StoreSettings.MAX_ENTITY_BYTES];

    private byte[] written(String name) {
        int length = EntityNames.putEntity(buffer, OFFSET, name);
        return Arrays.copyOfRange(buffer, OFFSET, OFFSET + length);
    }

    private String refusal(String name) {
        return assertThrows(IllegalArgumentException.class, () -> EntityNames.putEntity(buffer, OFFSET, name)).getMessage();
    }

    @Test
    void writesWhatJavaWrites() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            int codePoints = 1 + random.nextInt(40);
            for (int j = 0; j < codePoints; j++) {
                name.appendCodePoint(codePoint(random, i % 5));
            }
            assertArrayEquals(name.toString().getBytes(StandardCharsets.UTF_8), written(name.toString()), "seed=" + seed + " name=" + name);
        }
    }

    /** Any code point up to a kind's limit that a name may hold. */
    private static int codePoint(Random random, int kind) {
        int[] limits = {0x7F, 0x800, 0x3000, 0x1_0000, Character.MAX_CODE_POINT + 1};
        while (true) {
            int c = random.nextInt(limits[kind]);
            if (Character.getType(c) != Character.CONTROL && Character.getType(c) != Character.SURROGATE) {
                return c;
            }
        }
    }

    @Test
    void writesTheFirstAndTheLastOfEveryLength() {
        for (int c : new int[] {0x20, 0x7E, 0xA0, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x1_0000, Character.MAX_CODE_POINT}) {
            String name = "a" + new String(Character.toChars(c)) + "z";
            assertArrayEquals(name.getBytes(StandardCharsets.UTF_8), written(name), "codePoint=" + c);
        }
    }

    @Test
    void takesNamesOfExactlyTheLimitInBytes() {
        for (String name : new String[] {"a".repeat(512), TWO_BYTES.repeat(256), "ab" + THREE_BYTES.repeat(170), FOUR_BYTES.repeat(128),
            "a".repeat(510) + TWO_BYTES, "a".repeat(509) + THREE_BYTES, "a".repeat(508) + FOUR_BYTES, TWO_BYTES.repeat(255) + "ab"}) {
            assertEquals(512, name.getBytes(StandardCharsets.UTF_8).length);
            assertArrayEquals(name.getBytes(StandardCharsets.UTF_8), written(name));
        }
    }

    @Test
    void refusesNamesOneByteLonger() {
        for (String name : new String[] {"a".repeat(513), TWO_BYTES.repeat(256) + "a", THREE_BYTES.repeat(171),
            FOUR_BYTES.repeat(128) + "a", "a".repeat(511) + TWO_BYTES, "a".repeat(510) + THREE_BYTES,
            "a".repeat(509) + FOUR_BYTES, "a".repeat(100_000)}) {
            String message = refusal(name);
            assertTrue(message.contains("too long") && message.contains("limitBytes=512") && message.contains("what=entity"), message);
        }
    }

    @Test
    void typesHaveALimitOfTheirOwn() {
        assertEquals(255, EntityNames.putType(buffer, 0, "t".repeat(255)));
        assertEquals(255, EntityNames.putType(buffer, 0, THREE_BYTES.repeat(85)));
        for (String type : new String[] {"t".repeat(256), TWO_BYTES.repeat(128)}) {
            String message = assertThrows(IllegalArgumentException.class, () -> EntityNames.putType(buffer, 0, type)).getMessage();
            assertTrue(message.contains("what=type") && message.contains("limitBytes=255"), message);
        }
    }

    @Test
    void refusesAnEmptyName() {
        assertTrue(refusal("").contains("empty"));
        String message = assertThrows(IllegalArgumentException.class, () -> EntityNames.putType(buffer, 0, "")).getMessage();
        assertTrue(message.contains("what=type"), message);
    }

    @Test
    void refusesEveryControlCharacterAndSaysWhere() {
        for (int c = 0; c < 0xA0; c++) {
            if (c < 0x20 || c >= 0x7F) {
                assertTrue(refusal("ab" + (char) c).contains("control character: what=entity index=2"), "character=" + c);
                assertTrue(refusal("\u00e9b" + (char) c + "x").contains("index=2"), "character=" + c);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "ab\ud83d", "ab\ude00\ud83d", "a\ud83dz", "\ude00\ud83d\ude00", "\ud83d\ud83d\ude00"})
    void refusesSurrogatesWithoutTheirOtherHalf(String name) {
        assertTrue(refusal(name).contains("surrogate without its other half: what=entity index="));
    }

    @Test
    void saysWhereTheLoneSurrogateIs() {
        assertTrue(refusal(FOUR_BYTES + "a\ud83d").contains("index=3"));
    }

    /** The memory ends with the name, so a word that reached beyond it would throw. */
    @Test
    void aNameIsTheOneThatStandsThereIfEachByteIs() {
        Random random = new Random(3);
        for (int length = 1; length <= 40; length++) {
            byte[] names = new byte[OFFSET + length];
            random.nextBytes(names);
            UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(7 + length));
            memory.putBytes(7, names, OFFSET, length);
            assertTrue(EntityNames.isAt(memory, 7, names, OFFSET, length), "length=" + length);
            for (int i = 0; i < length; i++) {
                names[OFFSET + i] ^= 1;
                assertFalse(EntityNames.isAt(memory, 7, names, OFFSET, length), "length=" + length + " byte=" + i);
                names[OFFSET + i] ^= 1;
            }
            int tooLong = length + 1;
            UnsafeBuffer more = new UnsafeBuffer(ByteBuffer.allocateDirect(7 + tooLong));
            assertThrows(IndexOutOfBoundsException.class, () -> EntityNames.isAt(more, 7, names, OFFSET, tooLong));
            names[OFFSET - 1] ^= 1;
            memory.putByte(6, (byte) 1);
            assertTrue(EntityNames.isAt(memory, 7, names, OFFSET, length), "length=" + length);
        }
    }
}
