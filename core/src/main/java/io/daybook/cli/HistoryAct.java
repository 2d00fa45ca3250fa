package io.daybook.cli;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.io.IOException;
import java.util.List;

/** The first act of the demo: a real history goes in, and the trees that it must lead to come out. */
final class HistoryAct {

    private static final int STORY_EVENTS = 3;

    private final EventStore store;
    private final EventClock clock;
    private final Narrator narrator;
    private final History history;
    private final Provenance source;
    private final Facts facts = new Facts();
    private boolean well = true;

    HistoryAct(EventStore store, EventClock clock, Narrator narrator, History history) {
        this.store = store;
        this.clock = clock;
        this.narrator = narrator;
        this.history = history;
        this.source = new Provenance(history.fingerprint());
    }

    /** Plays it; false if something is not as it must be. */
    boolean play() throws IOException {
        narrator.title("Act one: %s", history.title());
        facts.with("act", "history").with("history", history.title()).with("source", source.fingerprint());
        append();
        RecordedEvent newest = source.newest(store);
        if (newest == null) {
            narrator.tell("nothing", "The history has no commit that changed anything.");
        } else {
            String longest = replay();
            refuse(longest);
            repeat(newest);
            tellStory(longest);
            check();
        }
        narrator.end(facts.with("ok", well));
        return well;
    }

    private void append() throws IOException {
        HistoryImporter importer = new HistoryImporter(store, clock, source);
        try (Bar bar = Bar.show(narrator.streams(), "Appending", history.total(), history.unit())) {
            importer.run(history, () -> bar.stepTo(history.done()));
        }
        long found = importer.alreadyThere();
        if (found > 0) narrator.tell("found", "The journal holds %,d commits of this history already.", found);
        if (importer.commits() == 0) {
            narrator.tell("appended", "nothing");
        } else {
            narrator.tell("appended", "%,d events in %,d commits, %,d events/s with the reading of the history", importer.events(),
                importer.commits(),
                Narrator.rate(importer.events(), importer.tookNs()));
            narrator.tell("", "a commit took %s", Narrator.latencies(importer.latencies()));
        }
        if (importer.timesRaised() > 0) narrator.tell("", "%,d commits claim to be older than one before them", importer.timesRaised());
        facts.with("commits", importer.commits()).with("events", importer.events()).with("commitsAlreadyThere", importer.alreadyThere())
            .with("timesRaised", importer.timesRaised()).withRate("eventsPerSecond", importer.events(), importer.tookNs())
            .withLatencies(importer.latencies());
    }

    /** Reads everything in order; the entity of this history with the longest stream. */
    private String replay() {
        long events = 0;
        long longestVersion = -1;
        String longest = null;
        long start = System.nanoTime();
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                EventView event = cursor.event();
                events++;
                if (event.version() > longestVersion && source.made(event)) {
                    longestVersion = event.version();
                    longest = event.entity();
                }
            }
        }
        long tookNs = System.nanoTime() - start;
        narrator.tell("replayed", "%,d events, %,d events/s", events, Narrator.rate(events, tookNs));
        facts.with("replayedEvents", events).withRate("replayedPerSecond", events, tookNs);
        return longest;
    }

    /** What somebody gets who believes that this entity was never heard of. */
    private void refuse(String entity) {
        long end = store.endPosition();
        try {
            store.append(entity, Expected.absent(), NewEvent.json("Added", "{}"));
            fail("An append that conflicts was accepted: entity=" + entity);
        } catch (ConflictException e) {
            if (store.endPosition() != end) fail("A refused append left a trace: endPosition=" + store.endPosition());
            narrator.tell("conflict", "refused, as it must be: entity=%s expected=%s actual=%d", e.entity(), e.expected(), e.actual());
            facts.with("conflictRefused", true);
        }
    }

    /** Appends the newest commit of the history again, as somebody does whose acknowledgement was lost. */
    private void repeat(RecordedEvent newest) {
        Commit again = Commit.create();
        ReadRange whole = ReadRange.all().limit(newest.commitSize());
        StartFrom first = newest.commitPosition() == 0 ? StartFrom.beginning() : StartFrom.after(newest.commitPosition() - 1);
        try (Cursor cursor = store.readAll(first, Filter.all(), whole)) {
            for (RecordedEvent event : cursor.toList()) {
                if (!again.conditions().containsKey(event.entity())) again.expect(event.entity(), Expected.exactly(event.version() - 1));
                NewEvent same = new NewEvent(event.id(), event.type(), event.schemaVersion(), event.metadata(), event.payload());
                again.append(event.entity(), same);
            }
        }
        long end = store.endPosition();
        try {
            AppendResult result = store.commit(again);
            if (result.duplicate() && result.firstPosition() == newest.commitPosition() && store.endPosition() == end) {
                narrator.tell("repeat", "recognised, nothing was written: commit=%s firstPosition=%d", HistoryImporter.commitOf(newest),
                    result.firstPosition());
                facts.with("repeatRecognised", true);
                return;
            }
        } catch (ConflictException | EventIdReusedException e) {
            fail(e.getMessage());
        }
        fail("A commit that was repeated was not recognised: position=" + newest.commitPosition());
    }

    private void tellStory(String entity) {
        long events = store.version(entity) + 1;
        narrator.tell("story", "%s has %,d events", entity, events);
        List<RecordedEvent> firsts;
        List<RecordedEvent> lasts;
        try (Cursor forwards = store.read(entity, ReadRange.all().limit(STORY_EVENTS));
             Cursor tail = store.read(entity, ReadRange.all().from(Math.max(STORY_EVENTS, events - STORY_EVENTS)))) {
            firsts = forwards.toList();
            lasts = tail.toList();
        }
        firsts.forEach(this::tellEvent);
        if (events > 2 * STORY_EVENTS) narrator.tell("", "…");
        lasts.forEach(this::tellEvent);
        facts.with("longestEntity", entity).with("longestEntityEvents", events);
    }

    private void tellEvent(RecordedEvent event) {
        narrator.tell("", "@%d  %s  %-11s  %s", event.version(), Times.rfc3339(event.timeNs()), event.type(),
            PathChange.nowIn(PathChange.read(event.payload())));
    }

    private void check() throws IOException {
        try (KnownTrees trees = history.trees()) {
            TreeFold fold = new TreeFold(source, trees);
            fold.run(store);
            narrator.tell("checked", "before each of %,d events, that its path was as the event says", fold.events());
            for (TreeFold.Comparison comparison : fold.comparisons()) {
                String outcome = comparison.equal() ? "equal" : "DIFFERENT";
                narrator.tell("", "at commit %s, the tree of %,d paths: %s", comparison.label(), comparison.paths(), outcome);
            }
            fold.mismatches().forEach(this::fail);
            long equal = fold.comparisons().stream().filter(TreeFold.Comparison::equal).count();
            facts.with("foldedEvents", fold.events()).with("treesCompared", fold.comparisons().size()).with("treesEqual", equal)
                .with("mismatches", fold.mismatchCount());
        }
    }

    private void fail(String sentence) {
        well = false;
        narrator.streams().say(sentence);
    }
}
