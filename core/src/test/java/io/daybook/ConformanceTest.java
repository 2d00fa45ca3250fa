package io.daybook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store does what the model does, over random commits, repeats, changed repeats, rolls and re-openings. */
class ConformanceTest extends JournalTest {

    private static final int WINDOW = 64;
    private static final List<String> FEW = List.of("account-1", "account-2", "account", "-account-1", "order-ä-1", "Account-1", "x");

    private Random random;
    private ModelStore model;
    private EventStore store;
    private StoreClock clock = StoreClock.system();

    @Test
    void fewEntitiesWithSmallPayloads() throws Exception {
        run(seed("fewEntitiesWithSmallPayloads"), FEW, 300, 1_500);
    }

    @Test
    void fewEntitiesWithLargePayloadsOverManyCycles() throws Exception {
        run(seed("fewEntitiesWithLargePayloadsOverManyCycles"), FEW, 1 << 20, 500);
        assertTrue(JournalFiles.cycles(folder).size() > 3, "the test is about rolls");
    }

    @Test
    void manyEntitiesInASmallTable() throws Exception {
        List<String> many = IntStream.range(0, 12_000).mapToObj(n -> "entity-" + n).toList();
        run(seed("manyEntitiesInASmallTable"), many, 300, 7_000);
        assertTrue(model.entities().size() > 4_096, () -> "the test is about evictions, not about " + model.entities().size());
    }

    @Test
    void aClockThatStandsStillAndGoesBack() throws Exception {
        TestClock moving = new TestClock();
        clock = moving;
        Random moves = new Random(7);
        run(seed("aClockThatStandsStillAndGoesBack"), FEW, 300, () -> {
            moving.pass(Math.max(0, moves.nextInt(5) - 2));
            moving.jump(-Math.max(0, moves.nextInt(5) - 3));
        }, 600);
    }

    private void run(long seed, List<String> entities, int largestPayload, int steps) throws Exception {
        run(seed, entities, largestPayload, () -> { }, steps);
    }

    private void run(long seed, List<String> entities, int largestPayload, Runnable between, int steps) throws Exception {
        random = new Random(seed);
        model = new ModelStore(WINDOW);
        RandomCommits commits = new RandomCommits(random, model, entities, largestPayload);
        Conformance conformance = new Conformance(random, model, commits);
        open();
        try {
            for (int n = 0; n < steps; n++) {
                int step = n;
                between.run();
                conformance.commit(store, commits.next(), Durability.PROCESS, () -> "seed=" + seed + " step=" + step);
                conformance.compareSomething(store, () -> "seed=" + seed + " step=" + step);
                if (random.nextInt(steps / 12) == 0) {
                    conformance.compareEverything(store, () -> "seed=" + seed + " step=" + step);
                    reopen();
                    conformance.compareEverything(store, () -> "reopened, seed=" + seed + " step=" + step);
                }
            }
            conformance.compareEverything(store, () -> "at the end, seed=" + seed);
            assertTrue(Files.isDirectory(folder));
        } finally {
            store.close();
            store = null;
        }
    }

    private void open() {
        StoreSettings settings = small().idWindowEvents(WINDOW).clock(clock).flushEvents(1 + random.nextInt(40));
        store = EventStore.open(folder, settings.headsFileEvents(1 + random.nextInt(200)));
    }

    private void reopen() throws Exception {
        store.close();
        if (random.nextInt(3) == 0) {
            JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
        }
        open();
    }
}
