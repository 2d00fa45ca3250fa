package io.daybook.bench;

import io.daybook.EventStore;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** A Chronicle Queue used directly: the floor. It checks no version, knows no entity and sums nothing. */
public final class RawQueue {

    private static final long BLOCK_BYTES = 512L << 20;
    private static final long MARK = 0x1234_5678_9ABC_DEF0L;

    /**
     * How the event of the workloads lies in a document.
     *
     * @param length        of the document's data
     * @param payloadOffset where in it the payload begins
     */
    record Shape(int length, int payloadOffset) {
    }

    private RawQueue() {
    }

    /** An empty queue with the block size and the roll cycle that a journal has. */
    public static ChronicleQueue open(Path folder) {
        return builder(folder).build();
    }

    /** The queue of a journal, for reading. */
    static ChronicleQueue openJournal(Path journal) {
        return builder(journal.resolve("queue")).readOnly(true).build();
    }

    private static SingleChronicleQueueBuilder builder(Path folder) {
        return SingleChronicleQueueBuilder.binary(folder).rollCycle(RollCycles.FAST_DAILY).blockSize(BLOCK_BYTES);
    }

    /** Found in a journal with one event, so that raw documents have the same number of bytes whatever the format. */
    static Shape shape(Scratch scratch) {
        Path journal = scratch.path("shape");
        try (EventStore store = EventStore.open(journal)) {
            Payment.append(store.appender(), Entities.name(0), -1, MARK);
        }
        try (ChronicleQueue queue = openJournal(journal); ExcerptTailer tailer = queue.createTailer();
                DocumentContext document = tailer.readingDocument()) {
            Bytes<?> bytes = document.wire().bytes();
            int length = (int) bytes.readRemaining();
            int offset = 0;
            while (bytes.readLong(bytes.readPosition() + offset) != MARK) {
                offset++;
            }
            return new Shape(length, offset);
        }
    }
}
