package io.daybook.bench.contender;

import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Loads by walking back from the head; payloads are copied on the way, as a document may be unmapped once the tailer has gone on. */
final class QueueMapReader implements Reader {

    private final QueueMapContender.Log log;
    private final ExcerptTailer tailer;
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[QueueMapContender.HEAD_BYTES]);
    private final UnsafeBuffer document = new UnsafeBuffer(0, 0);
    private final ExpandableArrayBuffer payloads = new ExpandableArrayBuffer();
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private int copied;

    QueueMapReader(QueueMapContender.Log log, ExcerptTailer tailer) {
        this.log = log;
        this.tailer = tailer;
    }

    @Override
    public int load(String entity, Sink sink) {
        if (log.heads().getUsing(entity, head.byteArray()) == null) {
            return 0;
        }
        int count = Math.toIntExact(head.getLong(0) + 1);
        if (count > offsets.length) {
            offsets = new int[2 * count];
            lengths = new int[2 * count];
        }
        copied = 0;
        long index = head.getLong(QueueMapContender.INDEX_OFFSET);
        while (index >= 0) {
            tailer.moveToIndex(index);
            index = copyEventsOf(entity);
        }
        for (int version = 0; version < count; version++) {
            sink.event(version, payloads, offsets[version], lengths[version]);
        }
        return count;
    }

    /** Copies what the document has of the entity; answers the index of the entity's previous document, -1 if there is none. */
    private long copyEventsOf(String entity) {
        try (DocumentContext context = tailer.readingDocument()) {
            QueueMapContender.wrap(document, context);
            long previous = -1;
            for (int at = 0; QueueMapContender.hasEvent(document, at); at = QueueMapContender.next(document, at)) {
                if (isOf(entity, at)) {
                    int version = (int) document.getLong(at);
                    offsets[version] = copied;
                    lengths[version] = document.getInt(at + QueueMapContender.PAYLOAD_LENGTH_OFFSET);
                    payloads.putBytes(copied, document, payloadOffset(at), lengths[version]);
                    copied += lengths[version];
                    previous = document.getLong(at + QueueMapContender.PREVIOUS_OFFSET);
                }
            }
            return previous;
        }
    }

    private boolean isOf(String entity, int at) {
        if (document.getInt(at + QueueMapContender.NAME_LENGTH_OFFSET) != entity.length()) {
            return false;
        }
        for (int i = 0; i < entity.length(); i++) {
            if (document.getByte(at + QueueMapContender.NAME_OFFSET + i) != entity.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private int payloadOffset(int at) {
        return at + QueueMapContender.NAME_OFFSET + document.getInt(at + QueueMapContender.NAME_LENGTH_OFFSET);
    }

    @Override
    public long replay(Sink sink) {
        tailer.toStart();
        long count = 0;
        while (true) {
            try (DocumentContext context = tailer.readingDocument()) {
                if (!context.isPresent()) {
                    return count;
                }
                QueueMapContender.wrap(document, context);
                for (int at = 0; QueueMapContender.hasEvent(document, at); at = QueueMapContender.next(document, at)) {
                    sink.event(document.getLong(at), document, payloadOffset(at),
                            document.getInt(at + QueueMapContender.PAYLOAD_LENGTH_OFFSET));
                    count++;
                }
            }
        }
    }
}
