package io.daybook.bench.workload;

import io.daybook.bench.FollowingLatency;
import io.daybook.bench.Scratch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** W7: from the time at which an event should have been appended to the handler; Daybook's subscription and Chronicle's own tailer. */
final class FollowLatency {

    private static final int MOST_WINDOW_SECONDS = 10;
    private static final int LEAST_WINDOWS = 2;

    private FollowLatency() {
    }

    static Outcome measure(Case measured, Ground ground) throws Exception {
        int windowSeconds = Math.max(1, Math.min(MOST_WINDOW_SECONDS, measured.seconds() / LEAST_WINDOWS));
        int windows = Math.max(1, measured.seconds() / windowSeconds);
        FollowingLatency following = new FollowingLatency(Scratch.base(), measured.rate(), windows, windowSeconds);
        long startMs = System.currentTimeMillis();
        Histogram[] histograms = switch (measured.contender()) {
            case "daybook" -> following.daybook();
            case "raw" -> following.raw();
            default -> throw new IllegalArgumentException("Nobody can follow this contender: contender=" + measured.contender());
        };
        Latencies latencies = new Latencies(List.of(histograms));
        latencies.write(ground.histograms(), measured.key(), startMs, windowSeconds * 1000L, 0);
        Map<String, Double> metrics = new LinkedHashMap<>();
        latencies.tell(0, "", metrics);
        metrics.put("events", (double) latencies.all(0).getTotalCount());
        return new Outcome("ns/event", metrics.get("p50Ns"), metrics, measured.key());
    }
}
