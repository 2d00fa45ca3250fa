package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.agrona.concurrent.UnsafeBuffer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka, a broker on this machine: a floor that checks no version. A topic of one partition; a record holds the events of a batch, which
 * makes it atomic without a transaction. Without forces an append is in the kernel's memory when the broker answers.
 */
final class KafkaContender implements Contender {

    private static final TopicPartition EVENTS = new TopicPartition("events", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, Object> PRODUCER = Map.of("acks", "all", "enable.idempotence", "true", "linger.ms", "0");
    private static final Map<String, Object> LOADER = Map.of("max.partition.fetch.bytes", "1");

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public String title() {
        return "Kafka 4.4.0";
    }

    @Override
    public boolean checksVersions() {
        return false;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D2, Durability.D2G);
    }

    @Override
    public String setup() {
        return "a broker of its own, heap 512 MB, on the loopback; one topic, one partition, a shared idempotent producer, acks=all,"
                + " linger.ms=0; D2, D2G: log.flush.interval.messages=1; a load fetches once an event, all offsets are kept in memory";
    }

    @Override
    public Optional<String> missing() {
        return KafkaServer.missing();
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        KafkaServer server = KafkaServer.start(folder,
                durability == Durability.D0 ? List.of() : List.of("log.flush.interval.messages=1"));
        try {
            createTopic(server.address());
            Map<String, Object> settings = new HashMap<>(PRODUCER);
            settings.put("bootstrap.servers", server.address());
            return new Log(server, new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                    new ConcurrentLinkedQueue<>());
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void createTopic(String address) throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(EVENTS.topic(), 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IOException("Kafka's topic could not be made: topic=" + EVENTS.topic(), e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while Kafka's topic was made: topic=" + EVENTS.topic(), e);
        }
    }

    private record Log(KafkaServer server, Producer<byte[], byte[]> producer, Queue<Consumer<byte[], byte[]>> consumers)
            implements EventLog {
        @Override
        public Writer writer() {
            return new RecordWriter(producer);
        }

        @Override
        public Reader reader() {
            return new RecordReader(consumer(Map.of()), consumer(LOADER));
        }

        private Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
            Map<String, Object> all = new HashMap<>(settings);
            all.put("bootstrap.servers", server.address());
            Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumers.add(consumer);
            consumer.assign(List.of(EVENTS));
            return consumer;
        }

        @Override
        public void close() {
            try (server; producer) {
                consumers.forEach(Consumer::close);
            }
        }
    }

    private static final class RecordWriter implements Writer {
        private final Producer<byte[], byte[]> producer;
        private final PackedEvents events = new PackedEvents();

        RecordWriter(Producer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            return send(events.of(entity, expected, payload));
        }

        @Override
        public boolean appendAll(Batch batch) {
            send(events.of(batch));
            return true;
        }

        private long send(PackedEvents record) {
            try {
                return producer.send(new ProducerRecord<>(EVENTS.topic(), EVENTS.partition(), null, record.toBytes())).get().offset();
            } catch (ExecutionException e) {
                throw new IllegalStateException("Kafka did not take a record.", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Kafka took a record.", e);
            }
        }
    }

    /** Loads by the offsets of an entity's records, which somebody would have to keep; here they are looked for at the first load. */
    private static final class RecordReader implements Reader {
        private final Consumer<byte[], byte[]> consumer;
        private final Consumer<byte[], byte[]> loader;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        private Map<String, List<Long>> offsets;

        RecordReader(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> loader) {
            this.consumer = consumer;
            this.loader = loader;
        }

        @Override
        public int load(String entity, Sink sink) {
            if (offsets == null) {
                offsets = allOffsets();
            }
            int count = 0;
            for (long offset : offsets.getOrDefault(entity, List.of())) {
                loader.seek(EVENTS, offset);
                count += handOut(poll(loader).get(0), entity, sink);
            }
            return count;
        }

        @Override
        public long replay(Sink sink) {
            long end = seekToStart();
            long count = 0;
            while (consumer.position(EVENTS) < end) {
                for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
                    count += handOut(record, null, sink);
                }
            }
            return count;
        }

        private Map<String, List<Long>> allOffsets() {
            Map<String, List<Long>> all = new HashMap<>();
            long end = seekToStart();
            while (consumer.position(EVENTS) < end) {
                for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
                    buffer.wrap(record.value());
                    PackedEvents.names(buffer, 0, buffer.capacity(), name -> {
                        List<Long> own = all.computeIfAbsent(name, key -> new ArrayList<>());
                        if (own.isEmpty() || own.get(own.size() - 1) != record.offset()) {
                            own.add(record.offset());
                        }
                    });
                }
            }
            return all;
        }

        /** Answers where the end is. */
        private long seekToStart() {
            consumer.seekToBeginning(List.of(EVENTS));
            return consumer.endOffsets(List.of(EVENTS)).get(EVENTS);
        }

        private static List<ConsumerRecord<byte[], byte[]>> poll(Consumer<byte[], byte[]> consumer) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(PATIENCE).records(EVENTS);
            if (records.isEmpty()) throw new IllegalStateException("Kafka handed out nothing: patience=" + PATIENCE);
            return records;
        }

        private int handOut(ConsumerRecord<byte[], byte[]> record, String only, Sink sink) {
            buffer.wrap(record.value());
            return PackedEvents.handOut(buffer, 0, buffer.capacity(), only, sink);
        }
    }
}
