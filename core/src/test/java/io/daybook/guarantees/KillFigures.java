package io.daybook.guarantees;

import io.daybook.RecoveryReport;
import java.util.Map;
import java.util.TreeMap;

/** What a row of kills did, to be printed at its end. Only a life that acknowledged something counts. */
final class KillFigures {

    private final Map<String, Integer> byMode = new TreeMap<>();
    private final Map<String, Integer> byPlace = new TreeMap<>();
    private int counted;
    private int silent;
    private long commits;
    private long events;
    private int checks;
    private int rebuilt;
    private long slowestNs;

    /** A life ended that had acknowledged so many commits; answers whether it counts. {@code place}: null if it was none in particular. */
    boolean killed(WriterMode mode, String place, int acknowledged) {
        if (place != null) {
            byPlace.merge(place, 1, Integer::sum);
        }
        if (acknowledged == 0) {
            silent++;
            return false;
        }
        counted++;
        commits += acknowledged;
        byMode.merge(mode.toString(), 1, Integer::sum);
        return true;
    }

    /** A next owner opened and appended. */
    void opened(long tookNs, RecoveryReport report) {
        checks++;
        rebuilt += report.indexRebuilt() ? 1 : 0;
        slowestNs = Math.max(slowestNs, tookNs);
    }

    /** So many events more were found in order. */
    void events(long more) {
        events += more;
    }

    int counted() {
        return counted;
    }

    /** Kills at a place. */
    int at(String place) {
        return byPlace.getOrDefault(place, 0);
    }

    long commits() {
        return commits;
    }

    /** One line; called when nothing was found wrong. */
    String line() {
        return "kills counted: " + counted + " " + byMode + (byPlace.isEmpty() ? "" : "; at steps: " + byPlace)
            + "; lives that acknowledged nothing: " + silent + "; acknowledged commits: " + commits + ", events: " + events
            + ", lost: 0, wrong: 0; checked " + checks + " times, index rebuilt " + rebuilt + " times, slowest open and append: "
            + slowestNs / 1_000_000 + " ms";
    }
}
