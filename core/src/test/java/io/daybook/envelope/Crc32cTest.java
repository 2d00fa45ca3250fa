package io.daybook.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
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
        assertEquals(0xE3069283, new Crc32c().of(digits, 0, digits.length));
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
    void sumsMemoryOutsideOfTheHeapWhereverItLies() {
        Random random = new Random(6);
        Crc32c crc = new Crc32c();
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            DirectBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length).put(bytes));
            int offset = random.nextInt(bytes.length + 1);
            int length = random.nextInt(bytes.length - offset + 1);
            int sum = plain(bytes, offset, length);
            String range = "offset=" + offset + " length=" + length;
            assertEquals(sum, crc.of(memory, offset, length), range);
            assertEquals(sum, crc.of(bytes, offset, length), range);
            assertEquals(sum, crc.of(new UnsafeBuffer(bytes), offset, length), range);
            assertEquals(sum, crc.ofCopy(memory, offset, length), range);
        }
    }

    @Test
    void aPartOfAnArrayBehindABufferIsSummedWhereItLies() {
        byte[] bytes = new byte[300];
        new Random(6).nextBytes(bytes);
        assertEquals(plain(bytes, 30, 50), new Crc32c().of(new UnsafeBuffer(bytes, 20, 200), 10, 50));
        UnsafeBuffer slice = new UnsafeBuffer(ByteBuffer.wrap(bytes, 20, 200).slice());
        assertEquals(plain(bytes, 30, 50), new Crc32c().of(slice, 10, 50));
    }

    @Test
    void thisJdkSumsMemoryInPlace() {
        assertNotNull(Crc32c.BY_ADDRESS, "Without it replays take half as long again.");
    }

    @Test
    void whereTheJdkDoesNotLendItsMethodBytesAreCopied() {
        List<String> flags = List.of("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"); // for Agrona
        try (ChildJvm child = ChildJvm.start(flags, System.getProperty("java.class.path"), SumWithoutFlags.class)) {
            assertEquals("in place: false, sum: e3069283", child.lineThatBegins("in place"));
        }
    }

    @Test
    void nothingOutsideOfTheBufferIsSummed() {
        DirectBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
        for (int[] range : new int[][] {{-1, 1}, {0, 101}, {101, 0}, {100, 1}, {50, -1}, {Integer.MAX_VALUE, 1}, {1, Integer.MAX_VALUE}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> new Crc32c().of(memory, range[0], range[1]));
        }
        assertEquals(0, new Crc32c().of(memory, 100, 0));
    }
}
