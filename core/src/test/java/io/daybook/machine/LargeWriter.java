package io.daybook.machine;

import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalFiles;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** The process that works on a journal which is much larger than the memory that it may use. */
final class LargeWriter {

    private static final int PAYLOAD_BYTES = 2_000;
    private static final long DISK_EVERY = 5_000;

    private final Path folder;
    private final long events;
    private final int entities;
    private long startedNs = System.nanoTime();

    private LargeWriter(Path folder, long events, int entities) {
        this.folder = folder;
        this.events = events;
        this.entities = entities;
    }

    /** Arguments: folder, MiB of payload, number of entities. */
    public static void main(String[] arguments) throws Exception {
        long events = (Long.parseLong(arguments[1]) << 20) / PAYLOAD_BYTES;
        LargeWriter writer = new LargeWriter(Path.of(arguments[0]), events, Integer.parseInt(arguments[2]));
        writer.write();
        writer.readAgain();
        JournalFiles.delete(writer.folder.resolve(JournalFiles.INDEX));
        writer.readAgain();
        System.out.println("ended.");
    }

    private EventStore open() {
        return EventStore.open(folder, StoreSettings.create().cycleBytes(96 << 20).flushEvents(20_000).headsFileEvents(100_000));
    }

    private String entity(long n) {
        return "entity-" + n * 7 % entities;
    }

    private void write() {
        try (EventStore store = open()) {
            byte[] payload = new byte[PAYLOAD_BYTES];
            for (long n = 0; n < events; n++) {
                ByteBuffer.wrap(payload).putLong(n).putLong(PAYLOAD_BYTES - 8, n);
                store.append(entity(n), Expected.exactly(n / entities - 1), List.of(NewEvent.of("Written", payload)),
                    n % DISK_EVERY == 0 ? Durability.DISK : Durability.PROCESS);
            }
            took("append");
        }
        took("close");
    }

    /** Everything in order, then some entities by the index. */
    private void readAgain() {
        try (EventStore store = open()) {
            took(store.recovery().indexRebuilt() ? "open, index rebuilt" : "open");
            long n = 0;
            try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
                while (cursor.next()) {
                    require(cursor.position(), n, n);
                    require(cursor.event().buffer().getLong(cursor.event().payloadOffset(), ByteOrder.BIG_ENDIAN), n, n);
                    n++;
                }
            }
            require(n, events, n);
            took("replay");
            require(store.stats().entities(), Math.min(events, entities), n);
            for (long e = 0; e < Math.min(events, entities); e += 97) {
                long last = (events - 1 - e) / entities;
                require(store.version(entity(e)), last, e);
                require(store.read(entity(e)).toList().size(), last + 1, e);
            }
            took("look up");
        }
        took("close");
    }

    private static void require(long is, long wanted, long n) {
        if (is != wanted) {
            throw new IllegalStateException("It is " + is + ", not " + wanted + ", at " + n);
        }
    }

    private void took(String what) {
        long now = System.nanoTime();
        System.out.println(what + " " + (now - startedNs) / 1_000_000 + " ms.");
        startedNs = now;
    }
}
