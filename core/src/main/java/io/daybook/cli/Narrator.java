package io.daybook.cli;

import io.daybook.metrics.LatencyRecorder;
import java.util.Locale;

/** Tells people what the demo does, line by line; with {@code --json} it is silent and only the facts are printed. */
final class Narrator {

    private static final int LABEL_WIDTH = 12;

    private final Streams streams;
    private final boolean json;

    Narrator(Streams streams, boolean json) {
        this.streams = streams;
        this.json = json;
    }

    void title(String format, Object... values) {
        if (json) return;
        streams.out().println();
        streams.out().println(String.format(Locale.ROOT, format, values));
    }

    /** A line under a label; an empty label continues the one before. */
    void tell(String label, String format, Object... values) {
        if (json) return;
        streams.out().println("  " + label + " ".repeat(Math.max(0, LABEL_WIDTH - label.length()))
            + String.format(Locale.ROOT, format, values));
        streams.out().flush();
    }

    /** The facts, for programs. */
    void end(Facts facts) {
        if (json) streams.out().println(facts.json());
        streams.out().flush();
    }

    Streams streams() {
        return streams;
    }

    /** Events in a second. */
    static long rate(long events, long ns) {
        return ns == 0 ? 0 : Math.round(events * 1e9 / ns);
    }

    static String latencies(LatencyRecorder latencies) {
        return String.format(Locale.ROOT, "p50 %.1f µs, p99 %.1f µs, p99.9 %.1f µs, max %.1f µs", latencies.percentileNs(50) / 1e3,
            latencies.percentileNs(99) / 1e3, latencies.percentileNs(99.9) / 1e3, latencies.maxNs() / 1e3);
    }
}
