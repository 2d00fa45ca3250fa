package io.daybook.bench.contender;

import io.daybook.bench.RawQueue;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Chronicle Queue used directly: the floor. It checks no version and sums nothing. A document has as many bytes as a commit of Daybook's
 * with the same events; in place of the envelope stand version and lengths, the rest of it is zero.
 */
final class RawQueueContender implements Contender {

    // What a commit and an event of Daybook's have beside name, type and payload; see core/FORMAT.md.
    private static final int COMMIT_BYTES = 28;
    private static final int EVENT_BYTES = 42;
    private static final int TYPE_BYTES = 4;
    private static final int ALIGNMENT = 4;

    private static final int PAYLOAD_LENGTH_OFFSET = 8;
    private static final int NAME_LENGTH_OFFSET = 12;
    private static final int MOST_DOCUMENT_BYTES = 1 << 20;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    @Override
    public String name() {
        return "raw";
    }

    @Override
    public String title() {
        return "Chronicle Queue, raw";
    }

    @Override
    public boolean checksVersions() {
        return false;
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
        return "FAST_DAILY, blocks of 512 MiB, one document a commit; to load, indexes of all documents are kept in memory";
    }

    @Override
    public EventLog open(Path folder, Durability durability) {
        return new Log(RawQueue.open(folder.resolve("queue")));
    }

    private record Log(ChronicleQueue queue) implements EventLog {
        @Override
        public Writer writer() {
            return new QueueWriter(queue.createAppender());
        }

        @Override
        public Reader reader() {
            return new QueueReader(queue.createTailer());
        }

        @Override
        public void close() {
            queue.close();
        }
    }

    /** Makes each document in memory of its own and writes it in one piece, which is the fastest way. */
    private static final class QueueWriter implements Writer {
        private final ExcerptAppender appender;
        private final byte[] document = new byte[MOST_DOCUMENT_BYTES];
        private final UnsafeBuffer buffer = new UnsafeBuffer(document);
        private long count;

        QueueWriter(ExcerptAppender appender) {
            this.appender = appender;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            write(put(COMMIT_BYTES, entity, expected, payload));
            return count++;
        }

        @Override
        public boolean appendAll(Batch batch) {
            int end = COMMIT_BYTES;
            for (int i = 0; i < batch.size(); i++) {
                end = put(end, batch.entity(i), batch.expected(i), batch.payload(i));
            }
            write(end);
            count += batch.size();
            return true;
        }

        private int put(int offset, String entity, long expected, byte[] payload) {
            buffer.putLong(offset, expected + 1, ORDER);
            buffer.putInt(offset + PAYLOAD_LENGTH_OFFSET, payload.length, ORDER);
            buffer.putInt(offset + NAME_LENGTH_OFFSET, entity.length(), ORDER);
            int at = offset + EVENT_BYTES;
            at += buffer.putStringWithoutLengthAscii(at, entity) + TYPE_BYTES;
            buffer.putBytes(at, payload);
            return at + payload.length;
        }

        private void write(int end) {
            int padded = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            try (DocumentContext context = appender.writingDocument()) {
                context.wire().bytes().write(document, 0, padded);
            }
        }
    }

    /** Loads by the indexes of an entity's documents, which somebody would have to keep; here they are looked for at the first load. */
    private static final class QueueReader implements Reader {
        private final ExcerptTailer tailer;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        private Map<String, List<Long>> indexes;
        private int nameLength;

        QueueReader(ExcerptTailer tailer) {
            this.tailer = tailer;
        }

        @Override
        public int load(String entity, Sink sink) {
            if (indexes == null) {
                indexes = allIndexes();
            }
            int count = 0;
            for (long index : indexes.getOrDefault(entity, List.of())) {
                tailer.moveToIndex(index);
                count += next(sink, entity);
            }
            return count;
        }

        @Override
        public long replay(Sink sink) {
            tailer.toStart();
            long count = 0;
            for (int events = next(sink, null); events >= 0; events = next(sink, null)) {
                count += events;
            }
            return count;
        }

        private Map<String, List<Long>> allIndexes() {
            Map<String, List<Long>> all = new HashMap<>();
            tailer.toStart();
            long[] index = new long[1];
            Sink noting = (version, document, offset, length) -> {
                List<Long> own = all.computeIfAbsent(nameBefore(offset), name -> new ArrayList<>());
                if (own.isEmpty() || own.get(own.size() - 1) != index[0]) {
                    own.add(index[0]);
                }
            };
            do {
                index[0] = tailer.index();
            } while (next(noting, null) >= 0);
            return all;
        }

        private String nameBefore(int payloadOffset) {
            return buffer.getStringWithoutLengthAscii(payloadOffset - TYPE_BYTES - nameLength, nameLength);
        }

        /** Hands out the events of the next document, those of one entity or all; -1 if there is none. */
        private int next(Sink sink, String only) {
            try (DocumentContext document = tailer.readingDocument()) {
                if (!document.isPresent()) {
                    return -1;
                }
                Bytes<?> bytes = document.wire().bytes();
                buffer.wrap(bytes.addressForRead(bytes.readPosition()), (int) bytes.readRemaining());
                int count = 0;
                for (int at = COMMIT_BYTES; at + EVENT_BYTES < buffer.capacity();) {
                    int payloadLength = buffer.getInt(at + PAYLOAD_LENGTH_OFFSET, ORDER);
                    nameLength = buffer.getInt(at + NAME_LENGTH_OFFSET, ORDER);
                    int payload = at + EVENT_BYTES + nameLength + TYPE_BYTES;
                    if (only == null || only.equals(nameBefore(payload))) {
                        sink.event(buffer.getLong(at, ORDER), buffer, payload, payloadLength);
                        count++;
                    }
                    at = payload + payloadLength;
                }
                return count;
            }
        }
    }
}
