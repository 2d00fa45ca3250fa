package io.daybook.bench.workload;

import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Latencies in nanoseconds, by windows of time; written to files and told as percentiles. One thread. */
final class Latencies {

    private static final int DIGITS = 3;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};
    private static final String[] NAMES = {"p50Ns", "p90Ns", "p99Ns", "p999Ns", "p9999Ns"};
    private static final int STEPS = 5;
    private static final String WARM_UP = "warm-up";

    private final List<Histogram> windows = new ArrayList<>();

    /** These windows. */
    Latencies(List<Histogram> windows) {
        this.windows.addAll(windows);
    }

    /** Room for so many windows. */
    Latencies(int count) {
        for (int i = 0; i < count; i++) {
            windows.add(new Histogram(DIGITS));
        }
    }

    /** Records a latency in a window; less than nothing counts as nothing. */
    void record(int window, long ns) {
        windows.get(window).recordValue(Math.max(0, ns));
    }

    /** Everything from this window on. */
    Histogram all(int from) {
        Histogram all = new Histogram(DIGITS);
        windows.subList(from, windows.size()).forEach(all::add);
        return all;
    }

    /** Percentiles: medians of those of the windows from this one on; the maximum is that of all. */
    void tell(int from, String prefix, Map<String, Double> metrics) {
        for (int i = 0; i < NAMES.length; i++) {
            double percentile = PERCENTILES[i];
            double[] values = windows.stream().skip(from).mapToDouble(window -> window.getValueAtPercentile(percentile)).sorted().toArray();
            metrics.put(name(prefix, NAMES[i]), (values[(values.length - 1) / 2] + values[values.length / 2]) / 2);
            metrics.put(name(prefix, "worstWindow" + capitalised(NAMES[i])), Arrays.stream(values).max().orElse(0));
        }
        metrics.put(name(prefix, "maxNs"), (double) all(from).getMaxValue());
    }

    private static String name(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + capitalised(name);
    }

    private static String capitalised(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /**
     * Writes {@code NAME.hlog}, a line a window with the first ones too, which have a tag, for they do not count; and {@code NAME.hgrm} of
     * those from this one on.
     */
    void write(Path folder, String name, long startMs, long windowMs, int from) {
        try (PrintStream log = stream(folder.resolve(name + ".hlog")); PrintStream percentiles = stream(folder.resolve(name + ".hgrm"))) {
            HistogramLogWriter writer = new HistogramLogWriter(log);
            writer.outputLogFormatVersion();
            writer.outputStartTime(startMs);
            writer.setBaseTime(startMs);
            writer.outputLegend();
            for (int i = 0; i < windows.size(); i++) {
                Histogram window = windows.get(i);
                window.setStartTimeStamp(startMs + i * windowMs);
                window.setEndTimeStamp(startMs + (i + 1) * windowMs);
                window.setTag(i < from ? WARM_UP : null);
                writer.outputIntervalHistogram(window);
            }
            all(from).outputPercentileDistribution(percentiles, STEPS, 1.0);
        } catch (FileNotFoundException | UnsupportedEncodingException e) {
            throw new IllegalStateException("Latencies cannot be written: folder=" + folder + " name=" + name, e);
        }
    }

    private static PrintStream stream(Path file) throws FileNotFoundException, UnsupportedEncodingException {
        return new PrintStream(file.toString(), StandardCharsets.US_ASCII.name());
    }
}
