package io.daybook.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatenciesTest {

    @TempDir
    Path folder;

    private static Latencies sample() {
        Latencies latencies = new Latencies(4);
        latencies.record(0, 1_000_000);
        for (int window = 1; window < 4; window++) {
            for (int i = 0; i < 1000; i++) {
                latencies.record(window, 100L * window);
            }
        }
        latencies.record(3, 5000);
        return latencies;
    }

    @Test
    void aPercentileIsTheMedianOfTheWindowsAndTheMaximumThatOfAll() {
        Map<String, Double> metrics = new HashMap<>();
        sample().tell(1, "", metrics);
        assertEquals(200, metrics.get("p99Ns"));
        assertEquals(300, metrics.get("worstWindowP99Ns"), 1);
        assertEquals(5000, metrics.get("maxNs"), 5);
        sample().tell(1, "service", metrics);
        assertEquals(200, metrics.get("serviceP99Ns"));
    }

    @Test
    void theLogHoldsEveryWindowAndTellsWhichDoNotCount() throws FileNotFoundException {
        sample().write(folder, "x", 1_000_000, 10_000, 1);
        HistogramLogReader reader = new HistogramLogReader(folder.resolve("x.hlog").toString());
        long[] counts = {1, 1000, 1000, 1001};
        String[] tags = {"warm-up", null, null, null};
        for (int i = 0; i < counts.length; i++) {
            EncodableHistogram window = reader.nextIntervalHistogram();
            assertEquals(counts[i], ((Histogram) window).getTotalCount());
            assertEquals(tags[i], window.getTag());
        }
        assertNull(reader.nextIntervalHistogram());
    }
}
