package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a broker shows that does not know that another leads by now is old: no refusal rests on it. {@link KafkaBridgeClusterTest} has such
 * a broker.
 */
class OldLookTest extends MirrorCase {

    private final Random random = new Random(8);
    private final Layout layout = Layout.of(topic, PARTITIONS);

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("OldLookTest");
    }

    @Test
    void aLookRemembersWhereItEnded() throws Exception {
        try (EventStore store = mirrored()) {
            Map<TopicPartition, Long> ends = looking(tail -> {
                tail.progress(settings());
                tail.last(layout.partitions());
                Map<TopicPartition, Long> seen = tail.ends();
                mirrorMore(store);
                assertEquals(seen, tail.ends());
                return seen;
            });
            Map<TopicPartition, Long> now = looking(tail -> {
                tail.last(settings().partitions(layout));
                return tail.ends();
            });
            assertEquals(now.keySet(), ends.keySet());
            now.forEach((partition, end) -> assertTrue(end > ends.get(partition), partition.toString()));
        }
    }

    @Test
    void whatTheTopicReallyLacksIsRefusedAndWhatProvedItIsAborted() throws Exception {
        try (EventStore store = mirrored()) {
            deleteAll();
            Map<TopicPartition, Long> before = written();
            String message = refusal(BridgeException.class, store, settings());
            assertTrue(message.contains("reached=" + store.endPosition()), message);
            assertEquals(List.of(), Listener.hear(SharedBroker.address(), topic));
            written().forEach((partition, end) -> assertTrue(end > before.get(partition), "nothing proved it: " + partition));
        }
    }

    /** As a proof leaves it whose records were taken for those of a transaction that hung. */
    @Test
    void whatWasDeletedIsNotSentAgainWhereTheProgressWasPutBack() throws Exception {
        try (EventStore store = mirrored()) {
            deleteAll();
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                former.commit(List.of(former.progress(0, store.endPosition())));
            }
            String message = refusal(BridgeException.class, store, settings());
            assertTrue(message.contains("Records were deleted"), message);
            assertEquals(List.of(), Listener.hear(SharedBroker.address(), topic));
        }
    }

    @Test
    void aRefusalThatRestsOnAnOldLookIsTriedAgain() throws Exception {
        try (EventStore store = mirrored()) {
            deleteAll();
            List<ProducerRecord<byte[], byte[]>> proofs = new ArrayList<>();
            looking(tail -> assertThrows(KafkaException.class, () -> new Resume(store, settings(), tail)
                    .next(layout, UUID.randomUUID(), records -> {
                        proofs.addAll(records);
                        throw new KafkaException("It was old");
                    })));
            assertEquals(Set.copyOf(settings().partitions(layout)), proofs.stream()
                    .map(record -> new TopicPartition(record.topic(), record.partition())).collect(Collectors.toSet()));
        }
    }

    @Test
    void whatCameSinceTheLookShowsByWhereARecordLies() throws Exception {
        try (EventStore store = mirrored(); Producer<byte[], byte[]> producer = new Clients(settings()).producer("proving-" + topic)) {
            producer.initTransactions();
            looking(tail -> {
                List<ProducerRecord<byte[], byte[]>> records = tail.last(settings().partitions(layout)).values().stream()
                        .map(seen -> new ProducerRecord<>(seen.topic(), seen.partition(), seen.key(), seen.value())).toList();
                LookProof proof = new LookProof(producer, tail, layout, settings().progressPartition());
                proof.requireNewest(records);
                mirrorMore(store);
                for (ProducerRecord<byte[], byte[]> record : records) {
                    tail.last(settings().partitions(layout)); // of all, but for what comes now
                    mirrorMore(store);
                    assertThrows(KafkaException.class, () -> proof.requireNewest(List.of(record)), record.topic() + record.partition());
                }
                return null;
            });
            assertWhole(SharedBroker.address(), store);
        }
    }

    @Test
    void aMirrorIsNotTakenForAnotherByWhatLacksItsOwnProgress() throws Exception {
        try (EventStore store = mirrored()) {
            Uuid id = progressTopic();
            String other = beginAgain(BridgeException.class, store, new MirrorSession.Claim(id, 0));
            assertTrue(other.contains("has taken over"), other);
            String old = beginAgain(KafkaException.class, store, new MirrorSession.Claim(id, 1_000));
            assertTrue(old.contains("shows less than this mirror has written there"), old);
            String anew = beginAgain(BridgeException.class, store, new MirrorSession.Claim(Uuid.randomUuid(), 1_000));
            assertTrue(anew.contains("has taken over"), anew);
        }
    }

    /** One that said so before, at this offset, and finds another's progress. */
    private <T extends RuntimeException> String beginAgain(Class<T> kind, EventStore store, MirrorSession.Claim claim) {
        BridgeSettings settings = settings().maxPayloadBytes(store.maxPayloadBytes());
        MirrorSession session = new MirrorSession(store, settings, new MirrorFigures(), new CountDownLatch(1));
        try {
            return assertThrows(kind, () -> session.begin(UUID.randomUUID(), claim)).getMessage();
        } finally {
            session.end(false);
        }
    }

    private EventStore mirrored() throws InterruptedException {
        EventStore store = open();
        append(store, 100, random);
        mirror(store, settings());
        return store;
    }

    private void mirrorMore(EventStore store) {
        append(store, 100, random);
        try {
            mirror(store, settings());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T looking(Function<TopicTail, T> look) {
        Consumer<byte[], byte[]> consumer = new Clients(settings()).mirrorsConsumer();
        try {
            return look.apply(new TopicTail(consumer, () -> false));
        } finally {
            Clients.close(consumer);
        }
    }

    private Uuid progressTopic() {
        String name = settings().progressTopic();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            return Clients.get(admin.describeTopics(List.of(name)).allTopicNames()).get(name).topicId();
        }
    }

    /** Where everything ends, be it committed or not. */
    private Map<TopicPartition, Long> written() {
        Consumer<byte[], byte[]> consumer = new Clients(settings()).consumerOfAll();
        try {
            return consumer.endOffsets(settings().partitions(layout));
        } finally {
            Clients.close(consumer);
        }
    }

    private void deleteAll() {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        layout.partitions().forEach(partition -> all.put(partition, RecordsToDelete.beforeOffset(-1)));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            Clients.get(admin.deleteRecords(all).all());
        }
    }
}
