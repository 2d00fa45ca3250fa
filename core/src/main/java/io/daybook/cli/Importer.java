package io.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.AppendResult;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.metrics.LatencyRecorder;
import java.io.IOException;

/** Brings the rows of one input into the journal, behind those of them that are there already. */
final class Importer {

    private final EventStore store;
    private final EventClock clock;
    private final Columns columns;
    private final Lineage lineage;
    private final boolean skipConflicts;
    private final LatencyRecorder latencies = new LatencyRecorder();

    /** Number of the last row that is in the journal, and the sum up to it. */
    private long doneRow;
    private String doneSum = "";
    private long newestNs;
    private CommitDraft draft;

    private long rows;
    private long events;
    private long commits;
    private long alreadyThere;
    private long conflicts;
    private long conflictRows;
    private long timesRaised;
    private long storeNs;

    Importer(EventStore store, EventClock clock, Columns columns, Lineage lineage, boolean skipConflicts) {
        this.store = store;
        this.clock = clock;
        this.columns = columns;
        this.lineage = lineage;
        this.skipConflicts = skipConflicts;
    }

    /** Imports {@code first} and all rows behind it; {@code progress} is called after each. */
    void run(Row first, Rows rest, Runnable progress) throws IOException {
        findWhereToGoOn();
        draft = new CommitDraft(columns, newestNs);
        for (Row row = first; row != null; row = rest.next()) {
            rows++;
            String sum = lineage.add(row);
            if (row.number() > doneRow) {
                if (!draft.takes(row)) append();
                draft.add(row, sum, lineage.source());
                // Otherwise a row behind it that cannot be read, and might belong to the same commit, would keep it from being written.
                if (!columns.has(Role.COMMIT)) append();
            } else {
                alreadyThere++;
                if (row.number() == doneRow && !sum.equals(doneSum)) throw otherInput(doneRow);
            }
            progress.run();
        }
        if (rows < doneRow) confirmShorter();
        append();
    }

    Facts facts() {
        return new Facts().with("source", lineage.source().fingerprint()).with("rows", rows).with("alreadyThere", alreadyThere)
            .with("commits", commits).with("events", events).with("conflicts", conflicts).with("conflictRows", conflictRows)
            .with("timesRaised", timesRaised).with("endPosition", store.endPosition()).withRate("eventsPerSecond", events, storeNs)
            .withLatencies(latencies);
    }

    private void findWhereToGoOn() {
        RecordedEvent newest = lineage.source().newest(store);
        if (newest != null) {
            JsonNode metadata = Provenance.of(newest);
            doneRow = metadata.path("row").asLong();
            doneSum = metadata.path("sum").asText();
        }
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().reversed().limit(1))) {
            if (cursor.next()) newestNs = cursor.event().timeNs();
        }
    }

    /** The input ends before the rows in the journal do: well if they are the same up to there. */
    private void confirmShorter() {
        RecordedEvent last = lineage.source().newest(store, metadata -> metadata.path("row").asLong() == rows);
        if (last == null || !Provenance.of(last).path("sum").asText().equals(lineage.sum())) throw otherInput(rows);
    }

    private Failure otherInput(long row) {
        return new Failure("The journal holds rows of an input that begins like this one and differs from it at this row or before; "
            + "if it is another input, name it with --source: source=" + lineage.source().fingerprint() + " row=" + row);
    }

    private void append() {
        if (draft.size() == 0) return;
        clock.set(draft.timeNs());
        long start = System.nanoTime();
        try {
            AppendResult result = store.commit(draft.commit());
            long took = System.nanoTime() - start;
            latencies.record(took);
            storeNs += took;
            count(result);
        } catch (ConflictException e) {
            if (!skipConflicts) {
                throw new Failure("The row conflicts with the journal, nothing of its commit was written: line="
                    + draft.lineOf(e.entity()) + " entity=" + e.entity() + " expected=" + e.expected() + " actual=" + e.actual());
            }
            conflicts++;
            conflictRows += draft.size();
        } catch (EventIdReusedException e) {
            throw new Failure("The row's id belongs to another event already, nothing of its commit was written: line="
                + draft.lineOf(e.id()) + " id=" + e.id() + " position=" + e.position());
        } catch (IllegalArgumentException e) {
            throw new Failure("The commit was refused, nothing of it was written: line=" + draft.firstLine() + " lastLine="
                + draft.lastLine() + " problem=" + e.getMessage());
        }
        draft = new CommitDraft(columns, newestNs);
    }

    private void count(AppendResult result) {
        if (result.duplicate()) {
            alreadyThere += draft.size();
            return;
        }
        commits++;
        events += draft.size();
        timesRaised += draft.timesRaised();
        newestNs = Math.max(newestNs, result.timeNs());
    }
}
