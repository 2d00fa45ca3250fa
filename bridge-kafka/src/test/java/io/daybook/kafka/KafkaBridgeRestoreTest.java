package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A journal that is made of its mirror alone is its source, event for event, and goes on where that was. */
class KafkaBridgeRestoreTest extends RestoreCase {

    private static final int COMMITS = 2000;
    private static final int LONGEST_MS = 20;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeRestoreTest");
    }

    @Test
    void aRestoredJournalIsItsSourceEventForEventAndIsMirroredOn() throws Exception {
        for (int life = 0; life < 3; life++) {
            try (EventStore store = open()) {
                append(store, 50, random);
                appendDerived(store, 50, random);
                if (life != 1) {
                    mirror(store, settings()); // what the second life wrote is mirrored in the third, which is another epoch
                }
            }
            if (life < 2) {
                forgetHowItWasLeft();
            }
        }
        Restoration made = restore();
        try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
            assertEquals(source.id().identity(), made.id().identity());
            assertBehind(3, made);
            assertEquals(made.id(), store.id());
            assertEquals(source.endPosition(), made.events());
            assertEquals(0, made.resumed());
            assertTrue(made.mirrored());
            assertTrue(source.stats().cycleFiles() > 2, "the source has a single file");
            assertSame(source, store);
            assertTrue(KafkaBridge.verify(store, settings()).isEqual());

            goOn(store);
            assertTrue(refusal(EpochException.class, source, settings()).contains("newer epoch"));
        }
    }

    /** The lost journal may have begun epochs that no mirror has heard of: some are left out. */
    private static void assertBehind(int newest, Restoration made) {
        assertTrue(made.id().epoch() >= newest + 100, made.toString());
    }

    private void goOn(EventStore store) throws Exception {
        long end = store.endPosition();
        long version = store.version("account-1");
        store.append("account-1", Expected.exactly(version), List.of(NewEvent.json("After", "{}")), Durability.DISK);
        appendDerived(store, 10, random);
        mirror(store, settings());
        Verification verification = KafkaBridge.verify(store, settings());
        assertNull(verification.difference());
        assertEquals(store.endPosition(), verification.events());
        assertTrue(verification.events() > end);
        Listener.assertHolds(SharedBroker.address(), topic, events(store));
    }

    @Test
    void itIsMadeOfTheTopicAloneAlsoWithoutTheProgress() throws Exception {
        try (EventStore store = open()) {
            append(store, 30, random);
            mirror(store, settings());
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", SharedBroker.address()))) {
            admin.deleteTopics(List.of(topic + ".progress")).all().get();
        }
        Restoration made = restore();
        assertFalse(made.mirrored());
        assertBehind(1, made);
        try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
            assertSame(source, store);
        }
    }

    @Test
    void recordsOfBeforeTheyToldTheEpochOfTheirEventAreRestoredToo() throws Exception {
        try (EventStore store = open()) {
            appendDerived(store, 20, random);
        }
        forgetHowItWasLeft();
        try (EventStore store = open()) {
            append(store, 20, random);
            mirror(store, settings());
        }
        try (EventStore source = open(); TopicCopies copies = new TopicCopies(topic, (int) source.endPosition())) {
            String old = copies.make(records -> records.forEach(record -> record.headers().remove("daybook_commit_epoch")));
            assertBehind(2, restore(old));
            try (EventStore store = EventStore.open(restored, small())) {
                assertSame(source, store, false);
                assertTrue(KafkaBridge.verify(store, BridgeSettings.create(SharedBroker.address(), old)).isEqual());
            }
        }
    }

    @Test
    void aRestoredJournalIsRestoredAgain() throws Exception {
        try (EventStore store = open()) {
            append(store, 10, random);
            mirror(store, settings());
        }
        restore();
        try (EventStore store = EventStore.open(restored, small())) {
            appendDerived(store, 5, random);
            mirror(store, settings());
        }
        Path first = restored;
        restored = temp.resolve("again");
        assertBehind(101, restore());
        assertFalse(Files.exists(restored.resolve("restore.dbk")));
        try (EventStore source = EventStore.open(first, small()); EventStore store = EventStore.open(restored, small())) {
            assertSame(source, store);
        }
    }

    @Test
    void aMillionEventsComeBackAsTheyWere() throws Exception {
        Effort.inSlowBuildsOnly("aMillionEventsComeBackAsTheyWere");
        try (EventStore store = open()) {
            while (store.endPosition() < 1_000_000) {
                append(store, 10_000, random, "account-", "order-", "größer-");
                appendDerived(store, 100, random);
            }
            mirror(store, settings());
            assertEquals(store.endPosition(), restore().events());
            try (EventStore made = EventStore.open(restored, small())) {
                assertSame(store, made);
            }
        }
    }

    /** As {@code kill -9} does, at random moments, again and again. */
    @Test
    void aRestoreThatIsKilledGoesOnWhereItWas() throws Exception {
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("KafkaBridgeRestoreTest: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        Random moments = new Random(seed);
        try (EventStore store = open()) {
            append(store, Effort.times(COMMITS, 10 * COMMITS), random);
            appendDerived(store, 20, random);
            mirror(store, settings());
        }
        int kills = Effort.times(2, 100);
        int inTheMiddle = 0;
        for (int i = 0; i < kills && i == inTheMiddle; i++) { // one that was killed when it was through is through
            try (ChildJvm child = child(moments.nextInt(2 * COMMITS / kills))) {
                child.lineThatBegins("going on");
                Await.spend(Duration.ofMillis(moments.nextInt(LONGEST_MS)));
            }
            inTheMiddle += Files.exists(restored.resolve("restore.dbk")) ? 1 : 0;
        }
        System.out.println("KafkaBridgeRestoreTest: killed while it was under way=" + inTheMiddle);
        assertTrue(inTheMiddle > 0, "no kill met a restore that was under way");
        if (inTheMiddle == kills) {
            assertTrue(restore().resumed() > 0, "it began anew");
        }
        try (EventStore source = open(); EventStore store = EventStore.open(restored, small())) {
            assertTrue(store.id().epoch() > 100);
            assertSame(source, store);
            assertTrue(KafkaBridge.verify(store, settings()).isEqual());
        }
    }

    private ChildJvm child(int after) {
        return ChildJvm.start(ChildRestore.class, restored, SharedBroker.address(), topic, after);
    }
}
