package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The broker's disk is full, and it dies of that; with room it is started again, and the mirror goes on. Needs root, for the disk. */
class KafkaBridgeFullDiskTest extends MirrorCase {

    private static final int PAYLOAD_BYTES = 60_000;
    private static final int MOST_EVENTS = 3000; // 180 MB

    @BeforeAll
    static void inSlowBuildsOnly() {
        Effort.inSlowBuildsOnly("KafkaBridgeFullDiskTest");
    }

    @Test
    void aBrokerThatDiedOfAFullDiskIsWaitedFor() throws Exception {
        Path disk = Files.createDirectories(temp.resolve("disk"));
        boolean mounted = mount("-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString());
        Effort.require(mounted, "A disk of its own cannot be mounted, which needs root: test=KafkaBridgeFullDiskTest");
        try (BrokerProcess broker = BrokerProcess.start(temp.resolve("node"), "log.dirs=" + disk.resolve("data"),
                "log.index.size.max.bytes=1048576"); EventStore store = open();
                KafkaBridge bridge = KafkaBridge.start(store, impatient(settings(broker.address())))) {
            Random random = new Random(3);
            append(store, 50, random);
            assertMirrored(bridge, store.endPosition());
            byte[] payload = new byte[PAYLOAD_BYTES];
            for (int i = 0; i < MOST_EVENTS && broker.isAlive(); i++) { // several times what the disk holds
                random.nextBytes(payload); // or it might be compressed
                store.append("large-" + i % 7, Expected.any(), NewEvent.of("Large", payload));
                if (i % 50 == 0) {
                    store.awaitDurable(store.endPosition() - 1, Durability.DISK, Await.PATIENCE);
                }
            }
            append(store, 50, random); // the journal notices nothing
            Await.until("the broker died", () -> !broker.isAlive());
            Await.until("given up", () -> bridge.status().retries() > 0);
            assertEquals(true, mount("-o", "remount,size=512m", disk.toString()));
            broker.restart();
            assertMirrored(bridge, store.endPosition());
            assertNull(bridge.failure());
            assertWhole(broker.address(), store);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static boolean mount(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "mount";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(command);
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    }
}
