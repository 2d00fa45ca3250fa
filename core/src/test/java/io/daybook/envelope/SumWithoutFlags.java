package io.daybook.envelope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Sums memory in a JVM that was started without the flags that the store asks for. */
final class SumWithoutFlags {

    private SumWithoutFlags() {
    }

    public static void main(String[] args) {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(digits.length).put(digits));
        String sum = Integer.toHexString(new Crc32c().of(memory, 0, digits.length));
        System.out.println("in place: " + (Crc32c.BY_ADDRESS != null) + ", sum: " + sum);
    }
}
