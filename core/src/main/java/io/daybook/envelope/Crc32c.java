package io.daybook.envelope;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;

/**
 * CRC32C over ranges, and the sums of two ranges put together. One thread.
 *
 * <p>The JDK sums memory outside of its heap only by way of a buffer whose limits are set before, which takes longer than the sum of a
 * short range. The method behind it, which the compiler replaces by the processor's instruction, is private; Aeron calls it, too. Where
 * a JDK does not have it, or it gives another sum than the public way, bytes are copied into an array first.
 *
 * <p>Putting together is zlib's {@code crc32_combine}: running a sum over n zero bytes multiplies it by x to the 8 n, modulo the
 * polynomial. For one fixed length four tables of 256 products do it.
 */
public final class Crc32c {

    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int[] SHIFT = shiftTables(EventDescriptor.SUMMED_HEADER_LENGTH);
    private static final int[] INT_SHIFT = shiftTables(Integer.BYTES);

    /** Null if this JDK does not have it, or not as it was. */
    static final MethodHandle BY_ADDRESS = byAddress();

    private static final int COPIED_AT_ONCE = 1024;

    private final CRC32C crc = new CRC32C();
    private byte[] copy;

    /** The sum over these bytes. */
    public int of(byte[] bytes, int offset, int length) {
        crc.reset();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** The sum over these bytes. */
    public int of(DirectBuffer bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.capacity() - offset) {
            throw new IndexOutOfBoundsException("The buffer does not have these bytes: offset=" + offset + " length=" + length
                    + " capacity=" + bytes.capacity());
        }
        if (bytes.byteArray() != null) {
            return of(bytes.byteArray(), bytes.wrapAdjustment() + offset, length);
        }
        return BY_ADDRESS == null ? ofCopy(bytes, offset, length) : ofMemory(bytes, offset, length);
    }

    private static int ofMemory(DirectBuffer bytes, int offset, int length) {
        try {
            return ~(int) BY_ADDRESS.invokeExact(~0, bytes.addressOffset() + offset, 0, length);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("The JDK's sum declares nothing that it could throw", e);
        } finally {
            Reference.reachabilityFence(bytes); // a mapping ends when nobody can reach its buffer
        }
    }

    /** What {@link #of(DirectBuffer, int, int)} does where the JDK has no sum of memory. */
    int ofCopy(DirectBuffer bytes, int offset, int length) {
        copy = copy == null ? new byte[COPIED_AT_ONCE] : copy;
        crc.reset();
        for (int at = offset, end = offset + length; at < end; at += COPIED_AT_ONCE) {
            int piece = Math.min(COPIED_AT_ONCE, end - at);
            bytes.getBytes(at, copy, 0, piece);
            crc.update(copy, 0, piece);
        }
        return (int) crc.getValue();
    }

    private static MethodHandle byAddress() {
        try {
            Method method = CRC32C.class.getDeclaredMethod("updateDirectByteBuffer", int.class, long.class, int.class, int.class);
            // No package is opened for this: java.lang.reflect is open for Chronicle anyway, and with it the reflection's own way in.
            Method open = AccessibleObject.class.getDeclaredMethod("setAccessible0", boolean.class);
            open.setAccessible(true);
            open.invoke(method, true);
            MethodHandle handle = MethodHandles.lookup().unreflect(method);
            return isRight(handle) ? handle : null;
        } catch (Throwable e) {
            return null; // whatever it is, a copy does without
        }
    }

    /** Whether it means what it meant: a sum that is always wrong would take every event for a damaged one. */
    private static boolean isRight(MethodHandle handle) throws Throwable {
        byte[] bytes = new byte[41];
        new Random(1).nextBytes(bytes);
        ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 1, bytes.length - 1);
        int sum = ~(int) handle.invokeExact(~0, BufferUtil.address(memory) + 1, 0, bytes.length - 1);
        Reference.reachabilityFence(memory);
        return sum == (int) crc.getValue();
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
