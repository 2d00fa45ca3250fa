package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What waiting cannot mend stops the mirror at its start, with a message that names what must be changed. */
class KafkaBridgeRefusalTest extends MirrorCase {

    private final Random random = new Random(4);

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeRefusalTest");
    }

    @Test
    void topicsThatAreMissing() {
        try (EventStore store = open()) {
            String message = refusal(BridgeException.class, store, notCreating());
            assertTrue(message.contains("does not exist") && message.contains("topic=" + topic), message);
            assertTrue(message.contains("--create-topic"), message);
        }
    }

    @Test
    void topicsThatAreNotAsTheyMustBe() throws Exception {
        try (EventStore store = open()) {
            assertRefused(store, "cleanup.policy=compact needed=delete", Map.of("cleanup.policy", "compact"));
            assertRefused(store, "retention.ms=1000000 needed=-1", Map.of("retention.ms", "1000000"));
            assertRefused(store, "retention.bytes=1000000 needed=-1", Map.of("retention.bytes", "1000000"));
            assertRefused(store, "message.timestamp.type=LogAppendTime needed=CreateTime",
                    Map.of("message.timestamp.type", "LogAppendTime"));
            assertRefused(store, "message.timestamp.after.max.ms=3600000 needed=", Map.of("message.timestamp.after.max.ms", "3600000"));
            assertRefused(store, "message.timestamp.before.max.ms=3600000 needed=", Map.of("message.timestamp.before.max.ms", "3600000"));
            assertRefused(store, "max.message.bytes=100000 needed=", Map.of("max.message.bytes", "100000"));
            assertRefused(store, "min.insync.replicas=2 needed=at most 1", Map.of("min.insync.replicas", "2"));
            assertRefused(store, "unclean.leader.election.enable=true needed=false", Map.of("unclean.leader.election.enable", "true"));
        }
    }

    @Test
    void aProgressTopicThatIsNotAsItMustBe() throws Exception {
        try (EventStore store = open()) {
            TestTopics.create(new NewTopic(topic + "-two", PARTITIONS, (short) 1).configs(good()),
                    new NewTopic(topic + "-two.progress", 2, (short) 1).configs(Map.of("cleanup.policy", "compact")));
            String message = refusal(BridgeException.class, store, BridgeSettings.create(SharedBroker.address(), topic + "-two"));
            assertTrue(message.contains("partitions=2 needed=1") && message.contains("topic=" + topic + "-two.progress"), message);
            TestTopics.create(new NewTopic(topic + "-kept", PARTITIONS, (short) 1).configs(good()),
                    new NewTopic(topic + "-kept.progress", 1, (short) 1).configs(Map.of("cleanup.policy", "delete")));
            message = refusal(BridgeException.class, store, BridgeSettings.create(SharedBroker.address(), topic + "-kept"));
            assertTrue(message.contains("cleanup.policy=delete needed=compact")
                    && message.contains("topic=" + topic + "-kept.progress"), message);
        }
    }

    private static Map<String, String> good() {
        return Map.of("retention.ms", "-1", "retention.bytes", "-1", "message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
    }

    private void assertRefused(EventStore store, String expected, Map<String, String> wrong) throws Exception {
        Map<String, String> all = new HashMap<>(good());
        all.putAll(wrong);
        String name = topic + "-" + wrong.keySet().iterator().next();
        TestTopics.create(name, PARTITIONS, all);
        String message = refusal(BridgeException.class, store,
                BridgeSettings.create(SharedBroker.address(), name));
        assertTrue(message.contains(expected) && message.contains("topic=" + name), message);
    }

    @Test
    void aTransactionThatKafkaWouldAbortBeforeItIsDue() {
        try (EventStore store = open()) {
            BridgeSettings wrong = settings().batchDelay(Duration.ofSeconds(40));
            String message = assertThrows(IllegalArgumentException.class, () -> KafkaBridge.start(store, wrong)).getMessage();
            assertTrue(message.contains("batchDelay=PT40S transactionTimeout=PT1M"), message);
        }
    }

    @Test
    void aTransactionThatMayTakeLongerThanTheBrokerAllows() {
        try (EventStore store = open()) {
            String message = refusal(BridgeException.class, store, settings().transactionTimeout(Duration.ofHours(1)));
            assertTrue(message.contains("transaction.max.timeout.ms") && message.contains("transactionTimeout=PT1H"), message);
        }
    }

    @Test
    void aTopicOfAnotherJournal() throws Exception {
        String first;
        try (EventStore store = open()) {
            append(store, 5, random);
            mirror(store, settings());
            first = store.id().identity().toString();
        }
        try (EventStore other = EventStore.open(temp.resolve("other"), small())) {
            append(other, 5, random);
            String message = refusal(EpochException.class, other, settings());
            assertTrue(message.contains("another journal") && message.contains("identity=" + first), message);
            assertTrue(message.contains("journal=" + other.id().identity()), message);
        }
    }

    @Test
    void topicsThatAreDeletedWhileTheyAreMirroredTo() throws Exception {
        Effort.inSlowBuildsOnly("topicsThatAreDeletedWhileTheyAreMirroredTo");
        for (List<String> deleted : List.of(List.of(topic), List.of(topic, topic + ".progress"))) {
            try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, impatient(settings()));
                    Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
                assertMirrored(bridge, store.endPosition());
                admin.deleteTopics(deleted).all().get();
                append(store, 5, random);
                String message = assertThrows(BridgeException.class, () -> assertMirrored(bridge, store.endPosition())).getMessage();
                assertTrue(message.contains(deleted.size() == 1 ? "A topic of the mirror does not exist, but its progress does"
                        : "The topics were deleted while they were mirrored to"), message);
                admin.deleteTopics(List.of(topic + ".progress")).all().get(); // to begin anew
            }
        }
        try (EventStore store = open()) {
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
    }

    @Test
    void topicsThatWereMadeWithLessThanIsAskedFor() throws Exception {
        try (EventStore store = open()) {
            TestTopics.create(topic, PARTITIONS, good());
            String partitions = refusal(BridgeException.class, store, settings().createTopics(PARTITIONS + 1, 1, 1));
            assertTrue(partitions.contains("partitions=3 needed=at least 4"), partitions);
            mirror(store, settings());
            mirror(store, settings().createTopics(PARTITIONS + 1, 1, 1)); // which cannot be changed any more
            String replicas = refusal(BridgeException.class, store, settings().createTopics(PARTITIONS, 3, 2));
            assertTrue(replicas.contains("replication.factor=1 needed=at least 3"), replicas);
        }
    }

    @Test
    void partitionsThatWereAdded() throws Exception {
        try (EventStore store = open()) {
            append(store, 5, random);
            mirror(store, settings());
            try (Admin admin = admin()) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(PARTITIONS + 1))).all().get();
                Await.until("the partitions are seen", () -> TestTopics.partitions(admin, topic) == PARTITIONS + 1);
            }
            String message = refusal(BridgeException.class, store, settings());
            assertTrue(message.contains("partitions=4 needed: partitions=3"), message);
        }
    }

    @Test
    void recordsOfNoMirror() throws Exception {
        try (EventStore store = open()) {
            mirror(store, settings());
            produce(topic, new byte[] {1});
            String message = refusal(BridgeException.class, store, settings());
            assertTrue(message.contains("what no mirror wrote") && message.contains("topic=" + topic), message);
        }
    }

    /** The journal lost what is in Kafka, or is an old copy: fewer events, then as many others. */
    @Test
    void aTopicThatIsAheadOfTheJournal() throws Exception {
        try (EventStore store = open()) {
            append(store, 5, random);
        }
        TestFolder.copy(temp.resolve("journal"), temp.resolve("copy"));
        long mirrored;
        try (EventStore store = open()) {
            append(store, 5, random);
            mirror(store, settings());
            mirrored = store.endPosition();
        }
        try (EventStore old = EventStore.open(temp.resolve("copy"), small())) {
            String message = refusal(EpochException.class, old, settings());
            assertTrue(message.contains("ahead of the journal") && message.contains("reached=" + mirrored), message);
            append(old, 20, random); // other events at the same positions
            message = refusal(EpochException.class, old, settings());
            assertTrue(message.contains("has left the topic's history"), message);
        }
    }

    /** The journal itself tells what it may take: nobody has to, and no such event need be there. */
    @Test
    void aTopicThatWouldNotTakeTheJournalsLargestEvent() throws Exception {
        TestTopics.create(topic, PARTITIONS, good()); // with Kafka's own limit, of a mebibyte and a little
        BridgeSettings settings = BridgeSettings.create(SharedBroker.address(), topic).createTopics(PARTITIONS, 1, 1);
        try (EventStore large = EventStore.open(temp.resolve("large"), StoreSettings.create())) {
            String message = refusal(BridgeException.class, large, settings);
            assertTrue(message.contains("max.message.bytes=1048588 needed=") && message.contains("maxPayloadBytes=1048576"), message);
        }
        try (EventStore small = open()) {
            mirror(small, settings);
        }
    }

    /** The topic is changed under a mirror that runs. */
    @Test
    void anEventThatTheTopicDoesNotTakeAnyMore() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings().createTopics(1, 1, 1))) {
            append(store, 5, random);
            assertMirrored(bridge, store.endPosition());
            setLargestMessage(1000);
            byte[] payload = new byte[10_000];
            random.nextBytes(payload); // or it might be compressed
            Await.until("refused", () -> { // the broker learns of it a moment later
                store.append("large", Expected.any(), List.of(NewEvent.of("Large", payload)), Durability.DISK);
                return bridge.failure() != null;
            });
            String message = assertThrows(BridgeException.class, () -> assertMirrored(bridge, store.endPosition())).getMessage();
            assertTrue(message.contains("max.message.bytes") && message.contains("topic=" + topic), message);
            assertEquals(BridgeStatus.State.FAILED, bridge.status().state());
            append(store, 5, random); // the journal notices nothing
            assertTrue(refusal(BridgeException.class, store, settings()).contains("max.message.bytes=1000 needed="));
            setLargestMessage(2_000_000);
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
    }

    private void setLargestMessage(int bytes) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry("max.message.bytes", Integer.toString(bytes)), AlterConfigOp.OpType.SET);
        try (Admin admin = admin()) {
            admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
            Await.until("the setting is seen", () -> {
                try {
                    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get("max.message.bytes").value()
                            .equals(Integer.toString(bytes));
                } catch (InterruptedException | ExecutionException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aNameThatNoMachineHas() {
        try (EventStore store = open()) {
            String message = refusal(BridgeException.class, store, BridgeSettings.create("nobody.invalid:9092", topic));
            assertTrue(message.contains("bootstrap.servers") && message.contains("nobody.invalid:9092"), message);
        }
    }

    /** It may be a broker that is not up yet, or one that speaks TLS: it is waited for, and told where, and how it was spoken to. */
    @Test
    void whatIsNoBrokerIsNamedWhileItIsWaitedFor() throws Exception {
        try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress()); EventStore store = open()) {
            String address = "127.0.0.1:" + stranger.getLocalPort();
            BridgeSettings settings = BridgeSettings.create(address, topic).backOff(Duration.ofMillis(50), Duration.ofMillis(500));
            try (KafkaBridge bridge = KafkaBridge.start(store, impatient(settings))) {
                Await.until("it is told", () -> bridge.status().lastError() != null);
                String said = bridge.status().lastError().toString();
                assertTrue(said.contains("bootstrapServers=" + address) && said.contains("security.protocol=PLAINTEXT"), said);
                assertEquals(BridgeStatus.State.RETRYING, bridge.status().state());
            }
            String said = assertThrows(BridgeException.class, () -> KafkaBridge.verify(store, impatient(settings))).getMessage();
            assertTrue(said.contains("bootstrapServers=" + address) && said.contains("security.protocol=PLAINTEXT"), said);
        }
    }

    @Test
    void limitsOfTheClientThatAreTooLow() {
        try (EventStore store = open()) {
            String message = refusal(BridgeException.class, store, settings().property("max.request.size", "1000"));
            assertTrue(message.contains("max.request.size=1000"), message);
            message = refusal(BridgeException.class, store, settings().property("buffer.memory", "1000"));
            assertTrue(message.contains("buffer.memory=1000"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> settings().property("acks", "1"));
        assertThrows(IllegalArgumentException.class, () -> BridgeSettings.create("127.0.0.1:1", "no/topic"));
    }

    private BridgeSettings notCreating() {
        return BridgeSettings.create(SharedBroker.address(), topic);
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", SharedBroker.address()));
    }

    static void produce(String topic, byte[] value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", SharedBroker.address()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "someone".getBytes(StandardCharsets.UTF_8), value)).get();
        }
    }

    /** Others may be about to come, as when a cluster is started. */
    @Test
    void fewerBrokersThanReplicasAreWaitedForAndTheSettingIsNamed() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings().createTopics(PARTITIONS, 2, 1))) {
            Await.until("told", () -> bridge.status().lastError() != null);
            String message = bridge.status().lastError().getMessage();
            assertTrue(message.contains("--replication-factor") && message.contains("topic=" + topic), message);
            assertEquals(BridgeStatus.State.RETRYING, bridge.status().state());
        }
    }
}
