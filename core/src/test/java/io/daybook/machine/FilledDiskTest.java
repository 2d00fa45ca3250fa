package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.machine.Load.Knob;
import io.daybook.recovery.Verifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Somebody else fills the disk to the last byte, at any moment: the store refuses appends before anything is written, loses nothing, lives,
 * reads, and goes on by itself when there is room, the index too.
 */
class FilledDiskTest extends JournalTest {

    private static final long DISK_MIB = 160;

    private static final int ROUNDS = 3;

    private SmallDisk disk;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("FilledDiskTest");
    }

    @BeforeEach
    void mount() throws Exception {
        disk = SmallDisk.mount(temp, DISK_MIB, "FilledDiskTest");
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            Leaks.awaitMappings(disk.folder(), 0);
            disk.close();
        }
    }

    @Test
    void refusesWhileFullLosesNothingAndGoesOn() throws Exception {
        Random random = new Random(seed("refusesWhileFullLosesNothingAndGoesOn"));
        int lives = Effort.times(2, 40);
        int[] figures = new int[4];
        for (int life = 0; life < lives; life++) {
            Load load = Load.usual().with(Knob.ENTITIES, 1_000_000).with(Knob.THREADS, 2).with(Knob.FLUSH_EVENTS, 64).with(Knob.READ, 1)
                .with(Knob.HEADS_FILE_EVENTS, 1_000).with(Knob.CYCLE_BYTES, 1 << 20).with(Knob.FOLLOW, 1)
                .with(Knob.PAYLOAD_BYTES, 6_000).with(Knob.REST_MICROS, 500)
                .with(Knob.NAME_EVERY, life % 2 == 0 ? 30 : 0).with(Knob.REOPEN_EVERY, life % 2 == 0 ? 0 : 50);
            oneLife(random, life, load, figures);
        }
        System.out.println("filled " + figures[0] + " times: refused " + figures[1] + " appends, " + figures[2]
            + " openings or checkpoints; acknowledged and lost: 0 of " + figures[3] + " commits");
        assertTrue(figures[1] > 0);
    }

    private void oneLife(Random random, int life, Load load, int[] figures) throws Exception {
        Path journal = disk.folder().resolve("journal-" + life);
        // Compiled code answers a store to a page without room by an InternalError, interpreted code by the end of the JVM.
        List<String> flags = List.of("-XX:ErrorFile=" + temp.resolve("crash-" + life + ".log"), life % 2 == 1 ? "-Xint" : "-Xmixed");
        try (WriterProcess writer = WriterProcess.start(List.of(), flags, journal, life, load)) {
            for (int round = 0; round < ROUNDS; round++) {
                writer.awaitMore(1, "ack");
                writer.letItWorkFor(random.nextInt(300));
                disk.fill();
                figures[0]++;
                int more = 1 + random.nextInt(50);
                writer.awaitMore(more, "refused", "unopened");
                disk.free();
                long free = System.nanoTime();
                writer.awaitMore(50, "ack");
                long newest = writer.before(free).stream().mapToLong(Told.Acknowledged::end).max().orElse(0);
                writer.awaitIndexed(newest, free);
            }
            figures[1] += writer.count("refused");
            figures[2] += writer.count("unopened") + writer.count("unnamed");
            List<Told.Acknowledged> acknowledged = writer.kill();
            figures[3] += acknowledged.size();
            assertComplete(journal, load, acknowledged);
        }
        JournalFiles.delete(journal);
    }

    private static void assertComplete(Path journal, Load load, List<Told.Acknowledged> acknowledged) throws Exception {
        try (EventStore store = EventStore.open(journal, load.settings())) {
            Contents contents = Contents.read(store, load);
            Told.assertThere(acknowledged, contents, Durability.PROCESS);
            contents.assertHeadsFit(store);
            store.append("after", Expected.absent(), Events.event("After", ""));
        }
        assertEquals(List.of(), Verifier.verify(journal, bytes -> { }).problems());
        Leaks.awaitMappings(journal, 0);
    }
}
