package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store does what the model does, over random commits, repeats, changed repeats, rolls and re-openings. */
class ConformanceTest extends JournalTest {

    private static final int WINDOW = 64;
    private static final List<String> FEW = List.of("account-1", "account-2", "account", "-account-1", "order-ä-1", "Account-1", "x");

    private Random random;
    private ModelStore model;
    private RandomCommits commits;
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
        commits = new RandomCommits(random, model, entities, largestPayload);
        open();
        try {
            for (int step = 0; step < steps; step++) {
                between.run();
                commit(commits.next(), "seed=" + seed + " step=" + step);
                compareSomething("seed=" + seed + " step=" + step);
                if (random.nextInt(steps / 12) == 0) {
                    compareEverything("seed=" + seed + " step=" + step);
                    reopen();
                    compareEverything("reopened, seed=" + seed + " step=" + step);
                }
            }
            compareEverything("at the end, seed=" + seed);
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

    private void commit(Commit commit, String when) {
        long end = store.endPosition();
        ModelStore.Outcome wanted = model.judge(commit);
        String what = when + " conditions=" + commit.conditions() + " of=" + commit.entries().stream().map(Commit.Entry::entity).toList();
        AppendResult result;
        try {
            result = store.commit(commit);
        } catch (ConflictException e) {
            ModelStore.Outcome refused = new ModelStore.Refused(e.entity(), e.expected(), e.actual());
            assertEquals(wanted instanceof ModelStore.Reused reused && reused.orElse() != null ? reused.orElse() : wanted, refused, what);
            assertEquals(end, store.endPosition(), what);
            return;
        } catch (EventIdReusedException e) {
            assertTrue(wanted instanceof ModelStore.Reused, () -> what + " should be " + wanted + " and was " + e.getMessage());
            assertEquals(e.id(), model.event(e.position()).id(), what);
            assertTrue(commit.entries().stream().anyMatch(entry -> e.id().equals(entry.event().id())), what);
            assertEquals(end, store.endPosition(), what);
            return;
        }
        if (result.duplicate()) {
            assertEquals(wanted, new ModelStore.Repeat(result), what);
            assertEquals(end, store.endPosition(), what);
        } else {
            assertEquals(wanted, new ModelStore.Written(result.firstPosition(), result.lastPosition(), result.version()), what);
            model.apply(commit, result.timeNs(), idsOf(commit, result));
        }
    }

    private List<UUID> idsOf(Commit commit, AppendResult result) {
        List<UUID> ids = new ArrayList<>();
        try (Cursor cursor = store.readAll(new StartFrom.Position(result.firstPosition()), Filter.all())) {
            for (Commit.Entry entry : commit.entries()) {
                assertTrue(cursor.next(), "what was appended can be read");
                UUID id = cursor.event().id();
                assertEquals(entry.event().id() == null ? id : entry.event().id(), id);
                ids.add(id);
            }
        }
        return ids;
    }

    private void compareSomething(String when) {
        assertEquals(model.endPosition(), store.endPosition(), when);
        String entity = commits.anEntity();
        assertEquals(model.version(entity), store.version(entity), when + " " + entity);
        ReadRange range = aRange(model.version(entity) + 2);
        assertEquals(Events.lines(model.read(entity, range)), Events.drain(store.read(entity, range)), when + " " + entity + " " + range);
        StartFrom from = aStart();
        Filter filter = commits.aFilter();
        ReadRange part = aRange(Long.MAX_VALUE).limit(random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(60));
        ReadRange of = new ReadRange(0, Long.MAX_VALUE, part.toPosition(), part.toTimeNs(), part.limit(), part.backwards());
        assertEquals(Events.lines(model.readAll(from, filter, of)), Events.drain(store.readAll(from, filter, of)),
            when + " " + from + " " + filter + " " + of);
    }

    private void compareEverything(String when) {
        assertEquals(Events.lines(model.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all())), Events.all(store), when);
        List<String> backwards = Events.drain(store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed()));
        assertEquals(Events.lines(model.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed())), backwards, when);
        for (String entity : model.entities()) {
            assertEquals(model.version(entity), store.version(entity), when + " " + entity);
            assertEquals(Events.lines(model.read(entity, ReadRange.all())), Events.of(store, entity), when + " " + entity);
        }
        assertEquals(model.entities().size(), store.stats().entities(), when);
        assertTrue(Files.isDirectory(folder));
    }

    private ReadRange aRange(long versions) {
        ReadRange range = ReadRange.all();
        long most = Math.max(1, Math.min(versions, 1 << 20));
        range = random.nextInt(3) == 0 ? range.from(random.nextLong(most)) : range;
        range = random.nextInt(3) == 0 ? range.to(random.nextLong(most)) : range;
        range = random.nextInt(4) == 0 ? range.toPosition(random.nextLong(model.endPosition() + 2)) : range;
        range = random.nextInt(4) == 0 ? range.toTime(aTime()) : range;
        range = random.nextInt(3) == 0 ? range.limit(random.nextInt(20)) : range;
        return random.nextBoolean() ? range.reversed() : range;
    }

    private StartFrom aStart() {
        return switch (random.nextInt(8)) {
            case 0 -> StartFrom.beginning();
            case 1 -> StartFrom.now();
            case 2, 3 -> StartFrom.time(aTime());
            default -> StartFrom.after(random.nextLong(model.endPosition() + 3));
        };
    }

    /** That of an event, or just beside it. */
    private long aTime() {
        if (model.endPosition() == 0) {
            return random.nextLong();
        }
        return model.event(random.nextLong(model.endPosition())).timeNs() + random.nextInt(3) - 1;
    }
}
