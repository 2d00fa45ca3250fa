package io.daybook.kafka;

import io.daybook.EventView;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes records of a journal's events. For one thread. */
final class RecordEncoder {

    private static final byte[] SPECVERSION = RecordFormat.ascii(RecordFormat.SPECVERSION);
    private static final byte[] VERSION = RecordFormat.number(RecordFormat.VERSION);

    private static final int HEADERS = 15; // that every record has
    private static final byte[][] SMALL = IntStream.range(0, 256).mapToObj(RecordFormat::number).toArray(byte[][]::new); // never written to

    private final Layout layout;
    private final String sourcePrefix;
    private long lastTimeNs = -1;
    private byte[] lastTime; // all events of a commit have the same
    private byte[] lastTimeNumber;

    RecordEncoder(Layout layout, UUID identity) {
        this.layout = layout;
        sourcePrefix = RecordFormat.sourcePrefix(identity);
    }

    /** The record of an event, whose bytes are copied. The epoch is the journal's when the record is made. */
    ProducerRecord<byte[], byte[]> encode(EventView event, int epoch) {
        byte[] key = bytes(event, event.entityOffset(), event.entityLength());
        byte[] payload = bytes(event, event.payloadOffset(), event.payloadLength());
        TopicPartition at = layout.partitions().get(layout.indexOf(key));
        return new ProducerRecord<>(at.topic(), at.partition(), TimeUnit.NANOSECONDS.toMillis(event.timeNs()), key,
                payload, headers(event, key, epoch));
    }

    private Headers headers(EventView event, byte[] key, int epoch) {
        if (event.timeNs() != lastTimeNs) {
            lastTime = RecordFormat.time(event.timeNs());
            lastTimeNumber = RecordFormat.number(event.timeNs());
            lastTimeNs = event.timeNs();
        }
        byte[] position = RecordFormat.number(event.position());
        boolean first = event.commitPosition() == event.position();
        boolean withMetadata = event.metadataLength() > 0;
        Header[] headers = new Header[HEADERS + (withMetadata ? 1 : 0)];
        headers[0] = new RecordHeader(RecordFormat.CE_SPECVERSION, SPECVERSION);
        headers[1] = new RecordHeader(RecordFormat.CE_ID, RecordFormat.ascii(event.id().toString()));
        headers[2] = new RecordHeader(RecordFormat.CE_TYPE, bytes(event, event.typeOffset(), event.typeLength()));
        headers[3] = new RecordHeader(RecordFormat.CE_SOURCE, RecordFormat.ascii(sourcePrefix + RecordFormat.pathSegment(key)));
        headers[4] = new RecordHeader(RecordFormat.CE_SUBJECT, key);
        headers[5] = new RecordHeader(RecordFormat.CE_TIME, lastTime);
        headers[6] = new RecordHeader(RecordFormat.HEADER_VERSION, VERSION);
        headers[7] = new RecordHeader(RecordFormat.POSITION, position);
        headers[8] = new RecordHeader(RecordFormat.ENTITY_VERSION, RecordFormat.number(event.version()));
        headers[9] = new RecordHeader(RecordFormat.COMMIT_POSITION, first ? position : RecordFormat.number(event.commitPosition()));
        headers[10] = new RecordHeader(RecordFormat.COMMIT_SIZE, small(event.commitSize()));
        headers[11] = new RecordHeader(RecordFormat.SCHEMA_VERSION, small(event.schemaVersion()));
        headers[12] = new RecordHeader(RecordFormat.EPOCH, small(epoch));
        headers[13] = new RecordHeader(RecordFormat.COMMIT_EPOCH, small(event.epoch()));
        headers[14] = new RecordHeader(RecordFormat.TIME_NS, lastTimeNumber);
        if (withMetadata) {
            headers[HEADERS] = new RecordHeader(RecordFormat.METADATA, bytes(event, event.metadataOffset(), event.metadataLength()));
        }
        return new RecordHeaders(headers);
    }

    private static byte[] small(int number) {
        return number < SMALL.length ? SMALL[number] : RecordFormat.number(number);
    }

    private static byte[] bytes(EventView event, int offset, int length) {
        byte[] bytes = new byte[length];
        event.buffer().getBytes(offset, bytes);
        return bytes;
    }
}
