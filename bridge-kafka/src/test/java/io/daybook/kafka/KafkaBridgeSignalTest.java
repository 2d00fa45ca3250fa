package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.kafka.cli.Main;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A mirror beside the process that owns the journal is frozen, or asked to end. */
class KafkaBridgeSignalTest extends MirrorCase {

    private static final int TERMINATED = 128 + 15;
    private static final Duration TRANSACTION = Duration.ofSeconds(1);

    private final Random random = new Random(14);

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeSignalTest");
    }

    private ChildJvm startMirror(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("mirror", "--journal", temp.resolve("journal"), "--bootstrap-servers",
                SharedBroker.address(), "--topic", topic, "--create-topic", "--partitions", PARTITIONS, "--replication-factor", 1,
                "--status-seconds", 1));
        arguments.addAll(List.of(more));
        ChildJvm mirror = ChildJvm.start(Main.class, arguments.toArray());
        mirror.lineThatBegins("Mirroring:");
        return mirror;
    }

    /** Kafka has given its transaction up meanwhile; nobody else mirrors, so it is sent again. */
    @Test
    void aMirrorThatIsFrozenForLongerThanATransactionMayTakeGoesOn() throws Exception {
        try (EventStore store = open(); ChildJvm mirror = startMirror("--transaction-timeout-ms", TRANSACTION.toMillis())) {
            for (int i = 0; i < Effort.times(1, 10); i++) {
                append(store, 300, random); // it is in the middle of these, or not: each run is another
                mirror.signal("STOP");
                append(store, 50, random);
                Await.spend(TRANSACTION.multipliedBy(3));
                mirror.signal("CONT");
                append(store, 50, random);
                mirror.lineThatBegins("MIRRORING: position=" + store.endPosition() + " lagEvents=0");
            }
            assertWhole(SharedBroker.address(), store);
        }
    }

    /** As a machine does that was thought to be dead: what it still sends must not be there twice. */
    @Test
    void aMirrorThatIsFrozenWhileAnotherTakesOverStopsForGood() throws Exception {
        for (int i = 0; i < Effort.times(1, 10); i++) {
            try (EventStore store = open(); ChildJvm frozen = startMirror()) {
                append(store, 300, random);
                frozen.signal("STOP");
                try (KafkaBridge bridge = KafkaBridge.start(store, settings())) {
                    append(store, 50, random);
                    assertMirrored(bridge, store.endPosition());
                    frozen.signal("CONT");
                    append(store, 50, random);
                    String said = frozen.rest();
                    assertTrue(said.contains("Another mirror of this journal has taken over") && !said.contains("Ended:"), said);
                    assertEquals(1, frozen.exitCode());
                    assertMirrored(bridge, store.endPosition());
                }
                assertWhole(SharedBroker.address(), store);
            }
        }
    }

    @Test
    void aMirrorThatIsAskedToEndFinishesWhatIsUnderWay() throws Exception {
        try (EventStore store = open(); ChildJvm mirror = startMirror()) {
            append(store, 300, random);
            mirror.signal("TERM");
            String said = mirror.rest();
            assertTrue(said.contains("Ended: position="), said);
            assertFalse(said.contains("stopped") || said.contains("Exception"), said);
            assertEquals(TERMINATED, mirror.exitCode());
            Verification verification = KafkaBridge.verify(store, settings());
            assertTrue(verification.isEqual(), verification.toString());
            assertTrue(said.contains("Ended: position=" + verification.events() + " "), verification + " but it said " + said);
        }
    }
}
