package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.NewEvent;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The mirror and a broker that lives. */
class KafkaBridgeMirrorTest extends MirrorCase {

    private final Random random = new Random(1);

    @Test
    void everyEventIsHeardOnceInOrderAndCommitsWhole() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = startBehind(store, 200)) {
            append(store, 300, random); // while it mirrors
            assertMirrored(bridge, store.endPosition());
            Listener.assertHolds(SharedBroker.address(), topic, events(store));
            BridgeStatus status = bridge.status();
            assertEquals(BridgeStatus.State.MIRRORING, status.state());
            assertEquals(store.endPosition(), status.position());
            assertEquals(store.endPosition(), status.events());
            assertEquals(0, status.lagEvents());
            assertEquals(0, status.lagMs());
            assertNull(status.lastError());
        }
    }

    private KafkaBridge startBehind(EventStore store, int commits) {
        append(store, commits, random);
        return KafkaBridge.start(store, settings());
    }

    @Test
    void itGoesOnWhereItWas() throws Exception {
        for (int life = 0; life < 3; life++) {
            try (EventStore store = open()) {
                append(store, 50, random);
                mirror(store, settings());
                mirror(store, settings()); // has nothing to do
                Listener.assertHolds(SharedBroker.address(), topic, events(store));
            }
        }
    }

    @Test
    void aStoreThatOnlyReadsIsMirroredBesideItsOwner() throws Exception {
        try (EventStore owner = open();
                EventStore reader = EventStore.openReadOnly(temp.resolve("journal"), small());
                KafkaBridge bridge = KafkaBridge.start(reader, settings())) {
            append(owner, 100, random);
            assertMirrored(bridge, owner.endPosition());
            Listener.assertHolds(SharedBroker.address(), topic, events(owner));
            assertEquals(0, bridge.status().lagEvents());
        }
    }

    @Test
    void whatIsNotOnTheDeviceIsNotMirrored() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings())) {
            store.commit(Commit.create().append("a", NewEvent.json("Forced", "{}")), Durability.DISK);
            assertMirrored(bridge, 1);
            store.commit(Commit.create().append("a", NewEvent.json("NotForced", "{}")), Durability.PROCESS);
            assertEquals(1, Listener.hear(SharedBroker.address(), topic, 1).size());
            assertEquals(1, bridge.status().position());
            store.awaitDurable(1, Durability.DISK, Await.PATIENCE);
            assertMirrored(bridge, 2);
        }
    }

    @Test
    void aCommitHasOneTransactionHoweverLarge() throws Exception {
        try (EventStore store = open()) {
            for (int i = 0; i < 5; i++) {
                Commit commit = Commit.create();
                for (int j = 0; j < 700; j++) {
                    commit.append("account-" + j, NewEvent.json("Counted", "{}"));
                }
                store.commit(commit, Durability.DISK);
            }
            try (KafkaBridge bridge = KafkaBridge.start(store, settings().batchEvents(1))) {
                assertMirrored(bridge, store.endPosition());
                assertEquals(5, bridge.status().transactions());
            }
            Listener.assertHolds(SharedBroker.address(), topic, events(store));
        }
    }

    @Test
    void aTransactionOfEnoughBytesTakesNoFurtherCommit() throws Exception {
        try (EventStore store = open()) {
            append(store, 20, random);
            try (KafkaBridge bridge = KafkaBridge.start(store, settings().batchBytes(1))) {
                assertMirrored(bridge, store.endPosition());
                assertTrue(bridge.status().transactions() >= 10, bridge.status().toString()); // payloads may be empty
            }
            Listener.assertHolds(SharedBroker.address(), topic, events(store));
        }
    }

    /** Into topics that the mirror has made; its name is escaped where headers tell it. */
    @Test
    void theLargestEventThatTheJournalTakesIsMirrored() throws Exception {
        byte[] payload = new byte[1 << 20];
        byte[] metadata = new byte[64 << 10];
        random.nextBytes(payload);
        random.nextBytes(metadata);
        try (EventStore store = EventStore.open(temp.resolve("journal"))) {
            assertEquals(payload.length, store.maxPayloadBytes());
            NewEvent largest = new NewEvent(new UUID(1, 2), "\u00e4".repeat(127) + "x", 65_535, metadata, payload);
            store.commit(Commit.create().append("\u00e4".repeat(256), largest), Durability.DISK);
            mirror(store, settings());
            Listener.assertHolds(SharedBroker.address(), topic, events(store));
            Verification verification = KafkaBridge.verify(store, settings());
            assertTrue(verification.isEqual() && verification.events() == 1, verification.toString());
        }
    }

    @Test
    void anEmptyJournalIsMirroredAndClosesAtOnce() throws Exception {
        try (EventStore store = open()) {
            KafkaBridge bridge = KafkaBridge.start(store, settings());
            assertMirrored(bridge, 0);
            long beganNs = System.nanoTime();
            bridge.close();
            assertTrue(System.nanoTime() - beganNs < Duration.ofSeconds(10).toNanos(), "close takes long");
            assertEquals(BridgeStatus.State.CLOSED, bridge.status().state());
            assertNull(bridge.failure());
        }
    }
}
