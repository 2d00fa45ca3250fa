package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.ChildJvm;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalId;
import io.daybook.JournalTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guarantees 2 and 6 under {@code kill -9}: what was acknowledged is there, whole and once, and the next owner goes on at once. */
@Tag("recovery")
class KillTest extends JournalTest {

    private final List<ChildWriter.Acknowledged> acknowledged = new ArrayList<>();
    private boolean openedByChild;

    @Test
    void whatWasAcknowledgedSurvivesKillsUnderLoad() throws Exception {
        long seed = seed("whatWasAcknowledgedSurvivesKillsUnderLoad");
        Random random = new Random(seed);
        warmUp();
        List<String> times = new ArrayList<>();
        for (int life = 0; life < 12; life++) {
            int acks = random.nextInt(life % 3 == 0 ? 30 : 3_000);
            killAfter(life, acks, seed);
            if (life % 3 != 1) {
                times.add(reopenAndCheck("seed=" + seed + " life=" + life));
            }
        }
        reopenAndCheck("seed=" + seed + " at the end");
        System.out.println("opened and appended after a kill: " + String.join(", ", times) + "; acknowledged commits: "
            + acknowledged.size());
        assertTrue(acknowledged.size() > 1_000);
    }

    @Test
    void killsWhileOpening() throws Exception {
        long seed = seed("killsWhileOpening");
        Random random = new Random(seed);
        warmUp();
        for (int life = 0; life < 10; life++) {
            try (ChildJvm child = ChildJvm.start(ChildWriter.class, folder, life)) {
                child.lineThatBegins("opening");
                assertFalse(child.endedWithin(random.nextInt(600)), "it goes on until it is killed");
                child.kill();
                collect(child.lines());
            }
            if (life % 4 == 3) {
                reopenAndCheck("seed=" + seed + " life=" + life);
            }
        }
        reopenAndCheck("seed=" + seed + " at the end");
    }

    @Test
    void aKillAndADeletedIndex() throws Exception {
        long seed = seed("aKillAndADeletedIndex");
        for (int life = 0; life < 3; life++) {
            killAfter(life, 500, seed);
            JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
            reopenAndCheck("seed=" + seed + " life=" + life);
        }
    }

    private void killAfter(int life, int acks, long seed) {
        try (ChildJvm child = ChildJvm.start(ChildWriter.class, folder, life)) {
            collect(List.of(child.lineThatBegins("opened")));
            for (int n = 0; n < acks; n++) {
                String line = child.line();
                assertTrue(line != null && line.startsWith("ack "), () -> "seed=" + seed + ": the child said " + line + "\n"
                    + child.lines());
                collect(List.of(line));
            }
            child.kill();
            collect(child.lines());
        }
    }

    private void collect(List<String> lines) {
        for (String line : lines) {
            assertFalse(line.startsWith("failed") || line.startsWith("Exception"), () -> String.join("\n", lines));
            openedByChild |= line.startsWith("opened");
            ChildWriter.Acknowledged ack = ChildWriter.Acknowledged.of(line);
            if (ack != null) {
                acknowledged.add(ack);
            }
        }
    }

    private String reopenAndCheck(String what) {
        long start = System.nanoTime();
        try (EventStore store = EventStore.open(folder, ChildWriter.settings())) {
            JournalId id = store.id();
            long end = store.endPosition();
            AppendResult result = store.append("parent", Expected.exactly(store.version("parent")), Events.event("Looked", what));
            long took = System.nanoTime() - start;
            assertEquals(end, result.firstPosition(), what);
            assertEquals(1, id.epoch(), what + ": the machine did not stop");
            assertFalse(store.recovery().machineStopped(), what);
            assertFalse(store.recovery().newEpoch(), what);
            assertFalse(store.recovery().cleanlyClosed() && openedByChild, what + ": it was killed");
            openedByChild = false;
            ChildWriter.assertComplete(store, acknowledged);
            return took / 1_000_000 + " ms (replayed " + store.recovery().replayedEvents()
                + (store.recovery().indexRebuilt() ? ", rebuilt)" : ")");
        }
    }

    private void warmUp() {
        for (int i = 0; i < 3; i++) {
            try (EventStore store = EventStore.open(temp.resolve("warm"), small())) {
                store.append("a", Expected.any(), Events.event("Happened", ""));
            }
        }
    }
}
