package io.daybook.cli;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.metrics.LatencyRecorder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Appends a history: every path is an entity, every commit that changed something an atomic commit with expected versions. */
final class HistoryImporter {

    private final EventStore store;
    private final EventClock clock;
    private final Provenance source;
    private final LatencyRecorder latencies = new LatencyRecorder();

    private long commits;
    private long events;
    private long alreadyThere;
    private long timesRaised;
    private long tookNs;

    HistoryImporter(EventStore store, EventClock clock, Provenance source) {
        this.store = store;
        this.clock = clock;
        this.source = source;
    }

    /** Appends all that is not in the journal yet; {@code progress} is called after each commit. */
    void run(History history, Runnable progress) throws IOException {
        RecordedEvent newest = source.newest(store);
        // The name of a commit stands for all that led to it, so the newest one is enough to know what is there.
        String done = newest == null ? null : commitOf(newest);
        long start = System.nanoTime();
        for (HistoryCommit commit = history.next(); commit != null; commit = history.next()) {
            if (done == null) {
                append(commit);
            } else {
                alreadyThere++;
                if (commit.label().equals(done)) done = null;
            }
            progress.run();
        }
        if (done != null) {
            throw new Failure("The journal holds a history that begins like this one and has a commit that this one lacks: commit=" + done);
        }
        tookNs = System.nanoTime() - start;
    }

    /** The commit of the history that an event of its source belongs to. */
    static String commitOf(RecordedEvent event) {
        return Provenance.of(event).path("commit").asText();
    }

    long commits() {
        return commits;
    }

    long events() {
        return events;
    }

    /** Commits of the history that were in the journal before. */
    long alreadyThere() {
        return alreadyThere;
    }

    /** Commits that the history says are older than one before them. */
    long timesRaised() {
        return timesRaised;
    }

    long tookNs() {
        return tookNs;
    }

    LatencyRecorder latencies() {
        return latencies;
    }

    private void append(HistoryCommit from) {
        Commit commit = Commit.create();
        for (PathChange change : from.changes()) {
            String entity = change.name().entity();
            if (!commit.conditions().containsKey(entity)) {
                boolean told = change.before() != PathChange.UNKNOWN;
                commit.expect(entity, Expected.exactly(told ? change.before() - 1 : store.version(entity)));
            }
            UUID id = UUID.nameUUIDFromBytes((source.fingerprint() + ":" + from.label() + ":" + entity).getBytes(StandardCharsets.UTF_8));
            byte[] metadata = source.metadata(from.number(), "commit", from.label());
            commit.append(entity, new NewEvent(id, change.type(), 0, metadata, change.payload()));
        }
        clock.set(from.timeNs());
        long start = System.nanoTime();
        try {
            AppendResult result = store.commit(commit);
            latencies.record(System.nanoTime() - start);
            if (result.timeNs() > from.timeNs()) timesRaised++;
        } catch (ConflictException e) {
            throw new Failure("The history conflicts with the journal: commit=" + from.label() + " entity=" + e.entity()
                + " expected=" + e.expected() + " actual=" + e.actual());
        } catch (IllegalArgumentException e) {
            throw new Failure("A commit of the history is refused: commit=" + from.label() + " changes=" + from.changes().size()
                + " problem=" + e.getMessage());
        }
        commits++;
        events += from.changes().size();
    }
}
