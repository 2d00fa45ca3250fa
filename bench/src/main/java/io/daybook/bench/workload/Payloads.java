package io.daybook.bench.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Payloads have a number in front, which readers add up: so nobody can leave anything out. */
final class Payloads {

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Payloads() {
    }

    /** Puts a number in front. */
    static void number(byte[] payload, long number) {
        LONG.set(payload, 0, number);
    }

    /** The number in front of what lies here. */
    static long number(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
