package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.NewEvent;
import io.daybook.kafka.cli.Main;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The network between mirror and broker is cut and healed, which the mirror waits for. */
class KafkaBridgeNetworkTest extends MirrorCase {

    private static final long SLOW_BYTES_A_SECOND = 1_800_000;

    private final Random random = new Random(12);

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeNetworkTest");
    }

    @Test
    void aNetworkThatIsCutAgainAndAgainIsWaitedFor() throws Exception {
        try (LossyNetwork network = new LossyNetwork();
                BrokerProcess broker = BrokerProcess.start(temp.resolve("node"), "advertised.listeners=PLAINTEXT://" + network.address())) {
            network.leadTo(broker.address());
            BridgeSettings settings = impatient(settings(network.address()).transactionTimeout(Duration.ofSeconds(2)));
            try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings)) {
                append(store, 50, random);
                assertMirrored(bridge, store.endPosition());
                for (int i = 0; i < Effort.times(1, 20); i++) {
                    long retries = bridge.status().retries();
                    append(store, random.nextInt(50), random);
                    network.cut();
                    append(store, 50, random); // the journal notices nothing
                    Await.until("cut", () -> bridge.status().retries() > retries);
                    append(store, 50, random);
                    network.heal();
                    assertMirrored(bridge, store.endPosition());
                }
                assertTrue(network.lostBytes() > 0, "the cut met nothing");
                assertNull(bridge.failure());
                assertWhole(network.address(), store);
            }
        }
    }

    /** Its last events wait for all before them: {@link Clients#deliveryMs}. */
    @Test
    void aCommitThatASlowNetworkTakesLongForIsSentOnce() throws Exception {
        Effort.inSlowBuildsOnly("aCommitThatASlowNetworkTakesLongForIsSentOnce");
        try (LossyNetwork network = new LossyNetwork();
                BrokerProcess broker = BrokerProcess.start(temp.resolve("node"), "advertised.listeners=PLAINTEXT://" + network.address())) {
            network.leadTo(broker.address());
            try (EventStore store = EventStore.open(temp.resolve("journal"));
                    KafkaBridge bridge = KafkaBridge.start(store, settings(network.address()))) {
                append(store, 5, random);
                assertMirrored(bridge, store.endPosition());
                network.slowTo(SLOW_BYTES_A_SECOND);
                Commit commit = Commit.create();
                for (int i = 0; i < 1000; i++) {
                    byte[] payload = new byte[60_000];
                    random.nextBytes(payload);
                    commit.append("account-" + i, NewEvent.of("Filled", payload));
                }
                store.commit(commit, Durability.DISK); // more than the half minute of a record that waits for nothing
                assertMirrored(bridge, store.endPosition());
                assertEquals(0, bridge.status().retries(), () -> bridge.status().toString());
                network.slowTo(Long.MAX_VALUE);
                assertWhole(network.address(), store);
            }
        }
    }

    /** Not by a proxy but by the kernel: broker, mirror and who hears the topic are in a network of their own, which is taken down. */
    @Test
    void aNetworkThatTheKernelTakesDownIsWaitedFor() throws Exception {
        Optional<NetworkNamespace> made = NetworkNamespace.create();
        Effort.require(made.isPresent(), "A network namespace cannot be made, which needs root and iproute2: test=KafkaBridgeNetworkTest");
        try (NetworkNamespace network = made.get();
                BrokerProcess broker = BrokerProcess.startBy(network.launcher(), temp.resolve("node"));
                EventStore store = open();
                ChildJvm mirror = ChildJvm.start(network.launcher(), "error", Main.class, "mirror", "--journal", temp.resolve("journal"),
                        "--bootstrap-servers", broker.address(), "--topic", topic, "--create-topic", "--partitions", PARTITIONS,
                        "--replication-factor", 1, "--transaction-timeout-ms", 2000, "--status-seconds", 1, "--property",
                        "request.timeout.ms=1500", "--property", "delivery.timeout.ms=2000", "--property", "max.block.ms=2000",
                        "--property", "default.api.timeout.ms=2000", "--property", "linger.ms=0")) {
            mirror.lineThatBegins("Mirroring:");
            for (int i = 0; i < Effort.times(1, 20); i++) {
                append(store, random.nextInt(50), random);
                network.cut();
                append(store, 50, random); // the journal notices nothing
                mirror.lineThatBegins("Waiting for Kafka:");
                append(store, 50, random);
                network.heal();
                mirror.lineThatBegins("MIRRORING: position=" + store.endPosition() + " lagEvents=0");
            }
            Kcat.assertHolds(network.launcher(), broker.address(), List.of(topic), events(store));
            try (ChildJvm verify = ChildJvm.start(network.launcher(), "error", Main.class, "verify", "--journal", temp.resolve("journal"),
                    "--bootstrap-servers", broker.address(), "--topic", topic)) {
                verify.lineThatBegins("The topic is the journal's: events=" + store.endPosition() + " stillToMirror=0");
            }
        }
    }
}
