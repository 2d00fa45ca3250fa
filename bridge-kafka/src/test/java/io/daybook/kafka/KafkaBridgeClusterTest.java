package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
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
        brokers.add(BrokerProcess.start(temp.resolve("node-1"), SETTINGS));
        brokers.add(BrokerProcess.join(brokers.get(0), temp.resolve("node-2"), 2, SETTINGS));
        brokers.add(BrokerProcess.join(brokers.get(0), temp.resolve("node-3"), 3, SETTINGS));
        String all = String.join(",", brokers.stream().map(BrokerProcess::address).toList());
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

    private int leads(String address, int broker) throws Exception {
        return (int) describe(address).partitions().stream().filter(each -> each.leader() != null && each.leader().id() == broker).count();
    }

    /** All of them have everything again: only then may the next be lost. */
    private void awaitReplicas(String address) {
        Await.until("replicas in sync", () -> {
            try {
                return describe(address).partitions().stream().allMatch(each -> each.isr().size() == 3 && each.leader() != null);
            } catch (Exception e) {
                return false;
            }
        });
    }

    private TopicDescription describe(String address) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        }
    }
}
