package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.StartFrom;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that is killed right behind the answer to a commit forgets, more often than not, to make the transaction visible: what it
 * acknowledged must neither be lost nor be there twice. The former mirror is played by a producer of its transactional id, which says at
 * which moment the broker is to be killed.
 */
class HangingTransactionsTest extends MirrorCase {

    private static final int MOST_TRIES = 20;

    @TempDir
    private static Path brokerFolder;
    private static BrokerProcess broker;

    private final Random random = new Random(4);

    @BeforeAll
    static void startBroker() {
        Effort.onOldestJdk("HangingTransactionsTest");
        broker = BrokerProcess.start(brokerFolder, BrokerProcess.SOON_BACK);
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    /** What becomes visible nevertheless before a mirror comes. */
    private enum Visible { NOTHING, THE_PROGRESS, A_PARTITION }

    @Test
    void whatKafkaAcknowledgedAndNeverShowsIsMirroredOnce() throws Exception {
        for (int i = 0; i < Effort.times(1, 10); i++) {
            for (Visible visible : Visible.values()) {
                leaveHanging(visible);
                try (EventStore store = open()) {
                    append(store, 5, random);
                    mirror(store, settings(broker.address()));
                    assertWhole(broker.address(), store);
                }
            }
        }
    }

    /** The mirror that ends it is killed at any moment of that, or the broker is. */
    @Test
    void whoEndsThemMayBeKilledMeanwhile() throws Exception {
        for (int i = 0; i < Effort.times(1, 10); i++) {
            leaveHanging(Visible.values()[random.nextInt(Visible.values().length)]);
            for (int kill = 0; kill < 2; kill++) {
                try (ChildJvm child = ChildJvm.start(ChildMirror.class, temp.resolve("journal"), broker.address(), topic,
                        random.nextLong())) {
                    Await.spend(Duration.ofMillis(500 + random.nextInt(4500)));
                    assertTrue(child.isAlive());
                    if (random.nextBoolean()) {
                        broker.kill();
                    }
                }
                broker.kill();
                broker.restart();
            }
            try (EventStore store = open()) {
                mirror(store, settings(broker.address()));
                assertWhole(broker.address(), store);
            }
        }
    }

    private void leaveHanging(Visible visible) throws Exception {
        for (int i = 0; i < MOST_TRIES; i++) {
            try (EventStore store = open()) {
                mirror(store, settings(broker.address()));
                long from = store.endPosition();
                append(store, 20, random);
                List<ProducerRecord<byte[], byte[]>> records = records(store, from);
                commit(store, records);
                broker.kill();
                broker.restart();
                if (hanging() > 0) {
                    show(store, records, visible);
                    if (hanging() > 0) {
                        return;
                    }
                }
            }
        }
        throw new AssertionError("no transaction was left hanging: tries=" + MOST_TRIES);
    }

    private static KafkaProducer<byte[], byte[]> formerMirror(EventStore store, String topic) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.address(), "transactional.id",
                "daybook-" + store.id().identity() + "-" + topic), new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    /** Returns at the moment of Kafka's answer. */
    private void commit(EventStore store, List<ProducerRecord<byte[], byte[]>> records) {
        KafkaProducer<byte[], byte[]> producer = formerMirror(store, topic);
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.commitTransaction();
        producer.close(Duration.ZERO);
    }

    private List<ProducerRecord<byte[], byte[]>> records(EventStore store, long from) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        Layout layout = Layout.of(topic, PARTITIONS);
        RecordEncoder encoder = new RecordEncoder(layout, store.id().identity());
        try (Cursor cursor = store.readAll(new StartFrom.Position(from), Filter.all())) {
            while (cursor.next()) {
                records.add(encoder.encode(cursor.event(), store.id().epoch()));
            }
        }
        records.add(progress(store, store.endPosition()));
        return records;
    }

    private ProducerRecord<byte[], byte[]> progress(EventStore store, long position) {
        Progress reached = new Progress(store.id().identity(), store.id().epoch(), position, Layout.of(topic, PARTITIONS),
                UUID.randomUUID());
        return new ProducerRecord<>(topic + ".progress", 0, reached.key(), reached.value());
    }

    /** In how many partitions something hangs. */
    private int hanging() {
        BridgeSettings settings = settings(broker.address());
        Consumer<byte[], byte[]> reader = new Clients(settings).consumer();
        try {
            return new OpenTransactions(settings, () -> false, Duration.ofSeconds(1).toNanos())
                    .await(reader, List.of(topic, topic + ".progress")).size();
        } finally {
            Clients.close(reader);
        }
    }

    /** A commit of the same producer that has a record in a partition makes visible what hangs there. */
    private void show(EventStore store, List<ProducerRecord<byte[], byte[]>> records, Visible visible) {
        ProducerRecord<byte[], byte[]> progress = records.get(records.size() - 1);
        if (visible == Visible.THE_PROGRESS) {
            commit(store, List.of(progress));
        } else if (visible == Visible.A_PARTITION) {
            long end = store.endPosition();
            append(store, 20, random);
            int partition = records.get(0).partition();
            commit(store, records(store, end).stream().filter(record -> record.topic().equals(topic) && record.partition() == partition)
                    .toList());
        }
    }
}
