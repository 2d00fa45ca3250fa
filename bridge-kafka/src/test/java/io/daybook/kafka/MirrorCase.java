package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** What a test of the mirror starts from: a folder for a journal, and a topic of its own. */
abstract class MirrorCase {

    static final int PARTITIONS = 3;

    @TempDir
    Path temp;

    final String topic = "events-" + UUID.randomUUID();

    EventStore open() {
        return EventStore.open(temp.resolve("journal"), small());
    }

    static StoreSettings small() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).maxPayloadBytes(1 << 16);
    }

    /** Topics are made; it tries again soon. */
    BridgeSettings settings(String address) {
        return BridgeSettings.create(address, topic).createTopics(PARTITIONS, 1, 1)
                .backOff(Duration.ofMillis(50), Duration.ofMillis(500));
    }

    /** Gives up soon what the broker does not answer. */
    static BridgeSettings impatient(BridgeSettings settings) {
        return settings.property("request.timeout.ms", "1500").property("delivery.timeout.ms", "2000").property("linger.ms", "0")
                .property("max.block.ms", "2000").property("default.api.timeout.ms", "2000");
    }

    BridgeSettings settings() {
        return settings(SharedBroker.address());
    }

    /** Appends so many commits of a few events of a few entities, all on the device. */
    static void append(EventStore store, int commits, Random random) {
        append(store, commits, random, "account-");
    }

    /** The same of these categories, most commits of several. */
    static void append(EventStore store, int commits, Random random, String... categories) {
        for (int i = 0; i < commits; i++) {
            Commit commit = Commit.create();
            int events = 1 + random.nextInt(5);
            for (int j = 0; j < events; j++) {
                byte[] payload = new byte[random.nextInt(200)];
                random.nextBytes(payload);
                String entity = categories[random.nextInt(categories.length)] + random.nextInt(20);
                commit.append(entity, new NewEvent(new UUID(random.nextLong(), random.nextLong()), "Type" + j, j,
                        new byte[j], payload));
            }
            store.commit(commit);
        }
        store.awaitDurable(store.endPosition() - 1, Durability.DISK, Await.PATIENCE);
    }

    static List<RecordedEvent> events(EventStore store) {
        return store.readAll(StartFrom.beginning(), Filter.all()).toList();
    }

    /** Mirrors all that is there, also what a killed process had not forced, and closes the bridge. */
    static void mirror(EventStore store, BridgeSettings settings) throws InterruptedException {
        if (store.endPosition() > 0) {
            store.awaitDurable(store.endPosition() - 1, Durability.DISK, Await.PATIENCE);
        }
        try (KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            assertMirrored(bridge, store.endPosition());
        }
    }

    /** What was mirrored to this topic is heard whole by a client of ours and by one that is not, and the bridge finds it equal. */
    void assertWhole(String address, EventStore store) throws Exception {
        assertWhole(address, store, List.of(topic));
    }

    /** The same of all topics of a mirror with routes. */
    void assertWhole(String address, EventStore store, List<String> topics) throws Exception {
        Listener.assertHolds(address, topics, events(store));
        Kcat.assertHolds(List.of(), address, topics, events(store));
        Verification verification = KafkaBridge.verify(store, BridgeSettings.create(address, topic));
        assertTrue(verification.isEqual() && verification.events() == store.endPosition(), verification.toString());
    }

    static void assertMirrored(KafkaBridge bridge, long end) throws InterruptedException {
        boolean reached = end == 0 ? bridge.awaitMirroring(Await.PATIENCE) : bridge.awaitPosition(end - 1, Await.PATIENCE);
        assertTrue(reached, "not mirrored in time: " + bridge.status());
    }

    /** What a bridge says when it will not mirror. */
    static <T extends RuntimeException> String refusal(Class<T> kind, EventStore store, BridgeSettings settings) {
        try (KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            T refusal = assertThrows(kind, () -> bridge.awaitMirroring(Await.PATIENCE), () -> bridge.status().toString());
            assertTrue(bridge.status().state() == BridgeStatus.State.FAILED, bridge.status().toString());
            return refusal.getMessage();
        }
    }
}
