package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.machine.Load.Knob;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantees 1, 2 and 6 over power cuts: a process writes on a disk that is photographed at any moment, and a machine that was started
 * again, which is this JVM with another boot id, opens the journal in the photograph.
 */
@Tag("recovery")
class RealPowerCutTest extends JournalTest {

    private static final int CUTS_A_WRITER = 3;
    private static final int INTERVAL_MS = 200;
    private static final int LONGER_THAN_IT_MAY_LOSE_MS = (int) (CutJournal.FORCE_NS / 1_000_000) + INTERVAL_MS + 1_000;

    private PowerCutDisk disk;
    private CutJournal cuts;
    private Random random;
    private int life;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("RealPowerCutTest");
    }

    @BeforeEach
    void mount() throws Exception {
        disk = PowerCutDisk.mount(temp, "RealPowerCutTest");
    }

    @AfterEach
    void unmount() {
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void whatWasAcknowledgedOnDiskSurvivesPowerCutsUnderLoad() throws Exception {
        random = new Random(seed("whatWasAcknowledgedOnDiskSurvivesPowerCutsUnderLoad"));
        cuts = new CutJournal();
        int wanted = Effort.times(6, 240);
        boolean recovered = false;
        while (cuts.figures().cuts < wanted) {
            if (!recovered) {
                disk.clear();
                cuts.begin();
            }
            recovered = oneWriter(life % 2 == 0);
            life++;
        }
        System.out.println(cuts.figures());
        assertEquals(0, cuts.figures().lostOnDisk);
        assertTrue(cuts.figures().acknowledgedOnDisk > 0 && cuts.figures().lostEvents > 0, "the cuts take something");
    }

    /** Cuts one writer's journal some times while it goes on. True: the journal recovered from the last cut is the next writer's. */
    private boolean oneWriter(boolean goOn) throws Exception {
        Load load = load();
        try (WriterProcess writer = start(load)) {
            if (random.nextInt(3) > 0) {
                writer.awaitMore(1, "ack");
            }
            if (load.get(Knob.INTERVAL_MS) > 0) {
                writer.letItWorkFor(LONGER_THAN_IT_MAY_LOSE_MS); // so that there is more than may be lost
            }
            for (int cut = 1; cut <= CUTS_A_WRITER; cut++) {
                writer.letItWorkFor(random.nextInt(400));
                long beginNs = System.nanoTime();
                disk.photograph();
                long endNs = System.nanoTime();
                Path root = disk.mountCut();
                writer.awaitAllPast(beginNs);
                CutJournal.Moment moment = new CutJournal.Moment(beginNs, endNs);
                long end = cuts.check(root.resolve("journal"), disk.inner().resolve("journal"), writer, moment);
                Leaks.awaitMappings(root, 0);
                if (goOn && cut == CUTS_A_WRITER) {
                    writer.kill();
                    cuts.goOnFrom(writer, end);
                    disk.goOnFromCut();
                    return true;
                }
                disk.dropCut();
            }
            writer.kill();
        }
        return false;
    }

    /** Every other writer has an interval and nothing else that forces, so that nothing else bounds what is lost. */
    private Load load() {
        long cycleBytes = life / 2 % 2 == 0 ? 64 << 20 : 2 << 20; // the same for both writers of a journal
        Load load = Load.usual().with(Knob.FOLLOW, 1).with(Knob.FLUSH_EVENTS, 500).with(Knob.CYCLE_BYTES, cycleBytes);
        if (life % 2 == 1) {
            return load.with(Knob.INTERVAL_MS, INTERVAL_MS).with(Knob.DISK_EVERY, 1_000_000).with(Knob.HEADS_FILE_EVENTS, 1_000_000_000);
        }
        int[] diskEvery = {20, 1, 200, 1_000_000};
        return load.with(Knob.DISK_EVERY, diskEvery[life / 2 % diskEvery.length])
            .with(Knob.HEADS_FILE_EVENTS, random.nextBoolean() ? 3_000 : 1_000_000_000);
    }

    private WriterProcess start(Load load) throws Exception {
        List<String> flags = List.of("-XX:ErrorFile=" + temp.resolve("crash.log"));
        List<String> wrapper = PowerCutDisk.onBoot(new UUID(random.nextLong(), random.nextLong()), temp);
        return WriterProcess.start(wrapper, flags, disk.inner().resolve("journal"), life, load);
    }
}
