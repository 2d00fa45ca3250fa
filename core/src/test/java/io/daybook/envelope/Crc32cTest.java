package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class Crc32cTest {

    private static final int HEADER = EventDescriptor.SUMMED_HEADER_LENGTH;

    private static int plain(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    @Test
    void isTheCastagnoliSum() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertEquals(0xE3069283, new Crc32c().update(digits, 0, digits.length).value());
    }

    @Test
    void bodyThenHeaderIsTheSumOverBothInARow() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            int body = i < 100 ? i : random.nextInt(4000);
            byte[] bytes = new byte[body + HEADER];
            random.nextBytes(bytes);
            int together = Crc32c.bodyThenHeader(plain(bytes, 0, body), plain(bytes, body, HEADER));
            assertEquals(plain(bytes, 0, bytes.length), together, "seed=" + seed + " body=" + body);
        }
    }

    @Test
    void anIntegerGoesBehindAsItsFourBytesWould() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(60) + 4];
            random.nextBytes(bytes);
            int last = ByteBuffer.wrap(bytes).order(CommitDescriptor.ORDER).getInt(bytes.length - 4);
            assertEquals(plain(bytes, 0, bytes.length), Crc32c.andInt(plain(bytes, 0, bytes.length - 4), last), "length=" + bytes.length);
        }
    }

    @Test
    void joinsTheSumsOfAnyTwoRanges() {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int behind = random.nextInt(bytes.length + 1);
            int before = bytes.length - behind;
            assertEquals(plain(bytes, 0, bytes.length), Crc32c.join(plain(bytes, 0, before), plain(bytes, before, behind), behind),
                    "length=" + bytes.length + " behind=" + behind);
        }
    }

    @Test
    void bodyThenHeaderHoldsForEveryBitOfTheBodysSum() {
        byte[] header = new byte[HEADER];
        int none = Crc32c.bodyThenHeader(0, plain(header, 0, HEADER));
        assertEquals(plain(header, 0, HEADER), none);
        for (int bit = 0; bit < 32; bit++) {
            int shifted = 1 << bit;
            for (int i = 0; i < 8 * HEADER; i++) {
                shifted = shifted >>> 1 ^ ((shifted & 1) == 0 ? 0 : 0x82F63B78);
            }
            assertEquals(none ^ shifted, Crc32c.bodyThenHeader(1 << bit, none), "bit=" + bit);
        }
    }

    @Test
    void goesOnOverSeveralRangesAndStartsAnew() {
        byte[] bytes = new byte[300];
        new Random(5).nextBytes(bytes);
        Crc32c sum = new Crc32c();
        assertSame(sum, sum.update(bytes, 0, 100).update(bytes, 100, 150));
        assertEquals(plain(bytes, 0, 250), sum.value());
        assertSame(sum, sum.reset());
        assertEquals(plain(bytes, 7, 200), sum.update(bytes, 7, 200).value());
    }

    @Test
    void sumsABufferFromAnyPosition() {
        byte[] bytes = new byte[300];
        new Random(6).nextBytes(bytes);
        ByteBuffer buffer = ByteBuffer.allocateDirect(300).put(bytes).position(290).limit(295);
        Crc32c sum = new Crc32c();
        assertSame(sum, sum.update(buffer, 10, 20));
        assertEquals(plain(bytes, 10, 20), sum.value());
        assertEquals(plain(bytes, 0, 300), sum.reset().update(buffer, 0, 300).value());
    }
}
