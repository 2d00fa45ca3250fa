package io.daybook.bench.contender;

import java.util.HashMap;
import java.util.Map;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;

/** Checks, writes the document, notes the heads; all of it under the lock. */
final class QueueMapWriter implements Writer {

    private static final int MOST_DOCUMENT_BYTES = 1 << 20;
    private static final int ALIGNMENT = 4;

    private final QueueMapContender.Log log;
    private final ExcerptAppender appender;
    private final UnsafeBuffer document = new UnsafeBuffer(new byte[MOST_DOCUMENT_BYTES]);
    private final UnsafeBuffer head = new UnsafeBuffer(new byte[QueueMapContender.HEAD_BYTES]);
    private final Map<String, Long> added = new HashMap<>();

    QueueMapWriter(QueueMapContender.Log log, ExcerptAppender appender) {
        this.log = log;
        this.appender = appender;
    }

    @Override
    public long append(String entity, long expected, byte[] payload) {
        synchronized (log) {
            if (newest(entity) != expected) {
                return CONFLICT;
            }
            long index = write(put(0, entity, expected + 1, payload));
            note(entity, expected + 1, index);
            return index;
        }
    }

    @Override
    public boolean appendAll(Batch batch) {
        synchronized (log) {
            added.clear();
            int end = 0;
            for (int i = 0; i < batch.size(); i++) {
                String entity = batch.entity(i);
                long newest = newest(entity);
                if (added.getOrDefault(entity, newest) != batch.expected(i)) {
                    return false;
                }
                added.put(entity, batch.expected(i) + 1);
                end = put(end, entity, batch.expected(i) + 1, batch.payload(i));
            }
            long index = write(end);
            for (int i = 0; i < batch.size(); i++) {
                note(batch.entity(i), batch.expected(i) + 1, index);
            }
            return true;
        }
    }

    /** The newest version of the entity before this commit; its document is then in the buffer. */
    private long newest(String entity) {
        if (log.heads().getUsing(entity, head.byteArray()) == null) {
            head.putLong(0, -1);
            head.putLong(QueueMapContender.INDEX_OFFSET, -1);
        }
        return head.getLong(0);
    }

    private int put(int offset, String entity, long version, byte[] payload) {
        document.putLong(offset, version);
        document.putLong(offset + QueueMapContender.PREVIOUS_OFFSET, head.getLong(QueueMapContender.INDEX_OFFSET));
        document.putInt(offset + QueueMapContender.NAME_LENGTH_OFFSET, entity.length());
        document.putInt(offset + QueueMapContender.PAYLOAD_LENGTH_OFFSET, payload.length);
        int at = offset + QueueMapContender.NAME_OFFSET;
        at += document.putStringWithoutLengthAscii(at, entity);
        document.putBytes(at, payload);
        return at + payload.length;
    }

    private long write(int end) {
        int padded = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        try (DocumentContext context = appender.writingDocument()) {
            context.wire().bytes().write(document.byteArray(), 0, padded);
            return context.index();
        }
    }

    private void note(String entity, long version, long index) {
        head.putLong(0, version);
        head.putLong(QueueMapContender.INDEX_OFFSET, index);
        log.heads().put(entity, head.byteArray());
    }
}
