package io.daybook.bench.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * The latencies of one contender in one case, in nanoseconds: the histograms of all intervals of all rounds added up, so that a
 * percentile is one of all events and no mean of percentiles.
 *
 * @param merged all of it
 * @param windowP99 the 99th percentile of each window of ten seconds, over all rounds, in the order of time
 */
record Latency(AbstractHistogram merged, List<Double> windowP99) {

    /** The percentiles that the tables show. */
    static final double[] SHOWN = {50, 90, 99, 99.9, 99.99};

    private static final int DIGITS = 3;
    private static final long WINDOW_MS = 10_000;
    private static final double P99 = 99;

    /**
     * Reads what the rounds of a row kept; empty if they kept nothing.
     *
     * @throws IOException if a histogram that the results name is missing or cannot be read
     */
    static Optional<Latency> of(Path folder, Row row) throws IOException {
        Histogram merged = new Histogram(DIGITS);
        List<Double> windows = new ArrayList<>();
        for (Run run : row.runs()) {
            if (run.histogram() != null) {
                add(folder.resolve(run.histogram() + ".hlog"), merged, windows);
            }
        }
        return merged.getTotalCount() == 0 ? Optional.empty() : Optional.of(new Latency(merged, windows));
    }

    private static void add(Path file, Histogram merged, List<Double> windowP99) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileNotFoundException("A histogram that the results name is missing: file=" + file);
        }
        Map<Long, Histogram> windows = new LinkedHashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            long first = Long.MIN_VALUE;
            for (EncodableHistogram next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
                // What has a tag is something else that was recorded beside, such as the service time, or the seconds before it counts.
                if (next instanceof AbstractHistogram interval && interval.getTag() == null) {
                    first = first == Long.MIN_VALUE ? interval.getStartTimeStamp() : first;
                    merged.add(interval);
                    windows.computeIfAbsent((interval.getStartTimeStamp() - first) / WINDOW_MS, key -> new Histogram(DIGITS)).add(interval);
                }
            }
        }
        windows.values().stream().filter(each -> each.getTotalCount() > 0)
                .forEach(each -> windowP99.add((double) each.getValueAtPercentile(P99)));
    }

    double at(double percentile) {
        return merged.getValueAtPercentile(percentile);
    }

    double max() {
        return merged.getMaxValue();
    }

    /** How many nines the number of events can tell of: 5 for a percentile of 99.999. */
    int nines() {
        return (int) Math.floor(Math.log10(merged.getTotalCount()));
    }

    OptionalDouble medianWindowP99() {
        return Row.median(windowP99.stream().mapToDouble(Double::doubleValue));
    }

    /** From the best to the worst window, and how many there were; empty if there was only one. */
    String rangeOfWindows() {
        return windowP99.size() < 2 ? "" : " (" + Quantity.time(Collections.min(windowP99)) + " – "
                + Quantity.time(Collections.max(windowP99)) + ")";
    }
}
