package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A service that hears what happened: it knows the record from FORMAT.md and nothing of the bridge's code. */
public final class Listener {

    private Listener() {
    }

    /** All committed records of a topic, each partition in its order, one partition after the other. */
    static List<ConsumerRecord<byte[], byte[]>> hear(String address, String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties = Map.of("bootstrap.servers", address, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition())).toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long beganNs = System.nanoTime();
            while (!partitions.stream().allMatch(partition -> consumer.position(partition) >= ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                assertTrue(System.nanoTime() - beganNs < Await.PATIENCE.toNanos(), "the topic has no end");
            }
        }
        return records;
    }

    /** The same once there are so many: Kafka answers a commit a moment before it shows it in every partition. */
    public static List<ConsumerRecord<byte[], byte[]>> hear(String address, String topic, int least) {
        return hear(address, List.of(topic), least);
    }

    private static List<ConsumerRecord<byte[], byte[]>> hear(String address, List<String> topics, int least) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Await.until(least + " records", () -> {
            records.clear();
            topics.forEach(topic -> records.addAll(hear(address, topic)));
            return records.size() >= least;
        });
        return records;
    }

    /**
     * Hears the topic and looks whether it is these events: each once, in order per entity, commits whole, nothing else.
     */
    static void assertHolds(String address, String topic, List<RecordedEvent> journal) {
        assertHolds(address, List.of(topic), journal);
    }

    /** The same of several topics together. */
    static void assertHolds(String address, List<String> topics, List<RecordedEvent> journal) {
        List<ConsumerRecord<byte[], byte[]>> records = hear(address, topics, journal.size());
        TreeMap<Long, ConsumerRecord<byte[], byte[]>> byPosition = new TreeMap<>();
        Map<String, Long> versions = new HashMap<>();
        Map<String, String> partitions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String entity = new String(record.key(), StandardCharsets.UTF_8);
            long position = number(record, "daybook_position");
            ConsumerRecord<byte[], byte[]> before = byPosition.put(position, record);
            assertTrue(before == null, () -> "twice: position=" + position + " partition=" + record.partition() + " offset="
                    + before.offset() + " again=" + record.offset() + " records=" + records.size());
            assertEquals(versions.getOrDefault(entity, -1L) + 1, number(record, "daybook_version"), "order of " + entity);
            versions.put(entity, number(record, "daybook_version"));
            String place = record.topic() + "-" + record.partition();
            assertEquals(partitions.computeIfAbsent(entity, any -> place), place, "partition of " + entity);
        }
        assertEquals(journal.size(), byPosition.size(), "events in the topic");
        for (RecordedEvent event : journal) {
            ConsumerRecord<byte[], byte[]> record = byPosition.get(event.position());
            assertTrue(record != null, "missing: position=" + event.position());
            assertEquals(event.entity(), new String(record.key(), StandardCharsets.UTF_8));
            assertEquals(event.id().toString(), text(record, "ce_id"));
            assertEquals(event.type(), text(record, "ce_type"));
            assertEquals(event.timeNs(), number(record, "daybook_time_ns"));
            assertEquals(event.timeNs() / 1_000_000, record.timestamp());
            assertEquals(event.commitPosition(), number(record, "daybook_commit_position"));
            assertEquals(event.commitSize(), number(record, "daybook_commit_size"));
            assertArrayEquals(event.payload(), record.value());
        }
    }

    static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    static long number(ConsumerRecord<byte[], byte[]> record, String header) {
        return Long.parseLong(text(record, header));
    }
}
