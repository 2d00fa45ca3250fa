package io.daybook.bench.contender;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.lmdbjava.Cursor;
import org.lmdbjava.Txn;

/** Reads in one transaction that is renewed for each call, so that it sees what was committed before. */
final class LmdbReader implements Reader {

    private final LmdbContender.Log log;
    private final Txn<DirectBuffer> txn;
    private final Cursor<DirectBuffer> events;
    private final UnsafeBuffer names = LmdbContender.direct(LmdbContender.MOST_NAME_BYTES);
    private final UnsafeBuffer name = new UnsafeBuffer(names);
    private final UnsafeBuffer position = LmdbContender.direct(Long.BYTES);
    private final UnsafeBuffer event = new UnsafeBuffer(0, 0);
    private long[] addresses = new long[16];
    private int[] lengths = new int[16];

    LmdbReader(LmdbContender.Log log) {
        this.log = log;
        txn = log.env.txnRead();
        events = log.events.openCursor(txn);
        txn.reset();
    }

    @Override
    public int load(String entity, Sink sink) {
        txn.renew();
        name.wrap(names, 0, names.putStringWithoutLengthAscii(0, entity));
        DirectBuffer head = log.heads.get(txn, name);
        int count = head == null ? 0 : Math.toIntExact(head.getLong(0) + 1);
        if (count > 0) {
            walkBack(head.getLong(LmdbContender.POSITION_OFFSET), count);
            for (int i = 0; i < count; i++) {
                event.wrap(addresses[i], lengths[i]);
                handOut(event, sink);
            }
        }
        txn.reset();
        return count;
    }

    /** Notes where the events lie in the map; there they stay while the transaction lasts. */
    private void walkBack(long newest, int count) {
        if (count > addresses.length) {
            addresses = Arrays.copyOf(addresses, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        long at = newest;
        for (int i = count - 1; i >= 0; i--) {
            position.putLong(0, at);
            DirectBuffer found = log.events.get(txn, position);
            addresses[i] = found.addressOffset();
            lengths[i] = found.capacity();
            at = found.getLong(LmdbContender.PREVIOUS_OFFSET);
        }
    }

    @Override
    public long replay(Sink sink) {
        txn.renew();
        events.renew(txn);
        long count = 0;
        for (boolean more = events.first(); more; more = events.next()) {
            handOut(events.val(), sink);
            count++;
        }
        txn.reset();
        return count;
    }

    private static void handOut(DirectBuffer event, Sink sink) {
        int payloadOffset = LmdbContender.NAME_OFFSET + event.getInt(LmdbContender.NAME_LENGTH_OFFSET);
        sink.event(event.getLong(0), event, payloadOffset, event.capacity() - payloadOffset);
    }
}
