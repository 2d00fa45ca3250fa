package io.daybook.bench.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The 99th percentile of each window of ten seconds: whether what was measured was steady, or one good minute. */
final class WindowPlot {

    private WindowPlot() {
    }

    static Optional<Figure> of(Case setting, Map<Row, Latency> latencies) {
        int most = latencies.values().stream().mapToInt(each -> each.windowP99().size()).max().orElse(0);
        if (most < 2) {
            return Optional.empty();
        }
        double[] all = latencies.values().stream().flatMap(each -> each.windowP99().stream()).mapToDouble(ns -> Math.max(1, ns)).sorted()
                .toArray();
        Scale x = Scale.linear(most, Quantity::digits);
        Drawing drawing = new Drawing(x, Scale.logarithmic(all[0], all[all.length - 1], Quantity::time));
        latencies.forEach((row, latency) -> {
            List<Double> windows = latency.windowP99();
            drawing.line(row.entrant(), IntStream.rangeClosed(1, windows.size()).asDoubleStream().toArray(),
                    windows.stream().mapToDouble(ns -> Math.max(1, ns)).toArray());
        });
        List<Entrant> legend = latencies.keySet().stream().map(Row::entrant).toList();
        return Optional.of(new Figure("Latency over time: " + setting.text(), "Upwards the 99th percentile of each ten seconds, "
                + "logarithmic; to the right the windows of all rounds, one after the other.", true, legend, drawing, 0));
    }
}
