package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar as a user has it. */
class RunnableJarIT extends MirrorCase {

    private static final Path JAR = Path.of(System.getProperty("daybook.kafka.jar", "target/daybook-bridge-kafka.jar"));

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("RunnableJarIT of the bridge");
    }

    @Test
    void itMirrorsComparesAndRestores() throws Exception {
        try (EventStore store = open()) {
            append(store, 50, new Random(15));
            String end = "position=" + store.endPosition() + " ";
            Path journal = temp.resolve("journal");
            assertRun(0, "Caught up: " + end, "mirror", journal, "--create-topic", "--partitions", PARTITIONS, "--replication-factor", 1,
                    "--until-caught-up");
            assertRun(0, "events=" + store.endPosition() + " stillToMirror=0", "verify", journal);
            Path restored = temp.resolve("restored");
            assertRun(0, "The journal is restored: events=" + store.endPosition(), "restore", restored);
            assertRun(0, "events=" + store.endPosition() + " stillToMirror=0", "verify", restored);
            assertRun(1, "There is no journal", "verify", temp.resolve("nowhere"));
            assertRun(2, "Unknown option", "mirror", journal, "--no-such-option");
            assertWhole(SharedBroker.address(), store);
        }
    }

    private void assertRun(int exitCode, String expected, String command, Path journal, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(command, "--journal", journal, "--bootstrap-servers", SharedBroker.address(),
                "--topic", topic));
        arguments.addAll(List.of(more));
        try (ChildJvm child = ChildJvm.startJar(JAR, arguments.toArray())) {
            String said = child.rest();
            assertEquals(exitCode, child.exitCode(), said);
            assertTrue(said.contains(expected), said);
        }
    }
}
