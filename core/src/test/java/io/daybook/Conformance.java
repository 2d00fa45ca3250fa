package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Does to a store what the model does, and compares: outcomes and exceptions of commits, and what reads give. One thread. */
public final class Conformance {

    private static final int SMALL = 2_000;

    private final Random random;
    private final ModelStore model;
    private final RandomCommits commits;

    /** Everything is chosen by this random. */
    public Conformance(Random random, ModelStore model, RandomCommits commits) {
        this.random = random;
        this.model = model;
        this.commits = commits;
    }

    /** Commits, and compares what comes of it. Answers the result; null if it was refused. */
    public AppendResult commit(EventStore store, Commit commit, Durability rung, Supplier<String> when) {
        return commit(store, commit, () -> send(store, commit, rung), when);
    }

    /** The same, where the commit is sent in a way of the caller's. */
    public AppendResult commit(EventStore store, Commit commit, Supplier<AppendResult> sending, Supplier<String> when) {
        long end = store.endPosition();
        ModelStore.Outcome wanted = model.judge(commit);
        Supplier<String> what = () -> when.get() + " conditions=" + commit.conditions() + " of=" + commit.entries().stream().map(
            Commit.Entry::entity).toList();
        AppendResult result;
        try {
            result = sending.get();
        } catch (ConflictException e) {
            ModelStore.Outcome refused = new ModelStore.Refused(e.entity(), e.expected(), e.actual());
            assertEquals(wanted instanceof ModelStore.Reused reused && reused.orElse() != null ? reused.orElse() : wanted, refused, what);
            assertEquals(end, store.endPosition(), what);
            return null;
        } catch (EventIdReusedException e) {
            assertTrue(wanted instanceof ModelStore.Reused, () -> what.get() + " should be " + wanted + " and was " + e.getMessage());
            assertEquals(e.id(), model.event(e.position()).id(), what);
            assertTrue(commit.entries().stream().anyMatch(entry -> e.id().equals(entry.event().id())), what);
            assertEquals(end, store.endPosition(), what);
            return null;
        }
        if (result.duplicate()) {
            assertEquals(wanted, new ModelStore.Repeat(result), what);
            assertEquals(end, store.endPosition(), what);
        } else {
            assertEquals(wanted, new ModelStore.Written(result.firstPosition(), result.lastPosition(), result.version()), what);
            model.apply(commit, result.timeNs(), idsOf(store, commit, result));
        }
        return result;
    }

    /** Through {@code append} now and then, where that can say the same. */
    private AppendResult send(EventStore store, Commit commit, Durability rung) {
        Map<String, Expected> conditions = commit.conditions();
        String entity = commit.entries().get(0).entity();
        boolean sameEntity = commit.entries().stream().allMatch(entry -> entry.entity().equals(entity));
        if (!sameEntity || conditions.size() > 1 || conditions.size() == 1 && !conditions.containsKey(entity) || random.nextBoolean()) {
            return store.commit(commit, rung);
        }
        List<NewEvent> events = commit.entries().stream().map(Commit.Entry::event).toList();
        return store.append(entity, conditions.getOrDefault(entity, Expected.any()), events, rung);
    }

    private List<UUID> idsOf(EventStore store, Commit commit, AppendResult result) {
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

    /** Compares one read of an entity and one of the journal. */
    public void compareSomething(EventStore store, Supplier<String> when) {
        assertEquals(model.endPosition(), store.endPosition(), when);
        compareOne(store, commits.anEntity(), when);
        comparePart(store, when);
    }

    /** Compares a read of this entity. */
    public void compareOne(EventStore store, String entity, Supplier<String> when) {
        assertEquals(model.version(entity), store.version(entity), () -> when.get() + " " + entity);
        ReadRange range = aRange(model.version(entity) + 2);
        assertEquals(Events.lines(model.read(entity, range)), Events.drain(store.read(entity, range)),
            () -> when.get() + " " + entity + " " + range);
    }

    /** Compares a read of the journal. */
    public void comparePart(EventStore store, Supplier<String> when) {
        StartFrom from = aStart();
        Filter filter = commits.aFilter();
        boolean all = random.nextInt(model.endPosition() < SMALL ? 4 : 100) == 0;
        ReadRange part = aRange(Long.MAX_VALUE).limit(all ? Long.MAX_VALUE : random.nextInt(60));
        ReadRange of = new ReadRange(0, Long.MAX_VALUE, part.toPosition(), part.toTimeNs(), part.limit(), part.backwards());
        assertEquals(Events.lines(model.readAll(from, filter, of)), Events.drain(store.readAll(from, filter, of)),
            () -> when.get() + " " + from + " " + filter + " " + of);
    }

    /** Compares all there is, in both directions and by entity. */
    public void compareEverything(EventStore store, Supplier<String> when) {
        List<String> wanted = Events.lines(model.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all()));
        assertEquals(wanted, Events.all(store), when);
        List<String> backwards = Events.drain(store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed()));
        assertEquals(Events.lines(model.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed())), backwards, when);
        for (String entity : model.entities()) {
            assertEquals(model.version(entity), store.version(entity), () -> when.get() + " " + entity);
            assertEquals(Events.lines(model.read(entity, ReadRange.all())), Events.of(store, entity), () -> when.get() + " " + entity);
        }
        assertEquals(model.entities().size(), store.stats().entities(), when);
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
