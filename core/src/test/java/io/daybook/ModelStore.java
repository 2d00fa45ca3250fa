package io.daybook;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** The store as a list in memory: what the guarantees say and nothing else. The real one must never differ from it. */
public final class ModelStore {

    /** What must come of a commit. */
    public sealed interface Outcome {
    }

    /** It is appended. */
    public record Written(long firstPosition, long lastPosition, long version) implements Outcome {
    }

    /** It is there already. */
    public record Repeat(AppendResult first) implements Outcome {
    }

    /** A condition does not hold. */
    public record Refused(String entity, Expected expected, long actual) implements Outcome {
    }

    /** An id belongs to another event; where nothing says which error comes first, a conflict will do as well. */
    public record Reused(Refused orElse) implements Outcome {
    }

    private int idWindowEvents;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final Map<String, List<RecordedEvent>> streams = new HashMap<>();

    /** Empty. */
    public ModelStore(int idWindowEvents) {
        this.idWindowEvents = idWindowEvents;
    }

    /** Position of the next event. */
    public long endPosition() {
        return events.size();
    }

    /** Newest version of the entity, or -1. */
    public long version(String entity) {
        return stream(entity).size() - 1;
    }

    /** Names of all entities. */
    public Set<String> entities() {
        return streams.keySet();
    }

    /** The event at this position. */
    public RecordedEvent event(long position) {
        return events.get((int) position);
    }

    /** What must come of this commit; changes nothing. */
    public Outcome judge(Commit commit) {
        Refused refused = firstFailure(commit);
        Set<Long> window = commitsInWindow(commit);
        if (refused == null && window.isEmpty()) {
            return written(commit);
        }
        Set<Long> candidates = new LinkedHashSet<>(namedCommits(commit));
        candidates.remove(-1L);
        candidates.addAll(window);
        for (long candidate : candidates) {
            if (isRepeat(commit, candidate)) {
                return new Repeat(resultOf(candidate));
            }
        }
        if (candidates.stream().noneMatch(candidate -> sharesId(commit, candidate))) {
            return refused;
        }
        // It is compared with the commit after the first expected version, else with the window's. Where only another one knows an id, the
        // order of the errors is open.
        boolean certain = refused == null || firstNamed(commit) < 0 && !window.isEmpty() || sharesId(commit, firstNamed(commit));
        return new Reused(certain ? null : refused);
    }

    /** Appends what {@link #judge} called {@link Written}. The ids are all ids of its events, given and derived. */
    public void apply(Commit commit, long timeNs, List<UUID> ids) {
        long first = events.size();
        for (Commit.Entry entry : commit.entries()) {
            NewEvent event = entry.event();
            long position = events.size();
            RecordedEvent recorded = new RecordedEvent(position, entry.entity(), version(entry.entity()) + 1, event.type(),
                ids.get((int) (position - first)), timeNs, event.schemaVersion(), event.metadata(), event.payload(), first,
                commit.entries().size());
            events.add(recorded);
            streams.computeIfAbsent(entry.entity(), name -> new ArrayList<>()).add(recorded);
        }
    }

    /** Another window of ids, from the next commit on. */
    public void idWindowEvents(int events) {
        idWindowEvents = events;
    }

    /** Forgets all from this position on, where a commit begins or the journal ends. */
    public void cutTo(long end) {
        for (RecordedEvent lost : events.subList((int) end, events.size())) {
            streams.computeIfPresent(lost.entity(), (name, stream) -> stream.get(0).position() >= end ? null : stream);
        }
        streams.values().forEach(stream -> stream.removeIf(event -> event.position() >= end));
        events.subList((int) end, events.size()).clear();
    }

    /** What a read of the entity gives. */
    public List<RecordedEvent> read(String entity, ReadRange range) {
        return select(stream(entity), range, event -> event.version() >= range.fromVersion() && event.version() <= range.toVersion());
    }

    /** What a read of everything gives. */
    public List<RecordedEvent> readAll(StartFrom from, Filter filter, ReadRange range) {
        Predicate<RecordedEvent> started = from instanceof StartFrom.Position start
            ? event -> event.position() >= start.first()
            : event -> event.timeNs() >= ((StartFrom.Time) from).ns();
        return select(events, range, started.and(event -> accepts(filter, event)));
    }

    private static boolean accepts(Filter filter, RecordedEvent event) {
        String category = event.entity();
        if (category.indexOf('-') > 0) {
            category = category.substring(0, category.indexOf('-'));
        }
        return (filter.categories().isEmpty() || filter.categories().contains(category))
            && (filter.types().isEmpty() || filter.types().contains(event.type()));
    }

    private static List<RecordedEvent> select(List<RecordedEvent> from, ReadRange range, Predicate<RecordedEvent> wanted) {
        List<RecordedEvent> found = new ArrayList<>();
        for (RecordedEvent event : from) {
            if (event.position() <= range.toPosition() && event.timeNs() <= range.toTimeNs() && wanted.test(event)) {
                found.add(event);
            }
        }
        if (range.backwards()) {
            Collections.reverse(found);
        }
        return found.subList(0, (int) Math.min(found.size(), range.limit()));
    }

    private List<RecordedEvent> stream(String entity) {
        return streams.getOrDefault(entity, List.of());
    }

    private Refused firstFailure(Commit commit) {
        for (Map.Entry<String, Expected> condition : commit.conditions().entrySet()) {
            long actual = version(condition.getKey());
            if (!condition.getValue().holds(actual)) {
                return new Refused(condition.getKey(), condition.getValue(), actual);
            }
        }
        return null;
    }

    private Written written(Commit commit) {
        List<Commit.Entry> entries = commit.entries();
        String last = entries.get(entries.size() - 1).entity();
        long ofLast = entries.stream().filter(entry -> entry.entity().equals(last)).count();
        return new Written(events.size(), events.size() + entries.size() - 1L, version(last) + ofLast);
    }

    private Set<Long> commitsInWindow(Commit commit) {
        Set<Long> found = new LinkedHashSet<>();
        for (RecordedEvent event : events.subList(Math.max(0, events.size() - idWindowEvents), events.size())) {
            if (givenIds(commit).contains(event.id())) {
                found.add(event.commitPosition());
            }
        }
        return found;
    }

    /** For each entity that is written and whose version is named: the commit that holds the next version, or -1. */
    private List<Long> namedCommits(Commit commit) {
        List<Long> found = new ArrayList<>();
        Set<String> writtenTo = new LinkedHashSet<>();
        commit.entries().forEach(entry -> writtenTo.add(entry.entity()));
        commit.conditions().forEach((entity, expected) -> {
            long next = nextVersion(expected);
            if (next >= 0 && writtenTo.contains(entity)) {
                found.add(version(entity) < next ? -1 : stream(entity).get((int) next).commitPosition());
            }
        });
        return found;
    }

    private long firstNamed(Commit commit) {
        return namedCommits(commit).stream().findFirst().orElse(-1L);
    }

    private static long nextVersion(Expected expected) {
        if (expected instanceof Expected.Exactly exactly) {
            return exactly.version() + 1;
        }
        return expected instanceof Expected.Absent ? 0 : -1;
    }

    private boolean isRepeat(Commit commit, long candidate) {
        if (event(candidate).commitSize() != commit.entries().size()) {
            return false;
        }
        Set<String> seen = new LinkedHashSet<>();
        for (int i = 0; i < commit.entries().size(); i++) {
            String entity = commit.entries().get(i).entity();
            RecordedEvent stored = event(candidate + i);
            if (!isSame(commit.entries().get(i).event(), stored) || !entity.equals(stored.entity())) {
                return false;
            }
            long named = nextVersion(commit.conditions().getOrDefault(entity, Expected.any()));
            if (seen.add(entity) && named >= 0 && stored.version() != named) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(NewEvent event, RecordedEvent stored) {
        return stored.id().equals(event.id()) && stored.type().equals(event.type()) && stored.schemaVersion() == event.schemaVersion()
            && Arrays.equals(stored.metadata(), event.metadata()) && Arrays.equals(stored.payload(), event.payload());
    }

    private boolean sharesId(Commit commit, long candidate) {
        if (candidate < 0) {
            return false;
        }
        Set<UUID> given = givenIds(commit);
        int size = event(candidate).commitSize();
        return events.subList((int) candidate, (int) candidate + size).stream().anyMatch(event -> given.contains(event.id()));
    }

    private static Set<UUID> givenIds(Commit commit) {
        Set<UUID> ids = new LinkedHashSet<>();
        commit.entries().forEach(entry -> ids.add(entry.event().id()));
        ids.remove(null);
        return ids;
    }

    private AppendResult resultOf(long candidate) {
        RecordedEvent first = event(candidate);
        RecordedEvent last = event(candidate + first.commitSize() - 1);
        return new AppendResult(first.position(), last.position(), last.version(), first.timeNs(), true);
    }
}
