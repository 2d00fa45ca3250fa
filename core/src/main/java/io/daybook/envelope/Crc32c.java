package io.daybook.envelope;

import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * CRC32C over ranges, and the sums of two ranges put together. One thread.
 *
 * <p>Putting together is zlib's {@code crc32_combine}: running a sum over n zero bytes multiplies it by x to the 8 n, modulo the
 * polynomial. For one fixed length four tables of 256 products do it.
 */
public final class Crc32c {

    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int[] SHIFT = shiftTables(EventDescriptor.SUMMED_HEADER_LENGTH);

    private static final int[] INT_SHIFT = shiftTables(Integer.BYTES);

    private final CRC32C crc = new CRC32C();

    /** Starts anew. */
    public Crc32c reset() {
        crc.reset();
        return this;
    }

    /** Goes on over these bytes. */
    public Crc32c update(byte[] bytes, int offset, int length) {
        crc.update(bytes, offset, length);
        return this;
    }

    /** Goes on over these bytes. Moves position and limit of the buffer, which must belong to the caller alone. */
    public Crc32c update(ByteBuffer bytes, int offset, int length) {
        bytes.limit(offset + length).position(offset);
        crc.update(bytes);
        return this;
    }

    /** The sum up to here. */
    public int value() {
        return (int) crc.getValue();
    }

    /** The sum over some bytes and an integer behind them, in the format's byte order: too little for a call into the JVM's own code. */
    public static int andInt(int sum, int value) {
        int word = ~sum ^ value;
        return ~(INT_SHIFT[word & 0xFF] ^ INT_SHIFT[256 + (word >>> 8 & 0xFF)] ^ INT_SHIFT[512 + (word >>> 16 & 0xFF)]
                ^ INT_SHIFT[768 + (word >>> 24)]);
    }

    /** The sum over a body and a header behind it, from the sum over each. */
    public static int bodyThenHeader(int body, int header) {
        return header ^ SHIFT[body & 0xFF] ^ SHIFT[256 + (body >>> 8 & 0xFF)] ^ SHIFT[512 + (body >>> 16 & 0xFF)] ^ SHIFT[768
                + (body >>> 24)];
    }

    /** The sum over some bytes and others behind them, from the sum over each. */
    public static int join(int before, int behind, long bytesBehind) {
        return behind ^ multiply(powerOfX(Byte.SIZE * bytesBehind), before);
    }

    private static int[] shiftTables(int zeroBytes) {
        int shift = powerOfX((long) Byte.SIZE * zeroBytes);
        return IntStream.range(0, 4 * 256).map(i -> multiply(shift, (i & 0xFF) << 8 * (i >>> 8))).toArray();
    }

    /** The polynomial x to this power, modulo CRC32C's; the highest bit of a sum stands for 1, as its bytes are reflected. */
    private static int powerOfX(long exponent) {
        int power = 1 << 31;
        int square = 1 << 30;
        for (long left = exponent; left != 0; left >>>= 1) {
            power = (left & 1) == 0 ? power : multiply(power, square);
            square = multiply(square, square);
        }
        return power;
    }

    /** The product of two polynomials, modulo CRC32C's. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 1 << 31; bit != 0; bit >>>= 1) {
            product ^= (a & bit) == 0 ? 0 : shifted;
            shifted = shifted >>> 1 ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
