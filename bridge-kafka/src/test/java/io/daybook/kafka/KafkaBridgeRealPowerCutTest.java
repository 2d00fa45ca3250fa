package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Leaks;
import io.daybook.machine.PowerCutDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The journal's machine loses its power under load. A service appends and mirrors; it is frozen, so that it sends nothing more, its disk is
 * photographed, and the journal goes on from the photograph: the topic is never ahead of it. Needs root, for the disk.
 */
class KafkaBridgeRealPowerCutTest extends MirrorCase {

    private static final int LONGEST_LIFE_MS = 1000;
    private static final int PAUSE_MS = 20;

    private PowerCutDisk disk;
    private Random random;
    private long lost;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeRealPowerCutTest");
    }

    @BeforeEach
    void mount() throws Exception {
        disk = PowerCutDisk.mount(temp, "KafkaBridgeRealPowerCutTest");
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void theTopicIsNeverAheadOfTheJournalAfterPowerCutsUnderLoad() throws Exception {
        long seed = Long.getLong("daybook.seed", System.nanoTime());
        System.out.println("KafkaBridgeRealPowerCutTest: seed=" + seed + " (repeat with -Ddaybook.seed=" + seed + ")");
        random = new Random(seed);
        int cuts = Effort.times(2, 40);
        for (int cut = 1; cut <= cuts; cut++) {
            long seen = liveUntilThePowerIsCut();
            Leaks.awaitMappings(disk.inner(), 0);
            recover(disk.mountCut(), seen);
            disk.goOnFromCut();
        }
        System.out.println("KafkaBridgeRealPowerCutTest: cuts=" + cuts + " lostEvents=" + lost);
        assertTrue(lost > 0 || cuts < 10, "the cuts take something that was not on the device");
    }

    private ChildJvm start(Class<?> main, Object... arguments) throws Exception {
        return ChildJvm.start(PowerCutDisk.onBoot(new UUID(random.nextLong(), random.nextLong()), temp), "error", main, arguments);
    }

    /** Answers what readers saw last. */
    private long liveUntilThePowerIsCut() throws Exception {
        try (ChildJvm service = start(ChildLazyMirror.class, disk.inner().resolve("journal"), SharedBroker.address(), topic,
                random.nextLong())) {
            service.lineThatBegins("mirroring");
            Await.spend(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MS)));
            assertTrue(service.isAlive(), "the service ended by itself");
            service.signal("STOP");
            disk.photograph();
            try (EventStore seen = EventStore.openReadOnly(disk.inner().resolve("journal"), small())) {
                return seen.endPosition();
            }
        }
    }

    /** What the disk held is opened, is not behind the topic, and is mirrored on. */
    private void recover(Path root, long seen) throws Exception {
        try (EventStore store = EventStore.open(root.resolve("journal"), small())) {
            assertTrue(store.recovery().machineStopped(), store.recovery().toString());
            assertTrue(seen >= store.endPosition(), "seen=" + seen + " end=" + store.endPosition());
            lost += seen - store.endPosition();
            mirror(store, settings()); // refused if the topic is ahead; ends what the service left open
            Verification found = KafkaBridge.verify(store, settings());
            assertTrue(found.isEqual() && found.events() == store.endPosition(), found.toString());
            append(store, 10, random);
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
        Leaks.awaitMappings(root, 0);
    }

    /** The owner's machine was started again; the mirror, as on another machine, was not. */
    @Test
    void aMirrorThatLivesOnBesideANewEpochGoesOn() throws Exception {
        random = new Random(3);
        liveOnBesideANewEpoch(disk.inner().resolve("journal"));
        Leaks.awaitMappings(disk.inner(), 0);
    }

    private void liveOnBesideANewEpoch(Path journal) throws Exception {
        EventStore.open(journal, small()).close();
        try (EventStore seen = EventStore.openReadOnly(journal, small()); KafkaBridge bridge = KafkaBridge.start(seen, settings())) {
            bridge.awaitMirroring(Await.PATIENCE);
            try (ChildJvm owner = start(ChildOwner.class, journal, random.nextLong(), PAUSE_MS)) {
                owner.lineThatBegins("appending");
                assertMirrored(bridge, 100);
            }
            try (EventStore next = EventStore.open(journal, small())) {
                assertTrue(next.recovery().newEpoch(), next.recovery().toString());
                append(next, 10, random);
                assertMirrored(bridge, next.endPosition());
                assertNull(bridge.failure());
                assertInstanceOf(EpochChangedException.class, bridge.status().lastError());
                assertWhole(SharedBroker.address(), next);
            }
        }
    }
}
