package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Records of partitions that go on while they are read. */
class PartitionBuffersTest extends MirrorCase {

    private static final int RECORDS = 5;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("PartitionBuffersTest");
    }

    /** They come with the same answer of the broker as those before the end, and are not wanted then. */
    @Test
    void whatCameBehindTheEndIsReadWhenThatIsFurtherOn() throws Exception {
        TestTopics.create(topic, 2, Map.of());
        Consumer<byte[], byte[]> consumer = new Clients(BridgeSettings.create(SharedBroker.address(), topic)).consumer();
        try {
            send(0);
            PartitionBuffers buffers = new PartitionBuffers(consumer, Layout.of(topic, 2));
            send(RECORDS);
            take(buffers, 0, 0);
            take(buffers, 1, 0);
            assertNull(buffers.peek(0));
            assertTrue(buffers.hasMore(List.of(0)));
            take(buffers, 0, RECORDS);
            assertNull(buffers.peek(1));
            assertTrue(buffers.awaitMore(1));
            take(buffers, 1, RECORDS);
            assertNull(buffers.peek(0));
        } finally {
            Clients.close(consumer);
        }
    }

    private void send(int first) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", SharedBroker.address()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = first; i < first + RECORDS; i++) {
                for (int partition = 0; partition < 2; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, null, new byte[] {(byte) i})).get();
                }
            }
        }
    }

    private static void take(PartitionBuffers buffers, int partition, int first) {
        for (int i = first; i < first + RECORDS; i++) {
            assertEquals(i, buffers.peek(partition).value()[0]);
            buffers.pop(partition);
        }
    }
}
