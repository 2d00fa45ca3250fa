package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Latency by percentile, on HdrHistogram's axis, of all contenders of a case. The last point of each is its maximum. */
final class PercentilePlot {

    private static final int POINTS_A_NINE = 12;
    /** Odd numbers of nines: where only every second mark has room for a label, the maximum has one. */
    private static final int MANY_NINES = 5;
    private static final int FEW_NINES = 3;

    private PercentilePlot() {
    }

    static Optional<Figure> of(Case setting, Map<Row, Latency> latencies) {
        double lowest = latencies.values().stream().mapToDouble(each -> Math.max(1, each.at(50))).min().orElse(0);
        if (lowest == 0) {
            return Optional.empty();
        }
        double highest = latencies.values().stream().mapToDouble(Latency::max).max().orElseThrow();
        boolean many = latencies.values().stream().anyMatch(each -> each.nines() > FEW_NINES);
        int nines = many ? MANY_NINES : FEW_NINES;
        Scale x = Scale.percentiles(nines);
        Drawing drawing = new Drawing(x, Scale.logarithmic(lowest, highest, Quantity::time));
        latencies.forEach((row, latency) -> draw(drawing, row.entrant(), latency, Math.min(nines, latency.nines())));
        List<Entrant> legend = latencies.keySet().stream().map(Row::entrant).toList();
        return Optional.of(new Figure("Latency by percentile: " + setting.text(), "From the intended time of each event; logarithmic. "
                + "Percentiles of all rounds merged; the line ends at the maximum.", true, legend, drawing, 0));
    }

    private static void draw(Drawing drawing, Entrant entrant, Latency latency, int nines) {
        List<Double> percentiles = new ArrayList<>(List.of(50.0));
        for (int i = 4; i <= nines * POINTS_A_NINE; i++) {
            percentiles.add(100 * (1 - Math.pow(10, -(double) i / POINTS_A_NINE)));
        }
        double[] xs = new double[percentiles.size() + 1];
        double[] ys = new double[xs.length];
        for (int i = 0; i < percentiles.size(); i++) {
            xs[i] = percentiles.get(i);
            ys[i] = Math.max(1, latency.at(xs[i]));
        }
        xs[xs.length - 1] = 100;
        ys[xs.length - 1] = Math.max(1, latency.max());
        drawing.line(entrant, xs, ys);
    }
}
