package io.daybook.bench.workload;

import java.util.Map;

/**
 * What a measurement gave.
 *
 * @param unit      of the value, for instance {@code ns/event}
 * @param value     the figure that the workload is about
 * @param metrics   everything else that was measured, by name; the unit is part of the name
 * @param histogram name of the files with its latencies, without ending; null if it has none
 */
public record Outcome(String unit, double value, Map<String, Double> metrics, String histogram) {

    /** The same, whose files lie in this folder. */
    public Outcome in(String folder) {
        return histogram == null ? this : new Outcome(unit, value, metrics, folder + "/" + histogram);
    }
}
