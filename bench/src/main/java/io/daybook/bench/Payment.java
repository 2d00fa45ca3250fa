package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventView;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** The event of all workloads: 128 bytes of payload, of which the first eight are a number that a reader adds up. */
final class Payment {

    static final String TYPE = "Paid";
    static final int PAYLOAD_BYTES = 128;
    /** A bound for what one event takes on the disk, with its envelope, for sizing. */
    static final int DISK_BYTES = 240;

    private static final byte[] PAYLOAD = new byte[PAYLOAD_BYTES];

    private Payment() {
    }

    /** Appends a payment to an entity whose newest version is known. */
    static long append(Appender appender, String entity, long version, long number) {
        MutableDirectBuffer payload = appender.claim(entity, version, TYPE, PAYLOAD_BYTES);
        payload.putBytes(0, PAYLOAD, 0, PAYLOAD_BYTES);
        payload.putLong(0, number, ByteOrder.LITTLE_ENDIAN);
        return appender.append();
    }

    /** The number in the payload. */
    static long number(EventView event) {
        return event.buffer().getLong(event.payloadOffset(), ByteOrder.LITTLE_ENDIAN);
    }
}
