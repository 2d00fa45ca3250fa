package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The network between mirror and broker is cut and healed, which the mirror waits for. */
class KafkaBridgeNetworkTest extends MirrorCase {

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
}
