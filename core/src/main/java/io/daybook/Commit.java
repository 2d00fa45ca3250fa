package io.daybook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Events of one or more entities that are appended atomically, and the conditions under which they are. An entity that has a condition but
 * no event is only checked. Conditions are judged in the order in which they were given. One thread; may be appended again, for a repeat.
 */
public final class Commit {

    /**
     * One event and the entity that it belongs to.
     *
     * @param entity name of the entity
     * @param event  the event
     */
    public record Entry(String entity, NewEvent event) {
    }

    private final Map<String, Expected> conditions = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private Commit() {
    }

    /** An empty commit, to be filled. */
    public static Commit create() {
        return new Commit();
    }

    /**
     * Adds the condition of one entity.
     *
     * @throws IllegalArgumentException if the entity has a condition already
     */
    public Commit expect(String entity, Expected expected) {
        Objects.requireNonNull(entity, "entity");
        Objects.requireNonNull(expected, "expected");
        if (conditions.putIfAbsent(entity, expected) != null) {
            throw new IllegalArgumentException("An entity has at most one condition in a commit: entity=" + entity);
        }
        return this;
    }

    /** Adds events of one entity, in this order, behind those added before. */
    public Commit append(String entity, NewEvent... events) {
        Objects.requireNonNull(entity, "entity");
        for (NewEvent event : events) {
            entries.add(new Entry(entity, Objects.requireNonNull(event, "event")));
        }
        return this;
    }

    /** The conditions in the order in which they were given; unmodifiable. */
    public Map<String, Expected> conditions() {
        return Collections.unmodifiableMap(conditions);
    }

    /** The events in the order in which they were added; unmodifiable. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }
}
