package io.daybook.kafka;

import io.daybook.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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

    private static final int LEAST_TRIES = 8;
    private static final int MOST_TRIES = 40;

    @TempDir
    private static Path brokerFolder;
    private static BrokerProcess broker;

    private final long seed = Long.getLong("daybook.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private boolean routed;

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
        routed = random.nextBoolean();
        mirrorOnce(Effort.times(1, 30));
    }

    @Test
    void andSoIsWhatHangsInTopicsOfRoutes() throws Exception {
        Effort.inSlowBuildsOnly("andSoIsWhatHangsInTopicsOfRoutes");
        routed = true;
        mirrorOnce(Effort.times(1, 10));
    }

    private void mirrorOnce(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            leaveHanging(Visible.values()[random.nextInt(Visible.values().length)]);
            try (EventStore store = open()) {
                append(store, 5, random, categories());
                mirror(store, mirrors());
                assertWhole(broker.address(), store, layout().routes().topics());
            }
        }
    }

    /** Of events of accounts and orders, if there are routes; most commits then are of two topics. */
    private String[] categories() {
        return routed ? new String[] {"account-", "order-"} : new String[] {"account-"};
    }

    private BridgeSettings mirrors() {
        BridgeSettings settings = settings(broker.address());
        return routed ? settings.route("account", topic + ".accounts") : settings;
    }

    private Layout layout() {
        return new Layout(mirrors().routes(), any -> PARTITIONS);
    }

    /** Its broker is killed and started again while a mirror ends them. */
    @Test
    void aMirrorThatEndsThemOutlivesItsBroker() throws Exception {
        Effort.inSlowBuildsOnly("aMirrorThatEndsThemOutlivesItsBroker");
        for (int i = 0; i < Effort.times(1, 10); i++) {
            leaveHanging(Visible.values()[random.nextInt(Visible.values().length)]);
            try (EventStore store = open()) {
                append(store, 5, random);
                try (KafkaBridge bridge = KafkaBridge.start(store, settings(broker.address()))) {
                    Await.spend(Duration.ofMillis(3000 + random.nextInt(1000))); // three seconds are waited for what ends by itself
                    broker.kill();
                    broker.restart();
                    assertMirrored(bridge, store.endPosition());
                }
                assertWhole(broker.address(), store);
            }
        }
    }

    /** The mirror that ends them is killed at any moment of that, every other time with its broker. */
    @Test
    void whoEndsThemMayBeKilledMeanwhile() throws Exception {
        Effort.inSlowBuildsOnly("whoEndsThemMayBeKilledMeanwhile");
        for (int i = 0; i < Effort.times(1, 10); i++) {
            leaveHanging(Visible.values()[random.nextInt(Visible.values().length)]);
            try (ChildJvm child = ChildJvm.start(List.of(), "warn", ChildMirror.class, temp.resolve("journal"), broker.address(), topic,
                    random.nextLong())) {
                child.lineThatBegins("[daybook-kafka-" + topic + "] WARN " + HangingTransactions.class.getName());
                Await.spend(Duration.ofMillis(random.nextInt(400)));
                if (i % 2 == 0) {
                    broker.kill();
                }
            }
            if (i % 2 == 0) {
                broker.restart();
            }
            try (EventStore store = open()) {
                mirror(store, settings(broker.address()));
                assertWhole(broker.address(), store);
            }
        }
    }

    private void leaveHanging(Visible visible) throws Exception {
        System.out.println("HangingTransactionsTest: visible=" + visible + " routed=" + routed + " seed=" + seed
                + " (repeat with -Ddaybook.seed=" + seed + ")");
        int tries = Effort.times(LEAST_TRIES, MOST_TRIES);
        for (int i = 0; i < tries; i++) {
            try (EventStore store = open()) {
                mirror(store, mirrors());
                long from = store.endPosition();
                append(store, 20, random, categories());
                ProducerRecord<byte[], byte[]> progress;
                try (FormerMirror former = new FormerMirror(store, broker.address(), layout())) {
                    List<ProducerRecord<byte[], byte[]>> records = former.records(from);
                    progress = former.progress(store.endPosition(), store.endPosition());
                    records.add(progress);
                    former.commit(records);
                    broker.kill();
                }
                broker.restart();
                if (hanging() > 0) {
                    show(store, progress, visible);
                    if (hanging() > 0) {
                        return;
                    }
                }
            }
        }
        try (EventStore store = open()) {
            mirror(store, mirrors());
            assertWhole(broker.address(), store, layout().routes().topics()); // of so many kills none cost anything
        }
        Effort.require(false, "The broker left nothing hanging, which is its own affair: test=HangingTransactionsTest kills=" + tries);
    }

    /** In how many partitions something hangs. */
    private int hanging() {
        BridgeSettings settings = settings(broker.address());
        Consumer<byte[], byte[]> reader = new Clients(settings).consumer();
        try {
            List<TopicPartition> all = new ArrayList<>(layout().partitions());
            all.add(settings.progressPartition());
            return new OpenTransactions(settings, () -> false, Duration.ofSeconds(1).toNanos()).await(reader, all).size();
        } finally {
            Clients.close(reader);
        }
    }

    /** A commit of the same producer that has a record in a partition makes visible what hangs there. */
    private void show(EventStore store, ProducerRecord<byte[], byte[]> progress, Visible visible) {
        try (FormerMirror former = new FormerMirror(store, broker.address(), layout())) {
            if (visible == Visible.THE_PROGRESS) {
                former.commit(List.of(progress));
            } else if (visible == Visible.A_PARTITION) {
                long end = store.endPosition();
                append(store, 20, random, categories());
                TopicPartition one = layout().partitions().get(random.nextInt(layout().partitions().size()));
                former.commit(former.records(end).stream()
                        .filter(record -> one.equals(new TopicPartition(record.topic(), record.partition()))).toList());
            }
        }
    }
}
