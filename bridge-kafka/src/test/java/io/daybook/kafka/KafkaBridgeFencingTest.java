package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Of two mirrors of a journal the newer one goes on. */
class KafkaBridgeFencingTest extends MirrorCase {

    private final Random random = new Random(3);

    @Test
    void aSecondMirrorFencesTheFirstForGood() throws Exception {
        try (EventStore store = open();
                EventStore reader = EventStore.openReadOnly(temp.resolve("journal"), small());
                KafkaBridge first = KafkaBridge.start(store, settings())) {
            append(store, 100, random);
            assertMirrored(first, store.endPosition());
            try (KafkaBridge second = KafkaBridge.start(reader, settings())) {
                assertMirrored(second, store.endPosition());
                Await.until("the first stops", () -> {
                    append(store, 1, random); // it notices when it commits
                    return first.status().state() == BridgeStatus.State.FAILED;
                });
                assertTrue(first.failure() instanceof BridgeException, String.valueOf(first.failure()));
                assertTrue(first.failure().getMessage().contains("Another mirror"), first.failure().getMessage());
                assertMirrored(second, store.endPosition());
                assertEquals(BridgeStatus.State.MIRRORING, second.status().state());
                assertWhole(SharedBroker.address(), store);
            }
        }
    }
}
