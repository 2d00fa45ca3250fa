package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventStore;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A journal in which the entities take turns, so that the events of one lie as far from each other as can be. The n-th event's number is
 * n.
 */
final class FilledJournal implements AutoCloseable {

    private final Scratch scratch = Scratch.create();
    private final Path path = scratch.path("journal");
    private final int events;
    private EventStore store;

    FilledJournal(int entities, int eventsEach) {
        String[] names = Entities.names(entities);
        events = entities * eventsEach;
        scratch.warmFrames((long) events * Payment.DISK_BYTES);
        store = EventStore.open(path);
        Appender appender = store.appender();
        long number = 0;
        for (int version = -1; version < eventsEach - 1; version++) {
            for (String name : names) {
                Payment.append(appender, name, version, number++);
            }
        }
    }

    /** The store that wrote it. */
    EventStore store() {
        return store;
    }

    /** Closes that and opens another. */
    EventStore reopened() {
        store.close();
        store = EventStore.open(path);
        return store;
    }

    /** Closes it; what is left is a queue. */
    ChronicleQueue queue() {
        store.close();
        return RawQueue.openJournal(path);
    }

    RawQueue.Shape shape() {
        return RawQueue.shape(scratch);
    }

    /** Chronicle's index of every document, in order. */
    long[] indexes(ChronicleQueue queue) {
        long[] indexes = new long[events];
        try (ExcerptTailer tailer = queue.createTailer()) {
            for (int i = 0; i < events; i++) {
                try (DocumentContext document = tailer.readingDocument()) {
                    indexes[i] = document.index();
                }
            }
        }
        return indexes;
    }

    @Override
    public void close() {
        store.close();
        scratch.close();
    }
}
