package io.daybook.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Copies of a mirror in which something was changed. */
final class TopicCopies implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ConsumerRecord<byte[], byte[]>> heard;
    private final List<ConsumerRecord<byte[], byte[]>> progress;
    private int copies;

    /** Of this topic, in which there are so many events. */
    TopicCopies(String topic, int events) {
        this.topic = topic;
        // One request at a time: of several, the first may come to a partition that was made just now too early, and the second not.
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", SharedBroker.address(), "max.in.flight.requests.per.connection", "1"),
                new ByteArraySerializer(), new ByteArraySerializer());
        heard = new ArrayList<>(Listener.hear(SharedBroker.address(), topic, events));
        heard.sort(Comparator.comparingLong(record -> Listener.number(record, "daybook_position")));
        progress = Listener.hear(SharedBroker.address(), topic + ".progress");
    }

    /** Makes a copy of its records, in the order of positions, that were changed so; answers its name. */
    String make(Consumer<List<ProducerRecord<byte[], byte[]>>> change) throws Exception {
        String copy = topic + "-" + copies++;
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : heard) {
            records.add(new ProducerRecord<>("", record.partition(), record.timestamp(), record.key(), record.value(), record.headers()));
        }
        change.accept(records);
        TestTopics.create(copy, MirrorCase.PARTITIONS, Map.of());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(producer.send(new ProducerRecord<>(copy, record.partition(), record.timestamp(), record.key(), record.value(),
                    record.headers())));
        }
        ConsumerRecord<byte[], byte[]> newest = progress.get(progress.size() - 1);
        sent.add(producer.send(new ProducerRecord<>(copy + ".progress", 0, newest.key(), newest.value())));
        for (Future<RecordMetadata> one : sent) {
            one.get();
        }
        return copy;
    }

    @Override
    public void close() {
        producer.close();
    }

    /** Where the record of a position stands among these. */
    static int at(List<ProducerRecord<byte[], byte[]>> records, long position) {
        for (int i = 0; i < records.size(); i++) {
            if (MirroredEvent.position(records.get(i).headers()) == position) {
                return i;
            }
        }
        throw new AssertionError("no such record: position=" + position);
    }

    static UnaryOperator<ProducerRecord<byte[], byte[]>> header(String name, String value) {
        return record -> {
            ProducerRecord<byte[], byte[]> changed = with(record, record.partition(), record.key(), record.value());
            changed.headers().remove(name);
            changed.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
            return changed;
        };
    }

    static ProducerRecord<byte[], byte[]> with(ProducerRecord<byte[], byte[]> record, int partition, byte[] key, byte[] value) {
        return new ProducerRecord<>(record.topic(), partition, record.timestamp(), key, value, record.headers());
    }

    /** One bit differs; of nothing, there is something. */
    static byte[] flipped(byte[] bytes) {
        byte[] flipped = bytes.length == 0 ? new byte[1] : bytes.clone();
        flipped[flipped.length - 1] ^= 1;
        return flipped;
    }
}
