package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Durability;
import io.daybook.Effort;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantees 2 and 6 under {@code kill -9} at chosen places: an owner is halted at a line of a named step of the product and killed there.
 * In every build at one line of some steps. With {@code -Pslow} at every line of every step: the even ones of a step with assertions, the
 * odd ones without, all of them where there are few.
 */
@Tag("recovery")
class StepKillTest extends JournalTest {

    private static final List<WriterMode> MODES = WriterMode.all();
    private static final boolean EVERY_LINE = Effort.times(0, 1) == 1;
    private static final int STEPS = Effort.times(4, Step.values().length);
    private static final int LEAST_AT_A_STEP = Effort.times(1, 5);
    private static final int FEW_LINES = 20;
    private static final int TRIES = 3;
    private static final int KILLS_A_JOURNAL = 10; // all is read after each kill
    private static final int FIRST_COMMITS = 100;
    private static final int WATCHED_COMMITS = 2_000;
    private static final int PATIENCE_MS = 2_000;
    private static final int LONG_PATIENCE_MS = 4_000;
    private static final int OPENING_PATIENCE_MS = 20_000;
    private static final int LOOK_MS = 50;
    private static final int MOST_MS_MORE = 30;
    private static final String ALONE = "alone";

    private final KillFigures figures = new KillFigures();
    private final List<Place> missed = new ArrayList<>();
    private StepPlaces places;
    private Random random;
    private String hint;
    private KilledJournal journal;
    private int journals;
    private int killsOfJournal;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("StepKillTest");
    }

    @Test
    void aKillAtANamedStepLosesNothing() throws Exception {
        long seed = seed("aKillAtANamedStepLosesNothing");
        hint = "seed=" + seed + " kill=";
        random = new Random(seed);
        places = StepPlaces.find();
        KillTest.warmUp(temp.resolve("warm"));
        List<Step> steps = new ArrayList<>(Arrays.asList(Step.values()));
        Collections.shuffle(steps, random);
        steps.subList(STEPS, steps.size()).clear();
        try {
            watchTwoLives();
            for (Step step : steps) {
                killAt(step);
                if (EVERY_LINE) {
                    System.out.println("kills at " + step + ": " + figures.at(step.name()) + " of " + figures.counted() + " that count");
                }
            }
        } finally {
            closeJournal();
        }
        System.out.println("aKillAtANamedStepLosesNothing: " + figures.line() + "; " + places
            + (EVERY_LINE ? "; rare: " + places.rare() : "") + "; missed: " + missed);
        for (Step step : steps) {
            assertTrue(figures.at(step.name()) >= LEAST_AT_A_STEP, () -> "too few kills at " + step);
        }
        assertEquals(List.of(), places.wronglyListed(), "lines that should not be reached");
    }

    /** What a life passes that begins a journal, and the next one that finds what it left. Both are killed like all others. */
    private void watchTwoLives() throws Exception {
        nextJournal();
        for (boolean again : new boolean[] {false, true}) {
            WriterMode mode = new WriterMode(1, again, Durability.DISK);
            try (Life life = journal.begin(mode, ChildWriter.FOLLOWS, Debugger.flag(true));
                 Debugger debugger = Debugger.attach(life.awaitLine(Debugger.LISTENING))) {
                debugger.watch(places.all());
                debugger.go();
                while (life.commits() < (again ? WATCHED_COMMITS : FIRST_COMMITS)) {
                    assertNull(debugger.awaitHalt(LOOK_MS));
                    life.requireRunning();
                }
                assertTrue(journal.kill(life, mode, null));
                places.passed(debugger.passed());
            }
        }
        journal.check(hint + "0 behind two lives that were watched");
    }

    /** At every line of it that is this run's; or at any one. */
    private void killAt(Step step) throws Exception {
        List<Place> lines = new ArrayList<>(places.passed(step));
        if (lines.size() >= FEW_LINES) {
            int odd = StepKillTest.class.desiredAssertionStatus() ? 0 : 1;
            lines.removeIf(place -> EVERY_LINE && place.line() % 2 != odd);
        }
        Collections.shuffle(lines, random);
        for (Place place : lines) {
            Place halted = null;
            for (int tries = 0; tries < TRIES && !place.equals(halted); tries += halted == null ? 1 : 0) {
                halted = step.isOpening() ? killWhileOpening(place) : killUnderLoad(place);
                journal.check(hint + figures.counted() + " place=" + place + " halted=" + halted);
            }
            if (!place.equals(halted)) {
                missed.add(place);
            } else if (!EVERY_LINE) {
                return;
            }
        }
    }

    private Place killUnderLoad(Place place) throws Exception {
        if (++killsOfJournal > KILLS_A_JOURNAL || place.step() == Step.GROWTH) {
            nextJournal();
        }
        WriterMode mode = anyMode();
        try (Life life = journal.begin(mode, ChildWriter.FOLLOWS, Debugger.flag(false))) {
            String listening = life.awaitLine(Debugger.LISTENING);
            life.awaitAcknowledged(1 + random.nextInt(FIRST_COMMITS));
            try (Debugger debugger = Debugger.attach(listening)) {
                boolean alone = random.nextBoolean();
                debugger.haltAt(place, 1 + random.nextInt(place.step().passages()), rare(), alone);
                Place halted = debugger.awaitHalt(PATIENCE_MS);
                if (halted == null) {
                    debugger.haltAt(place, 1, rare(), alone);
                    halted = debugger.awaitHalt(LONG_PATIENCE_MS);
                }
                if (alone) {
                    life.letRun(random.nextInt(MOST_MS_MORE)); // the others may
                }
                assertTrue(kill(life, mode, halted));
                return halted;
            }
        }
    }

    /** One owner is killed, and the next one while it opens what that one left. */
    private Place killWhileOpening(Place place) throws Exception {
        if (place.step() == Step.CREATION) {
            nextJournal();
        } else {
            List<Place> roll = places.passed(Step.CHRONICLE);
            killUnderLoad(roll.get(random.nextInt(roll.size())));
        }
        WriterMode mode = anyMode();
        try (Life life = journal.begin(mode, ALONE, Debugger.flag(true));
             Debugger debugger = Debugger.attach(life.awaitLine(Debugger.LISTENING))) {
            debugger.haltAt(place, 1, rare(), random.nextBoolean());
            debugger.go();
            Place halted = null;
            for (int n = 0; n < OPENING_PATIENCE_MS / LOOK_MS && halted == null && !life.isOpened(); n++) {
                halted = debugger.awaitHalt(LOOK_MS);
            }
            kill(life, mode, halted);
            return halted;
        }
    }

    private boolean kill(Life life, WriterMode mode, Place halted) throws Exception {
        places.rare().remove(halted);
        return journal.kill(life, mode, halted == null ? null : halted.step().name());
    }

    private Set<Place> rare() {
        return EVERY_LINE ? places.rare() : Set.of();
    }

    private WriterMode anyMode() {
        return MODES.get(random.nextInt(MODES.size()));
    }

    private void nextJournal() throws Exception {
        closeJournal();
        journal = new KilledJournal(folder.resolveSibling("journal-" + journals++), figures, random);
        killsOfJournal = 0;
    }

    private void closeJournal() throws Exception {
        if (journal != null) {
            Path closed = journal.folder();
            journal.close();
            journal = null;
            JournalFiles.delete(closed);
        }
    }
}
