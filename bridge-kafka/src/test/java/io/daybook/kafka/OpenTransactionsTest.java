package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Kafka has acknowledged and does not show yet is not left out of a restored journal. */
class OpenTransactionsTest extends RestoreCase {

    private static final int SOME_SECONDS = 2;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("OpenTransactionsTest");
    }

    /** The last transaction of a mirror whose machine is gone. */
    private static KafkaProducer<byte[], byte[]> producer(int timeoutMs) {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", SharedBroker.address(),
                "transactional.id", UUID.randomUUID().toString(), "transaction.timeout.ms", timeoutMs), new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private void send(EventStore store, KafkaProducer<byte[], byte[]> producer) {
        long end = store.endPosition();
        UUID identity = store.id().identity();
        try (Cursor newest = store.readAll(new StartFrom.Position(end - 1), Filter.all())) {
            assertTrue(newest.next());
            producer.send(new RecordEncoder(Layout.of(topic, PARTITIONS), identity).encode(newest.event(), store.id().epoch()));
        }
        Progress reached = new Progress(identity, store.id().epoch(), end, Layout.of(topic, PARTITIONS), UUID.randomUUID());
        producer.send(new ProducerRecord<>(topic + ".progress", 0, reached.key(), reached.value()));
        producer.flush();
    }

    @Test
    void aRestoreAndAComparisonWaitForATransactionThatIsUnderWay() throws Exception {
        try (EventStore store = open(); KafkaProducer<byte[], byte[]> producer = producer(60_000)) {
            append(store, 10, random);
            mirror(store, settings());
            appendOne(store);
            send(store, producer);
            CompletableFuture<Restoration> restoring = CompletableFuture.supplyAsync(this::restore);
            CompletableFuture<Verification> verifying = CompletableFuture.supplyAsync(() -> KafkaBridge.verify(store, settings()));
            assertThrows(TimeoutException.class, () -> restoring.get(SOME_SECONDS, TimeUnit.SECONDS), "it did not wait");
            assertFalse(verifying.isDone());
            producer.commitTransaction();
            assertEquals(store.endPosition(), restoring.get().events());
            assertEquals(store.endPosition(), verifying.get().events());
        }
        try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
            assertSame(source, store);
        }
    }

    @Test
    void aTransactionThatNobodyCommitsIsAbortedByKafkaAndNotWaitedForAnyMore() throws Exception {
        long mirrored;
        try (EventStore store = open(); KafkaProducer<byte[], byte[]> producer = producer(1000)) {
            append(store, 10, random);
            mirror(store, settings());
            mirrored = store.endPosition();
            appendOne(store);
            send(store, producer);
            assertEquals(mirrored, restore().events());
        }
    }

    private static void appendOne(EventStore store) {
        store.append("account-1", Expected.any(), NewEvent.json("Newest", "{}"));
    }
}
