package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker goes away and comes back, which the mirror waits for. */
class KafkaBridgeOutageTest extends MirrorCase {

    @TempDir
    private static Path brokerFolder;
    private static BrokerProcess broker;

    private final Random random = new Random(2);

    /** One for all, which each test leaves running. */
    @BeforeAll
    static void startBroker() {
        Effort.onOldestJdk("KafkaBridgeOutageTest");
        broker = BrokerProcess.start(brokerFolder, BrokerProcess.SOON_BACK);
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aBrokerThatIsKilledAgainAndAgainIsWaitedFor() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings(broker.address()))) {
            append(store, 100, random);
            assertMirrored(bridge, store.endPosition());
            for (int i = 0; i < Effort.times(1, 20); i++) {
                append(store, random.nextInt(200), random);
                broker.kill();
                append(store, 100, random); // the journal notices nothing
                broker.restart();
                append(store, 100, random);
                assertMirrored(bridge, store.endPosition());
            }
            assertEquals(BridgeStatus.State.MIRRORING, bridge.status().state());
            assertWhole(broker.address(), store);
        }
    }

    /** Kafka's client would wait with each event of a transaction for itself, and tell at its end only. */
    @Test
    void aBrokerThatIsGoneIsToldBeforeALargeTransactionIsWhole() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, impatient(settings(broker.address())))) {
            append(store, 10, random);
            assertMirrored(bridge, store.endPosition());
            broker.kill();
            append(store, 500, random);
            Await.until("told", () -> bridge.status().state() == BridgeStatus.State.RETRYING);
            assertTrue(bridge.status().lagEvents() >= 500 && bridge.status().lagMs() > 0, bridge.status().toString());
            broker.restart();
            assertTrue(bridge.awaitPosition(store.endPosition() - 1, Await.PATIENCE.multipliedBy(2)), bridge.status().toString());
            assertWhole(broker.address(), store);
        }
    }

    @Test
    void aBridgeStartsWithoutABrokerAndTellsWhy() throws Exception {
        broker.kill();
        BridgeSettings settings = settings(broker.address()).property("default.api.timeout.ms", "1000")
                .property("request.timeout.ms", "1000");
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            append(store, 100, random);
            Await.until("retrying", () -> bridge.status().retries() > 1);
            assertEquals(BridgeStatus.State.RETRYING, bridge.status().state());
            assertTrue(bridge.status().lastError() != null);
            assertNull(bridge.failure());
            assertTrue(!bridge.awaitMirroring(Duration.ofMillis(1)));
            broker.restart();
            assertMirrored(bridge, store.endPosition());
            assertWhole(broker.address(), store);
        }
    }

    /** The broker gives a transaction up that took too long; it is sent again, and the mirror is not taken for fenced. */
    @Test
    void aBrokerThatIsFrozenForLongerThanATransactionMayTakeIsWaitedFor() throws Exception {
        BridgeSettings settings = impatient(settings(broker.address()).transactionTimeout(Duration.ofSeconds(1)));
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            append(store, 100, random);
            assertMirrored(bridge, store.endPosition());
            for (int i = 0; i < Effort.times(1, 20); i++) {
                long before = bridge.status().retries();
                broker.signal("STOP");
                append(store, 100, random);
                Await.until("given up", () -> bridge.status().retries() > before);
                broker.signal("CONT");
                assertMirrored(bridge, store.endPosition());
            }
            assertNull(bridge.failure());
            assertWhole(broker.address(), store);
        }
    }

    @Test
    void mirrorAndBrokerThatAreKilledAtOnceGoOn() throws Exception {
        for (int i = 0; i < Effort.times(1, 20); i++) {
            try (ChildJvm child = ChildJvm.start(ChildMirror.class, temp.resolve("journal"), broker.address(), topic,
                    random.nextLong())) {
                child.lineThatBegins("mirroring");
                Await.spend(Duration.ofMillis(random.nextInt(300)));
                broker.kill();
            }
            broker.restart();
        }
        try (EventStore store = open()) {
            mirror(store, settings(broker.address()));
            assertWhole(broker.address(), store);
        }
    }

    @Test
    void itClosesInBoundedTimeWhenTheBrokerIsFrozen() throws Exception {
        try (EventStore store = open()) {
            KafkaBridge bridge = KafkaBridge.start(store, settings(broker.address()).closeTimeout(Duration.ofMillis(500)));
            append(store, 100, random);
            assertMirrored(bridge, store.endPosition());
            broker.signal("STOP");
            append(store, 100, random);
            long beganNs = System.nanoTime();
            bridge.close();
            assertTrue(System.nanoTime() - beganNs < Duration.ofSeconds(10).toNanos(), "close takes long");
            assertEquals(BridgeStatus.State.CLOSED, bridge.status().state());
            broker.signal("CONT");
            mirror(store, settings(broker.address()));
            assertWhole(broker.address(), store);
        }
    }
}
