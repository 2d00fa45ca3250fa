package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Brokers of a cluster that are lost and come back. Several JVMs: with -Pslow only. */
class KafkaBridgeClusterTest extends MirrorCase {

    private static final String[] SETTINGS = {"offsets.topic.replication.factor=3", "transaction.state.log.replication.factor=3",
        "transaction.state.log.min.isr=2", "transaction.state.log.num.partitions=3", "min.insync.replicas=2",
        "broker.session.timeout.ms=3000", "broker.heartbeat.interval.ms=500", "replica.lag.time.max.ms=3000"};

    private static final String[] TWO_BROKERS = {"transaction.state.log.replication.factor=2", "transaction.state.log.num.partitions=3",
        "broker.session.timeout.ms=2500", "broker.heartbeat.interval.ms=500"};
    private static final int KILLS = 20;
    private static final int CUTS = 3;
    private static final int STARTS = 10;

    private final List<BrokerProcess> brokers = new ArrayList<>();

    @AfterEach
    void stopBrokers() {
        brokers.forEach(BrokerProcess::close);
    }

    /** Three, each event on all of them: one that is lost is not waited for, whatever it led. */
    @Test
    void leadersThatAreLostAgainAndAgainCostNothing() throws Exception {
        Effort.inSlowBuildsOnly("KafkaBridgeClusterTest");
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("KafkaBridgeClusterTest: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        Random random = new Random(seed);
        String all = startThree(BrokerProcess.start(temp.resolve("node-1"), SETTINGS));
        int kills = 0;
        int led = 0;
        try (EventStore store = open();
                KafkaBridge bridge = KafkaBridge.start(store, settings(all).createTopics(PARTITIONS, 3, 2))) {
            append(store, 100, random);
            assertMirrored(bridge, store.endPosition());
            for (int i = 0; i < 20; i++) {
                int lost = i % 5 == 4 ? 0 : 1 + random.nextInt(2); // the first is the controller, too
                led += leads(all, lost + 1);
                append(store, random.nextInt(100), random);
                if (i % 3 == 2) {
                    brokers.get(lost).signal("STOP");
                } else {
                    brokers.get(lost).kill();
                }
                kills++;
                append(store, 100, random);
                if (lost > 0) {
                    assertMirrored(bridge, store.endPosition()); // by those that are left
                }
                if (i % 3 == 2) {
                    brokers.get(lost).signal("CONT");
                } else {
                    brokers.get(lost).restart();
                }
                append(store, 100, random);
                assertMirrored(bridge, store.endPosition());
                awaitReplicas(all);
            }
            assertNull(bridge.failure());
            assertTrue(led > 0, "no broker that was lost led anything");
            assertWhole(all, store);
            System.out.println("KafkaBridgeClusterTest: brokers lost=" + kills + " partitions they led=" + led + " events="
                    + store.endPosition());
        }
    }

    @Test
    void topicsThatFewerReplicasMustHaveThanIsAskedForAreRefused() throws Exception {
        Effort.inSlowBuildsOnly("topicsThatFewerReplicasMustHaveThanIsAskedForAreRefused");
        String all = startThree(BrokerProcess.start(temp.resolve("node-1"), SETTINGS));
        try (EventStore store = open()) {
            try (KafkaBridge bridge = KafkaBridge.start(store, settings(all).createTopics(PARTITIONS, 3, 1))) {
                assertMirrored(bridge, 0);
            }
            String message = refusal(BridgeException.class, store, settings(all).createTopics(PARTITIONS, 3, 2));
            assertTrue(message.contains("min.insync.replicas=1 needed=at least 2"), message);
        }
    }

    /** Two more beside the first; answers where all are found. */
    private String startThree(BrokerProcess first) {
        brokers.add(first);
        brokers.add(BrokerProcess.join(first, temp.resolve("node-2"), 2, SETTINGS));
        brokers.add(BrokerProcess.join(first, temp.resolve("node-3"), 3, SETTINGS));
        return String.join(",", brokers.stream().map(BrokerProcess::address).toList());
    }

    @Test
    void tooFewReplicasInSyncAreWaitedForAndSoAreBrokersThatAreToCome() throws Exception {
        Effort.inSlowBuildsOnly("tooFewReplicasInSyncAreWaitedForAndSoAreBrokersThatAreToCome");
        Random random = new Random();
        brokers.add(BrokerProcess.start(temp.resolve("node-1"), SETTINGS));
        BridgeSettings settings = impatient(settings(brokers.get(0).address()).createTopics(PARTITIONS, 3, 2));
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            append(store, 100, random);
            Await.until("too few brokers", () -> bridge.status().lastError() != null
                    && bridge.status().lastError().getMessage().contains("--replication-factor"));
            brokers.add(BrokerProcess.join(brokers.get(0), temp.resolve("node-2"), 2, SETTINGS));
            brokers.add(BrokerProcess.join(brokers.get(0), temp.resolve("node-3"), 3, SETTINGS));
            assertMirrored(bridge, store.endPosition());
            for (int i = 0; i < 3; i++) {
                awaitReplicas(brokers.get(0).address());
                long retries = bridge.status().retries();
                brokers.get(1).kill();
                brokers.get(2).kill();
                append(store, 100, random);
                Await.until("too few in sync", () -> bridge.status().retries() > retries);
                assertTrue(bridge.status().lagEvents() > 0, "one replica alone must not do");
                brokers.get(1).restart();
                brokers.get(2).restart();
                assertMirrored(bridge, store.endPosition());
            }
            assertNull(bridge.failure());
            assertWhole(brokers.get(0).address(), store);
        }
    }

    /**
     * Of two brokers one is lost again and again, with all that it alone has: partitions without a leader while the other ends transactions
     * that are in them.
     */
    @Test
    void partitionsThatHaveNoReplicaElsewhereComeBack() throws Exception {
        Effort.inSlowBuildsOnly("partitionsThatHaveNoReplicaElsewhereComeBack");
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("partitionsThatHaveNoReplicaElsewhereComeBack: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        Random random = new Random(seed);
        brokers.add(BrokerProcess.start(temp.resolve("node-1"), TWO_BROKERS));
        brokers.add(BrokerProcess.join(brokers.get(0), temp.resolve("node-2"), 2, TWO_BROKERS));
        String all = brokers.get(0).address() + "," + brokers.get(1).address();
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings(all))) {
            append(store, 100, random);
            assertMirrored(bridge, store.endPosition());
            int alone = leads(all, 2);
            assertTrue(alone > 0 && alone < PARTITIONS, "partitions that only one has: " + alone);
            for (int i = 0; i < KILLS; i++) {
                append(store, 20 + random.nextInt(100), random);
                Await.spend(Duration.ofMillis(random.nextInt(60)));
                brokers.get(1).kill();
                append(store, random.nextInt(100), random);
                brokers.get(1).restart();
                append(store, 20, random);
                assertMirrored(bridge, store.endPosition());
            }
            assertNull(bridge.failure());
            assertWhole(all, store);
            System.out.println("partitionsThatHaveNoReplicaElsewhereComeBack: kills=" + KILLS + " partitions it had alone=" + alone + " of "
                    + PARTITIONS + " events=" + store.endPosition());
        }
    }

    /**
     * A broker that the controller has given up, because it hears nothing from it, does not know that others lead what it led, and shows
     * clients what it has: less than all. Whoever believes it must neither send an event again nor stop.
     */
    @Test
    void aFormerLeaderThatIsCutOffFromItsControllerOnlyCostsNothing() throws Exception {
        Effort.inSlowBuildsOnly("aFormerLeaderThatIsCutOffFromItsControllerOnlyCostsNothing");
        Random random = new Random(5); // of the events; which broker is asked nobody can choose
        try (LossyNetwork toController = new LossyNetwork(); EventStore store = open()) {
            BridgeSettings settings = impatient(settings(startThree(startBehind(toController))).createTopics(PARTITIONS, 3, 2));
            String others = brokers.get(0).address() + "," + brokers.get(2).address();
            mirror(store, settings);
            prefer(others);
            long retries = 0;
            for (int i = 0; i < CUTS; i++) {
                awaitReplicas(others);
                electPreferred(others);
                try (KafkaBridge bridge = KafkaBridge.start(store, settings)) {
                    append(store, 100, random);
                    assertMirrored(bridge, store.endPosition());
                    toController.cutOff("raft-client-2", "2");
                    append(store, 100, random);
                    Await.until("given up", () -> leads(others, 2) == 0);
                    append(store, 100, random);
                    assertMirroredAtLast(bridge, store.endPosition());
                }
                for (int start = 0; start < STARTS; start++) { // each asks any broker where the topics are led
                    try (KafkaBridge bridge = KafkaBridge.start(store, settings)) {
                        append(store, 10, random);
                        assertMirroredAtLast(bridge, store.endPosition());
                        retries += bridge.status().retries();
                    }
                    Verification seen = KafkaBridge.verify(store, BridgeSettings.create(others, topic));
                    assertTrue(seen.isEqual(), seen.toString());
                }
                toController.heal();
            }
            assertTrue(retries > 0, "nobody believed it");
            awaitReplicas(others);
            assertWhole(others, store);
            System.out.println("aFormerLeaderThatIsCutOffFromItsControllerOnlyCostsNothing: cuts=" + CUTS + " starts=" + CUTS * STARTS
                    + " retries=" + retries + " events=" + store.endPosition());
        }
    }

    /** What begins in a broker that is believed may end in a minute only, of {@link Patience}. */
    private static void assertMirroredAtLast(KafkaBridge bridge, long end) throws InterruptedException {
        assertTrue(bridge.awaitPosition(end - 1, Await.PATIENCE.multipliedBy(5)), () -> bridge.status().toString());
    }

    /** All come to this one's controller through the network, itself too. */
    private BrokerProcess startBehind(LossyNetwork toController) {
        int port = Ports.free();
        String own = "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://";
        String controller = "127.0.0.1:" + Ports.free();
        toController.leadTo(controller);
        List<String> settings = new ArrayList<>(List.of(SETTINGS));
        settings.addAll(List.of(own + controller, "advertised." + own + toController.address(),
                "controller.quorum.voters=1@" + toController.address()));
        return BrokerProcess.start(temp.resolve("node-1"), port, settings.toArray(new String[0]));
    }

    /** The second broker leads the progress and one partition of the events. */
    private void prefer(String address) {
        Map<TopicPartition, Optional<NewPartitionReassignment>> replicas = new HashMap<>();
        replicas.put(new TopicPartition(topic + ".progress", 0), first(2));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            replicas.put(new TopicPartition(topic, partition), first(1 + partition));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            Clients.get(admin.alterPartitionReassignments(replicas).all());
        }
    }

    private static Optional<NewPartitionReassignment> first(int broker) {
        return Optional.of(new NewPartitionReassignment(List.of(broker, 1 + broker % 3, 1 + (broker + 1) % 3)));
    }

    private void electPreferred(String address) {
        Await.until("elected", () -> {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
                Clients.get(admin.electLeaders(ElectionType.PREFERRED, null).partitions());
            }
            return leads(address, 2) == 1;
        });
    }

    private int leads(String address, int broker) {
        return (int) describe(address).partitions().stream().filter(each -> each.leader() != null && each.leader().id() == broker).count();
    }

    /** All of them have everything again: only then may the next be lost. */
    private void awaitReplicas(String address) {
        Await.until("replicas in sync", () -> {
            try {
                return describe(address).partitions().stream().allMatch(each -> each.isr().size() == 3 && each.leader() != null);
            } catch (KafkaException e) {
                return false;
            }
        });
    }

    private TopicDescription describe(String address) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return Clients.get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        }
    }
}
