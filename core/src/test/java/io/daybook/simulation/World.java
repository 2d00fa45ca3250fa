package io.daybook.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Appender;
import io.daybook.Commit;
import io.daybook.Conformance;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.ModelStore;
import io.daybook.NewEvent;
import io.daybook.RandomCommits;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.agrona.MutableDirectBuffer;

/** A store on real files, the model of it, and steps that are done to both. All follows from a seed but what the store's agent does. */
final class World {

    private static final Kind[] CHOICE = choice();
    private static final int REMEMBERED = 20;
    private static final int WATCHERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Random random;
    private final ModelStore model = new ModelStore(1);
    private final RandomCommits commits;
    private final Conformance conformance;
    private final Ground ground;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
    private final Deque<String> remembered = new ArrayDeque<>();
    private Appender appender;
    private long forced;
    private long cut;
    private int step;

    World(long seed, Path temp) {
        random = new Random(seed);
        int entities = List.of(5, 60, 3_000).get(random.nextInt(3));
        List<String> names = IntStream.range(0, entities).mapToObj(n -> "entity" + "-Ä".repeat(n % 3) + "-" + n).toList();
        commits = new RandomCommits(random, model, names, random.nextInt(4) == 0 ? 60_000 : 3_000);
        conformance = new Conformance(random, model, commits);
        ground = new Ground(random, model, temp);
    }

    private static Kind[] choice() {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.addAll(Collections.nCopies(kind.weight(), kind));
        }
        return kinds.toArray(new Kind[0]);
    }

    /** Does so many steps. A failure tells the last of them. */
    void run(int steps) throws Exception {
        try {
            ground.open();
            ground.openReader();
            startLife();
            for (step = 0; step < steps; step++) {
                Kind kind = CHOICE[random.nextInt(CHOICE.length)];
                remember(kind.toString());
                step(kind);
                done.merge(kind, 1, Integer::sum);
            }
            compareAll();
        } catch (Throwable e) {
            throw new AssertionError(this + " the last steps were:\n  " + String.join("\n  ", remembered), e);
        } finally {
            watchers.forEach(Watcher::stop);
            ground.end();
        }
    }

    private void remember(String what) {
        if (remembered.size() == REMEMBERED) {
            remembered.removeFirst();
        }
        remembered.addLast(step + " " + what);
    }

    private void detail(String what) {
        remembered.addLast(remembered.removeLast() + " " + what);
    }

    /** How often each kind of step was done. */
    Map<Kind, Integer> done() {
        return done;
    }

    /** How many events machines that stopped took. */
    long cut() {
        return cut;
    }

    @Override
    public String toString() {
        return "step=" + step + " events=" + model.endPosition();
    }

    private EventStore store() {
        return ground.owner();
    }

    private void step(Kind kind) throws Exception {
        switch (kind) {
            case COMMIT -> commit(Durability.PROCESS);
            case FORCED_COMMIT -> commit(Durability.DISK);
            case CLAIM -> claim();
            case READ -> conformance.compareSomething(store(), this::toString);
            case READ_BESIDE -> readBeside();
            case POLL -> poll();
            case START_WATCHER -> startWatcher();
            case STOP_WATCHER -> stopWatcher();
            case PASS -> ground.clock.pass(random.nextLong(random.nextBoolean() ? 1_000 : 3_000_000_000L));
            case JUMP -> ground.clock.jump((random.nextLong(3) - 1) * random.nextLong(random.nextBoolean() ? 5_000_000_000L
                : 8_000_000_000_000L));
            case AWAIT -> awaitDurable();
            case MISUSE -> misuse();
            case SUBSCRIBE -> subscribe();
            case OPEN_READER -> {
                stopWatchersOf(ground.reader());
                ground.closeReader();
                ground.openReader();
            }
            case REOPEN -> endLife(() -> ground.closeAndOpen());
            case KILL -> endLife(() -> ground.crash(false, forced));
            default -> stopMachine();
        }
    }

    private void commit(Durability rung) {
        Commit commit = commits.next();
        settle(conformance.commit(store(), commit, rung, this::toString), rung);
    }

    private void settle(AppendResult result, Durability rung) {
        if (result != null && !result.duplicate()) {
            assertEquals(ground.modelClock().next(), result.timeNs(), "the time of the commit");
        }
        if (result != null && rung == Durability.DISK) {
            forced = Math.max(forced, result.lastPosition() + 1);
            assertTrue(store().endPosition(Durability.DISK) >= forced);
        }
        detail(String.valueOf(result));
    }

    /** Through an appender, where the commit is one that it can send. */
    private void claim() {
        Commit commit = commits.next();
        Commit.Entry entry = commit.entries().get(0);
        Expected expected = commit.conditions().get(entry.entity());
        boolean versioned = expected instanceof Expected.Exactly || expected instanceof Expected.Absent;
        NewEvent event = entry.event();
        if (commit.entries().size() > 1 || commit.conditions().size() > 1 || !versioned || event.schemaVersion() > 0
            || event.metadata().length > 0) {
            settle(conformance.commit(store(), commit, Durability.PROCESS, this::toString), Durability.PROCESS);
            return;
        }
        if (random.nextInt(5) == 0) {
            appender.claim(commits.anEntity(), random.nextInt(5) - 1, "Aborted", 1 + random.nextInt(1_000)).putByte(0, (byte) 1);
            assertThrows(IllegalStateException.class, () -> appender.claim("a-1", -1, "T", 1));
            appender.abort();
        }
        long version = expected instanceof Expected.Exactly exactly ? exactly.version() : -1;
        settle(conformance.commit(store(), commit, () -> send(entry.entity(), version, event), this::toString), Durability.PROCESS);
    }

    private AppendResult send(String entity, long version, NewEvent event) {
        long end = store().endPosition();
        MutableDirectBuffer buffer = appender.claim(entity, version, event.type(), event.payload().length);
        buffer.putBytes(0, event.payload());
        UUID id = event.id();
        if (id != null) {
            appender.id(id.getMostSignificantBits(), id.getLeastSignificantBits());
        }
        long position = appender.append();
        try (Cursor cursor = store().readAll(new StartFrom.Position(position), Filter.all())) {
            assertTrue(cursor.next());
            return new AppendResult(position, position, cursor.event().version(), cursor.event().timeNs(), position < end);
        }
    }

    private void readBeside() {
        assertEquals(model.endPosition(), ground.reader().endPosition());
        conformance.compareSomething(ground.reader(), this::toString);
        assertTrue(ground.reader().endPosition(Durability.DISK) >= forced);
    }

    private void poll() throws Exception {
        Watcher watcher = aWatcher();
        if (watcher != null && watcher.isRunning()) {
            watcher.poll();
            detail(watcher.toString());
        }
    }

    private Watcher aWatcher() {
        return watchers.isEmpty() ? null : watchers.get(random.nextInt(watchers.size()));
    }

    private void startWatcher() throws Exception {
        if (watchers.size() < WATCHERS) {
            String name = random.nextInt(3) == 0 ? null : "watcher_" + step;
            watchers.add(new Watcher(random, model, name, commits.aFilter(), () -> store().endPosition(Durability.DISK)));
        }
        Watcher watcher = aWatcher();
        if (!watcher.isRunning()) {
            detail(watcher.toString());
            watcher.start(random.nextInt(3) == 0 ? ground.reader() : store(), ground.folder());
        }
    }

    private void stopWatcher() {
        Watcher watcher = aWatcher();
        if (watcher != null) {
            watcher.stop();
            if (random.nextInt(10) == 0) {
                watchers.remove(watcher);
            }
        }
    }

    private void awaitDurable() {
        long position = random.nextLong(model.endPosition() + 2);
        assertEquals(position < model.endPosition(), store().awaitDurable(position, Durability.DISK, PATIENCE), "position=" + position);
        forced = position < model.endPosition() ? Math.max(forced, position + 1) : forced;
        assertTrue(store().endPosition(Durability.DISK) >= forced);
    }

    private void misuse() {
        NewEvent event = NewEvent.json("T", "{}");
        String name = commits.anEntity();
        long end = store().endPosition();
        Class<? extends RuntimeException> wanted = IllegalArgumentException.class;
        switch (random.nextInt(9)) {
            case 0 -> assertThrows(wanted, () -> store().append("", Expected.any(), event));
            case 1 -> assertThrows(wanted, () -> store().append("a\u0000b", Expected.any(), event));
            case 2 -> assertThrows(wanted, () -> store().append("ä".repeat(257), Expected.any(), event));
            case 3 -> assertThrows(wanted, () -> store().append(name, Expected.any(), NewEvent.of("T", new byte[(1 << 16) + 1])));
            case 4 -> assertThrows(wanted, () -> store().append(name, Expected.any(), event.withMetadata(new byte[(64 << 10) + 1])));
            case 5 -> assertThrows(IllegalStateException.class,
                () -> store().append(name, Expected.any(), List.of(event), Durability.REPLICATED));
            case 6 -> assertThrows(IllegalStateException.class, () -> ground.reader().append(name, Expected.any(), event));
            case 7 -> assertThrows(wanted, () -> store().poller(Follow.from(StartFrom.after(end)), e -> { }));
            default -> assertThrows(wanted, () -> store().commit(Commit.create()));
        }
        assertEquals(end, store().endPosition());
    }

    private void subscribe() throws InterruptedException {
        EventStore of = random.nextInt(3) == 0 ? ground.reader() : store();
        long first = random.nextLong(model.endPosition() + 1);
        Filter filter = commits.aFilter();
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        try (Subscription subscription = of.subscribe(Follow.from(first == 0 ? StartFrom.beginning() : StartFrom.after(first - 1)).filter(
            filter), event -> seen.add(Events.line(event.copy())))) {
            commit(Durability.PROCESS);
            if (model.endPosition() > 0) {
                assertTrue(subscription.awaitPosition(model.endPosition() - 1, PATIENCE), () -> "failure=" + subscription.failure());
            }
            assertNull(subscription.failure());
        }
        assertEquals(Events.lines(model.readAll(new StartFrom.Position(first), filter, ReadRange.all())), seen);
    }

    private interface Ending {
        void run() throws Exception;
    }

    /** All who follow in this process end with it, and start again with the next life. */
    private void endLife(Ending ending) throws Exception {
        List<Watcher> running = watchers.stream().filter(Watcher::isRunning).toList();
        if (random.nextBoolean()) {
            stopWatchersOf(store());
        }
        ending.run();
        startLife();
        for (Watcher watcher : running) {
            if (!watcher.isOf(ground.reader())) {
                watcher.stop();
                watcher.start(store(), ground.folder());
            }
        }
        if (random.nextInt(3) == 0) {
            compareAll();
        } else {
            conformance.compareSomething(store(), this::toString);
        }
    }

    private void startLife() {
        if (ground.reader() == null) {
            ground.openReader();
        }
        appender = store().appender();
    }

    private void stopMachine() throws Exception {
        endLife(() -> {
            long before = model.endPosition();
            long end = ground.crash(true, forced);
            watchers.forEach(watcher -> watcher.cutTo(end));
            cut += before - end;
            forced = end;
            detail("from " + before + " to " + end);
        });
    }

    private void stopWatchersOf(EventStore one) {
        watchers.stream().filter(watcher -> watcher.isOf(one)).forEach(Watcher::stop);
    }

    private void compareAll() {
        conformance.compareEverything(store(), this::toString);
        conformance.compareEverything(ground.reader(), () -> this + " beside");
    }
}
