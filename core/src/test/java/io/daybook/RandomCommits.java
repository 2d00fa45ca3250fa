package io.daybook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Commits as callers send them: mostly right, sometimes late, sometimes sent again, sometimes sent again with something changed. */
public final class RandomCommits {

    private static final String[] TYPES = {"Opened", "Paid", "opened", "Zusätzlich"};

    private final Random random;
    private final ModelStore model;
    private final List<String> entities;
    private final int largestPayload;
    private final List<Commit> earlier = new ArrayList<>();
    private long token;

    /** Of these entities, fitting to what the model holds. */
    public RandomCommits(Random random, ModelStore model, List<String> entities, int largestPayload) {
        this.random = random;
        this.model = model;
        this.entities = entities;
        this.largestPayload = largestPayload;
    }

    /** The next one. */
    public Commit next() {
        int kind = random.nextInt(100);
        if (kind < 15 && !earlier.isEmpty()) {
            Commit again = anEarlierOne();
            return copyOf(again, again.entries());
        }
        if (kind < 30 && !earlier.isEmpty()) {
            return altered(anEarlierOne());
        }
        Commit commit = fresh();
        earlier.add(commit);
        return commit;
    }

    /** The name of any of the entities. */
    public String anEntity() {
        return entities.get(random.nextInt(entities.size()));
    }

    /** One that accepts all, some or none. */
    public Filter aFilter() {
        Filter filter = Filter.all();
        for (int n = random.nextInt(3); n > 0; n--) {
            String entity = anEntity();
            filter = filter.category(random.nextInt(8) == 0 ? entity : Filter.categoryOf(entity));
        }
        for (int n = random.nextInt(3); n > 0; n--) {
            filter = filter.type(TYPES[random.nextInt(TYPES.length)]);
        }
        return filter;
    }

    /** Newer ones more often: they are the ones that callers repeat, and that still stand in the window of ids. */
    private Commit anEarlierOne() {
        int back = Math.min(random.nextInt(earlier.size()), random.nextInt(earlier.size()));
        return earlier.get(earlier.size() - 1 - (random.nextBoolean() ? Math.min(back, 8) : back));
    }

    private Commit fresh() {
        Commit commit = Commit.create();
        List<String> order = new ArrayList<>();
        boolean ids = random.nextInt(10) < 7;
        for (int n = eventCount(); n > 0; n--) {
            String entity = anEntity();
            commit.append(entity, event(ids && random.nextInt(12) > 0));
            order.add(entity);
        }
        if (random.nextInt(4) == 0) {
            order.add(anEntity());
        }
        Collections.shuffle(order, random);
        for (String entity : order) {
            if (random.nextInt(5) > 0 && !commit.conditions().containsKey(entity)) {
                commit.expect(entity, random.nextInt(10) < 8 ? fitting(entity) : anything(entity));
            }
        }
        return commit;
    }

    private int eventCount() {
        int kind = random.nextInt(20);
        return kind < 12 ? 1 : kind < 19 ? 1 + random.nextInt(5) : 1 + random.nextInt(100);
    }

    private NewEvent event(boolean withId) {
        int length = random.nextInt(30) == 0 ? random.nextInt(largestPayload) : random.nextInt(200);
        NewEvent event = NewEvent.of(TYPES[random.nextInt(TYPES.length)], JournalTest.bytes(length, ++token));
        if (random.nextInt(4) == 0) {
            event = event.withMetadata(JournalTest.bytes(random.nextInt(60), -token)).withSchemaVersion(random.nextInt(1 << 16));
        }
        return withId ? event.withId(new UUID(random.nextLong(), random.nextLong())) : event;
    }

    private Expected fitting(String entity) {
        long version = model.version(entity);
        if (random.nextInt(4) == 0) {
            return Expected.any();
        }
        if (version < 0) {
            return Expected.absent();
        }
        return random.nextInt(4) == 0 ? Expected.present() : Expected.exactly(version);
    }

    private Expected anything(String entity) {
        return switch (random.nextInt(4)) {
            case 0 -> Expected.absent();
            case 1 -> Expected.present();
            default -> Expected.exactly(Math.max(-1, model.version(entity) + random.nextInt(7) - 3));
        };
    }

    /** The same commit with one thing changed, so that it is no repeat, or with other conditions, so that it may be one. */
    private Commit altered(Commit commit) {
        List<Commit.Entry> entries = new ArrayList<>(commit.entries());
        int at = random.nextInt(entries.size());
        Commit.Entry entry = entries.get(at);
        NewEvent event = entry.event();
        switch (random.nextInt(10)) {
            case 0 -> entries.set(at, new Commit.Entry(entry.entity(), new NewEvent(event.id(), event.type(), event.schemaVersion(),
                event.metadata(), JournalTest.bytes(event.payload().length + 1, ++token))));
            case 1 -> entries.set(at, new Commit.Entry(entry.entity(), event.withSchemaVersion(event.schemaVersion() ^ 1)));
            case 2 -> entries.set(at, new Commit.Entry(entry.entity(), event.withMetadata(JournalTest.bytes(9, ++token))));
            case 3 -> entries.set(at, new Commit.Entry(anEntity(), event));
            case 4 -> entries.add(new Commit.Entry(anEntity(), event(true)));
            case 5 -> Collections.rotate(entries, 1);
            case 6 -> entries.set(at, new Commit.Entry(entry.entity(), event.withId(new UUID(random.nextLong(), 7))));
            case 7 -> entries.set(at, new Commit.Entry(entry.entity(), event.withId(null)));
            case 8 -> entries.subList(Math.max(1, entries.size() - 1), entries.size()).clear();
            default -> {
                return conditionedAnew(commit);
            }
        }
        return copyOf(commit, entries);
    }

    private Commit conditionedAnew(Commit commit) {
        Commit copy = Commit.create();
        for (String entity : commit.conditions().keySet()) {
            copy.expect(entity, random.nextBoolean() ? Expected.any() : anything(entity));
        }
        commit.entries().forEach(entry -> copy.append(entry.entity(), entry.event()));
        return copy;
    }

    private static Commit copyOf(Commit commit, List<Commit.Entry> entries) {
        Commit copy = Commit.create();
        commit.conditions().forEach(copy::expect);
        entries.forEach(entry -> copy.append(entry.entity(), entry.event()));
        return copy;
    }
}
