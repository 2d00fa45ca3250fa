package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Guarantees 2 and 6 under {@code kill -9}: what was acknowledged is there, whole and once, and the next owner goes on at once. */
@Tag("recovery")
class KillTest extends JournalTest {

    private static final List<WriterMode> MODES = WriterMode.all();
    private static final int KILLS_A_MODE = Effort.times(1, 12);
    private static final int KILLS_A_JOURNAL = 8; // all is read after each kill
    private static final int MOST_COMMITS = 3_000;
    private static final int MOST_MS_MORE = 30;
    private static final int MOST_MS_OPENING = 1_000;
    private static final String ALONE = "alone";

    private final KillFigures figures = new KillFigures();

    /** The figures are those of a JVM that has opened a store before. */
    @BeforeEach
    void warmUp() {
        warmUp(temp.resolve("warm"));
    }

    static void warmUp(Path folder) {
        for (int i = 0; i < 3; i++) {
            try (EventStore store = EventStore.open(folder, small())) {
                store.append("a", Expected.any(), Events.event("Happened", ""));
            }
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesKillsUnderLoad() throws Exception {
        long seed = seed("whatWasAcknowledgedSurvivesKillsUnderLoad");
        Random random = new Random(seed);
        int kills = KILLS_A_MODE * MODES.size();
        for (int kill = 0; kill < kills;) {
            Path journalFolder = folder.resolveSibling("journal-" + kill);
            try (KilledJournal journal = new KilledJournal(journalFolder, figures, random)) {
                for (int n = 0; n < KILLS_A_JOURNAL && kill < kills; n++, kill++) {
                    WriterMode mode = MODES.get(kill % MODES.size());
                    String what = "seed=" + seed + " kill=" + kill + " mode=" + mode;
                    killUnderLoad(journal, mode, random);
                    journal.check(what);
                }
            }
            JournalFiles.delete(journalFolder);
        }
        System.out.println("whatWasAcknowledgedSurvivesKillsUnderLoad: " + figures.line());
        assertEquals(kills, figures.counted());
        assertTrue(figures.commits() > 20L * kills, "too few for rolls and flushes");
    }

    /** At a moment of no step's choosing: some time behind an acknowledgement. */
    private void killUnderLoad(KilledJournal journal, WriterMode mode, Random random) throws Exception {
        try (Life life = journal.begin(mode, ALONE)) {
            life.awaitAcknowledged(1 + random.nextInt(random.nextInt(3) == 0 ? 30 : MOST_COMMITS));
            life.letRun(random.nextInt(MOST_MS_MORE));
            assertTrue(journal.kill(life, mode, null));
        }
    }

    @Test
    void killsWhileOpening() throws Exception {
        long seed = seed("killsWhileOpening");
        Random random = new Random(seed);
        try (KilledJournal journal = new KilledJournal(folder, figures, random)) {
            for (int kill = 0; kill < Effort.times(3, 30); kill++) {
                WriterMode mode = MODES.get(random.nextInt(MODES.size()));
                try (Life life = journal.begin(mode, ALONE)) {
                    life.awaitLine("opening");
                    life.letRun(random.nextInt(MOST_MS_OPENING));
                    journal.kill(life, mode, null);
                }
                if (kill % 3 == 2) {
                    journal.check("seed=" + seed + " kill=" + kill);
                }
            }
        }
        System.out.println("killsWhileOpening: " + figures.line());
    }

    @Test
    void aKillAndADeletedIndex() throws Exception {
        long seed = seed("aKillAndADeletedIndex");
        Random random = new Random(seed);
        try (KilledJournal journal = new KilledJournal(folder, figures, random)) {
            for (int kill = 0; kill < Effort.times(2, 16); kill++) {
                killUnderLoad(journal, MODES.get((7 * kill + 1) % MODES.size()), random);
                JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
                journal.check("seed=" + seed + " kill=" + kill);
            }
        }
        System.out.println("aKillAndADeletedIndex: " + figures.line());
    }
}
