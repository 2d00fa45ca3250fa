package io.daybook.envelope;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C over ranges, and the sum of two ranges put together when the second has the length of an event's summed header. One thread.
 *
 * <p>Putting together is zlib's {@code crc32_combine} for one fixed length: running a sum over n zero bytes is linear in its bits, so four
 * tables of 256 answers do it.
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

    private static int[] shiftTables(int zeroBytes) {
        int[] tables = new int[4 * 256];
        for (int i = 0; i < tables.length; i++) {
            int sum = (i & 0xFF) << 8 * (i >>> 8);
            for (int bit = 0; bit < 8 * zeroBytes; bit++) {
                sum = sum >>> 1 ^ ((sum & 1) == 0 ? 0 : POLYNOMIAL);
            }
            tables[i] = sum;
        }
        return tables;
    }
}
