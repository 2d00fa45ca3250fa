package io.daybook.index;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.envelope.EventDescriptor;
import org.agrona.DirectBuffer;

/**
 * Events on their way from the journal into the index, a few at a time. In a replay most heads are not in the processor's cache, and the
 * next one cannot be asked for before the last one has come if each is looked for by itself. So the heads of all are fetched first, at
 * once, and then changed one after the other. Under the store's lock.
 */
final class ReplayedEvents {

    private static final int MOST = 32;

    private final long[] heads = new long[MOST * Head.WORDS];
    private final long[] versions = new long[MOST];
    private final long[] previous = new long[MOST];
    private final long[] addresses = new long[MOST];
    private byte[] name = new byte[EventDescriptor.HEADER_LENGTH];
    private int count;
    private int next;
    private long fetched;

    /** Adds the event that begins at this offset and lies at this address. */
    void add(EntityIndex index, DirectBuffer buffer, int offset, long address) {
        int nameLength = EventDescriptor.nameLength(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER));
        if (nameLength > name.length) {
            name = new byte[nameLength];
        }
        buffer.getBytes(offset + EventDescriptor.HEADER_LENGTH, name, 0, nameLength);
        index.prepare(name, 0, nameLength, heads, count * Head.WORDS);
        versions[count] = EventDescriptor.version(buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER));
        previous[count] = buffer.getLong(offset + EventDescriptor.PREVIOUS_OFFSET, ORDER);
        addresses[count++] = address;
    }

    /** Fetches the heads of all. */
    void fetch(HeadTable table) {
        long all = 0;
        for (int i = next; i < count; i++) {
            all += table.load(heads[i * Head.WORDS], heads[i * Head.WORDS + 1]);
        }
        fetched = all; // kept, or nothing would be fetched
    }

    /** What the fetched words add up to; tells nothing. */
    long fetched() {
        return fetched;
    }

    boolean isFull() {
        return count == MOST;
    }

    /** True if there is one that was not applied. */
    boolean hasNext() {
        return next < count;
    }

    /** The first one that was not applied. */
    int next() {
        return next;
    }

    /** It is now. */
    void applied() {
        next++;
        if (next == count) {
            next = 0;
            count = 0;
        }
    }

    /** Prepared heads, one after the other. */
    long[] heads() {
        return heads;
    }

    /** Version of the next one. */
    long version() {
        return versions[next];
    }

    /** Address of its entity's event before, as it says. */
    long previous() {
        return previous[next];
    }

    /** Where it lies. */
    long address() {
        return addresses[next];
    }
}
