package io.daybook.bench.contender;

import io.daybook.bench.RawQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Chronicle Queue and Chronicle Map put together in the obvious way: a document for each commit, a map from an entity to its newest version
 * and the document that has it, one lock around the check, the document and the map. Each event tells the document of its entity's previous
 * one. A process that dies between the two leaves a map that is behind, so it is filled from the queue at each opening.
 */
final class QueueMapContender implements Contender {

    // A document: events one behind the other. An event: version, index of the previous document, lengths of name and payload, both.
    static final int PREVIOUS_OFFSET = Long.BYTES;
    static final int NAME_LENGTH_OFFSET = PREVIOUS_OFFSET + Long.BYTES;
    static final int PAYLOAD_LENGTH_OFFSET = NAME_LENGTH_OFFSET + Integer.BYTES;
    static final int NAME_OFFSET = PAYLOAD_LENGTH_OFFSET + Integer.BYTES;

    // A head: version, index of the document.
    static final int INDEX_OFFSET = Long.BYTES;
    static final int HEAD_BYTES = INDEX_OFFSET + Long.BYTES;

    private static final int MOST_ENTITIES = 1 << 21;
    private static final String NAME_SAMPLE = "account-1234567";

    @Override
    public String name() {
        return "queuemap";
    }

    @Override
    public String title() {
        return "Chronicle Queue and Map";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0);
    }

    @Override
    public int filledBy() {
        return 1;
    }

    @Override
    public String setup() {
        return "FAST_DAILY, blocks of 512 MiB, one document a commit; persisted map of heads, filled from the queue when opened; one lock";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("heads");
        Files.deleteIfExists(file);
        ChronicleMap<CharSequence, byte[]> heads = ChronicleMap.of(CharSequence.class, byte[].class).name("heads")
                .averageKey(NAME_SAMPLE).constantValueSizeBySample(new byte[HEAD_BYTES]).entries(MOST_ENTITIES)
                .createPersistedTo(file.toFile());
        ChronicleQueue queue = RawQueue.open(folder.resolve("queue"));
        fill(heads, queue);
        return new Log(queue, heads);
    }

    private static void fill(ChronicleMap<CharSequence, byte[]> heads, ChronicleQueue queue) {
        UnsafeBuffer head = new UnsafeBuffer(new byte[HEAD_BYTES]);
        UnsafeBuffer document = new UnsafeBuffer(0, 0);
        try (ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext context = tailer.readingDocument()) {
                    if (!context.isPresent()) {
                        return;
                    }
                    wrap(document, context);
                    for (int at = 0; hasEvent(document, at); at = next(document, at)) {
                        head.putLong(0, document.getLong(at));
                        head.putLong(INDEX_OFFSET, context.index());
                        String name = document.getStringWithoutLengthAscii(at + NAME_OFFSET, document.getInt(at + NAME_LENGTH_OFFSET));
                        heads.put(name, head.byteArray());
                    }
                }
            }
        }
    }

    static void wrap(UnsafeBuffer document, DocumentContext context) {
        Bytes<?> bytes = context.wire().bytes();
        document.wrap(bytes.addressForRead(bytes.readPosition()), (int) bytes.readRemaining());
    }

    /** Behind the last event are up to three bytes of padding. */
    static boolean hasEvent(UnsafeBuffer document, int at) {
        return at + NAME_OFFSET < document.capacity();
    }

    static int next(UnsafeBuffer document, int at) {
        return at + NAME_OFFSET + document.getInt(at + NAME_LENGTH_OFFSET) + document.getInt(at + PAYLOAD_LENGTH_OFFSET);
    }

    /** The two, and the lock that keeps them together. */
    record Log(ChronicleQueue queue, ChronicleMap<CharSequence, byte[]> heads) implements EventLog {
        @Override
        public Writer writer() {
            return new QueueMapWriter(this, queue.createAppender());
        }

        @Override
        public Reader reader() {
            return new QueueMapReader(this, queue.createTailer());
        }

        @Override
        public void close() {
            queue.close();
            heads.close();
        }
    }
}
