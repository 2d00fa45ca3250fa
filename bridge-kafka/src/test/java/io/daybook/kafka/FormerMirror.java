package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.StartFrom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Plays a mirror whose process is gone: sends what that had sent. */
final class FormerMirror implements AutoCloseable {

    private final EventStore store;
    private final String topic;
    private final Layout layout;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Of this topic with three partitions, with the transactional id that it had. */
    FormerMirror(EventStore store, String address, String topic) {
        this(store, address, Layout.of(topic, MirrorCase.PARTITIONS));
    }

    /** With the transactional id that it had. */
    FormerMirror(EventStore store, String address, Layout layout) {
        this(store, address, "daybook-" + store.id().identity() + "-" + layout.routes().topic(), layout);
    }

    FormerMirror(EventStore store, String address, String transactionalId, Layout layout) {
        this.store = store;
        this.layout = layout;
        topic = layout.routes().topic();
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", address, "transactional.id", transactionalId), new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    /** The records of the journal's events from this position on. */
    List<ProducerRecord<byte[], byte[]>> records(long from) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        RecordEncoder encoder = new RecordEncoder(layout, store.id().identity());
        try (Cursor cursor = store.readAll(new StartFrom.Position(from), Filter.all())) {
            while (cursor.next()) {
                records.add(encoder.encode(cursor.event(), store.id().epoch()));
            }
        }
        return records;
    }

    /** The record of a progress; {@code end} the position for one that is even. */
    ProducerRecord<byte[], byte[]> progress(long position, long end) {
        TreeMap<String, Long> newest = new TreeMap<>();
        if (!layout.routes().byCategory().isEmpty()) {
            List<ProducerRecord<byte[], byte[]>> all = records(0);
            for (int i = 0; i < position; i++) {
                newest.put(all.get(i).topic(), (long) i);
            }
        }
        Progress reached = new Progress(store.id().identity(), store.id().epoch(), position, end, layout, newest, UUID.randomUUID());
        return new ProducerRecord<>(topic + ".progress", 0, reached.key(), reached.value());
    }

    /** Returns at the moment of Kafka's answer. */
    void commit(List<ProducerRecord<byte[], byte[]>> records) {
        leaveOpen(records);
        producer.commitTransaction();
    }

    /** Written, and neither committed nor aborted. */
    void leaveOpen(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.flush();
    }

    void abort() {
        producer.abortTransaction();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
