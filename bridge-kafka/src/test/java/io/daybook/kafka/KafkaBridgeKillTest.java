package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.kafka.cli.Main;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A service that appends and mirrors is killed as {@code kill -9} does, at random moments, again and again. */
class KafkaBridgeKillTest extends RestoreCase {

    private static final int LONGEST_LIFE_MS = 400;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeKillTest");
    }

    @Test
    void whatWasMirroredBeforeAndAfterKillsIsHeardOnce() throws Exception {
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("KafkaBridgeKillTest: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        Random random = new Random(seed);
        int kills = Effort.times(4, 100);
        for (int i = 0; i < kills; i++) {
            liveAndKill(random, topic);
            Kcat.assertPrefix(SharedBroker.address(), topic);
        }
        try (EventStore store = open()) {
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
            restore();
            try (EventStore made = EventStore.open(restored, small())) {
                assertSame(store, made);
            }
            System.out.println("KafkaBridgeKillTest: kills=" + kills + " events=" + store.endPosition());
        }
    }

    @Test
    void soItIsInTopicsOfRoutes() throws Exception {
        Random random = new Random();
        String accounts = topic + ".accounts";
        int kills = Effort.times(2, 20);
        for (int i = 0; i < kills; i++) {
            liveAndKill(random, topic, accounts);
        }
        try (EventStore store = open()) {
            mirror(store, settings().route("account", accounts));
            Kcat.assertHolds(List.of(), SharedBroker.address(), List.of(topic, accounts), events(store));
            for (String each : List.of(topic, accounts)) {
                Listener.assertHolds(SharedBroker.address(), each, events(store).stream()
                        .filter(event -> event.entity().startsWith("account-") == each.equals(accounts)).toList());
            }
            assertTrue(KafkaBridge.verify(store, settings()).isEqual());
        }
    }

    /** The command of the jar, beside the process that owns the journal. */
    @Test
    void aMirrorThatIsKilledBesideALivingOwnerGoesOn() throws Exception {
        Random random = new Random();
        try (EventStore owner = open()) {
            for (int i = 0; i < Effort.times(2, 30); i++) {
                try (ChildJvm child = ChildJvm.start(Main.class, "mirror", "--journal", temp.resolve("journal"), "--bootstrap-servers",
                        SharedBroker.address(), "--topic", topic, "--create-topic", "--partitions", PARTITIONS, "--replication-factor", 1,
                        "--batch-events", 1 + random.nextInt(50))) {
                    child.lineThatBegins("Mirroring:");
                    append(owner, 100, random);
                    Await.spend(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MS / 4)));
                    assertTrue(child.isAlive(), "the mirror ended by itself");
                }
            }
            mirror(owner, settings());
            assertWhole(SharedBroker.address(), owner);
        }
    }

    /** The other way round: it reads on beside whoever owns the journal next. */
    @Test
    void aMirrorOutlivesTheOwnersThatAreKilledBesideIt() throws Exception {
        Random random = new Random();
        open().close();
        try (ChildJvm mirror = ChildJvm.start(Main.class, "mirror", "--journal", temp.resolve("journal"), "--bootstrap-servers",
                SharedBroker.address(), "--topic", topic, "--create-topic", "--partitions", PARTITIONS, "--replication-factor", 1,
                "--status-seconds", 1)) {
            mirror.lineThatBegins("Mirroring:");
            for (int i = 0; i < Effort.times(2, 30); i++) {
                try (ChildJvm owner = ChildJvm.start(ChildOwner.class, temp.resolve("journal"), random.nextLong())) {
                    owner.lineThatBegins("appending");
                    Await.spend(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MS / 2)));
                    assertTrue(owner.isAlive(), "the owner ended by itself");
                }
            }
            try (EventStore store = open()) {
                append(store, 10, random);
                mirror.lineThatBegins("MIRRORING: position=" + store.endPosition() + " lagEvents=0");
                assertWhole(SharedBroker.address(), store);
            }
        }
    }

    private void liveAndKill(Random random, String... topics) {
        List<Object> arguments = new ArrayList<>(List.of(temp.resolve("journal"), SharedBroker.address(), topics[0], random.nextLong()));
        arguments.addAll(List.of(topics).subList(1, topics.length));
        try (ChildJvm child = ChildJvm.start(ChildMirror.class, arguments.toArray())) {
            child.lineThatBegins("mirroring");
            Await.spend(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MS)));
            assertTrue(child.isAlive(), "the service ended by itself");
        }
    }
}
