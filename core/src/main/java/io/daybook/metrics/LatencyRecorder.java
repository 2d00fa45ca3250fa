package io.daybook.metrics;

import org.HdrHistogram.Histogram;

/**
 * Latencies of one kind of operation, in nanoseconds. Percentiles are exact to three digits; memory is fixed. Not thread-safe.
 */
public final class LatencyRecorder {

    /** What takes longer than this, an hour, is recorded as this. */
    private static final long HIGHEST_NS = 3_600_000_000_000L;

    private final Histogram histogram = new Histogram(1, HIGHEST_NS, 3);

    /** Records one operation that took so long. */
    public void record(long ns) {
        histogram.recordValue(Math.max(0, Math.min(ns, HIGHEST_NS)));
    }

    /** The latency that this percentage of the operations, 0 to 100, did not exceed; 0 if none was recorded. */
    public long percentileNs(double percentile) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getValueAtPercentile(percentile);
    }

    /** The longest one; 0 if none was recorded. */
    public long maxNs() {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue();
    }

    /** How many were recorded. */
    public long count() {
        return histogram.getTotalCount();
    }
}
