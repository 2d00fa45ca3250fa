package io.daybook.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds the events of one source, as the journal hands them out, to the tree that they describe; looks before each event whether its path
 * is as the event says, and behind some commits whether the tree is as it is known to be.
 */
final class TreeFold {

    private static final int TOLD = 10;

    private final Provenance source;
    private final KnownTrees known;
    private final Map<String, PathState> tree = new HashMap<>();
    private final List<String> mismatches = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();
    private long events;
    private long mismatchCount;

    /**
     * The comparison of one tree.
     *
     * @param label the commit
     * @param paths number of paths that it must have
     * @param equal whether it has these and no others
     */
    record Comparison(String label, long paths, boolean equal) {
    }

    TreeFold(Provenance source, KnownTrees known) {
        this.source = source;
        this.known = known;
    }

    /** Reads the whole journal. */
    void run(EventStore store) throws IOException {
        long commit = -1;
        String label = "";
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                if (!source.made(cursor.event())) continue;
                RecordedEvent event = cursor.event().copy();
                if (event.commitPosition() != commit) {
                    commit = event.commitPosition();
                    String its = HistoryImporter.commitOf(event);
                    if (!its.equals(label)) compare(label);
                    label = its;
                }
                apply(event);
            }
        }
        compare(label);
        if (known.label() != null) mismatch("The events never came to a commit that must be compared: commit=" + known.label());
    }

    /** Events that were folded. */
    long events() {
        return events;
    }

    List<Comparison> comparisons() {
        return comparisons;
    }

    long mismatchCount() {
        return mismatchCount;
    }

    /** The first few mismatches, each in one sentence. */
    List<String> mismatches() {
        return mismatches;
    }

    private void apply(RecordedEvent event) {
        JsonNode payload = PathChange.read(event.payload());
        PathState expected = PathChange.oldIn(payload);
        PathState found = tree.getOrDefault(event.entity(), PathState.ABSENT);
        if (!found.equals(expected)) {
            mismatch("Before this event its path is not as the event says: position=" + event.position()
                + " entity=" + event.entity() + " expected=" + expected + " found=" + found);
        }
        PathState now = PathChange.nowIn(payload);
        if (now == PathState.ABSENT) {
            tree.remove(event.entity());
        } else {
            tree.put(event.entity(), now);
        }
        events++;
    }

    private void compare(String label) throws IOException {
        if (!label.equals(known.label())) return;
        long[] paths = new long[1];
        long before = mismatchCount;
        known.forEach((entity, state) -> {
            paths[0]++;
            PathState found = tree.getOrDefault(entity, PathState.ABSENT);
            if (!found.equals(state)) {
                mismatch("The tree differs: commit=" + label + " entity=" + entity + " expected=" + state + " found=" + found);
            }
        });
        if (paths[0] != tree.size()) {
            mismatch("The tree has other paths: commit=" + label + " expected=" + paths[0] + " found=" + tree.size());
        }
        comparisons.add(new Comparison(label, paths[0], before == mismatchCount));
    }

    private void mismatch(String sentence) {
        mismatchCount++;
        if (mismatches.size() < TOLD) mismatches.add(sentence);
    }
}
