package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * A bar a contender, the best on top: the median of the rounds, with a thin line from the lowest to the highest. One contender alone
 * makes no plot: the table says it all.
 */
final class BarPlot {

    private static final double NS_A_SECOND = 1e9;

    private record Bar(Entrant entrant, double lowest, double median, double highest) {
    }

    private BarPlot() {
    }

    /** What the rows of a case gave: as events or loads a second where the unit allows it, else in the unit itself. */
    static Optional<Figure> of(Case setting, List<Row> rows) {
        String unit = setting.unit();
        boolean rate = unit.startsWith("ns/");
        String shown = rate ? unit.substring("ns/".length()) + "s/s" : unit;
        List<Bar> bars = rows.stream().filter(row -> row.lowest() > 0).map(row -> rate
                ? new Bar(row.entrant(), NS_A_SECOND / row.highest(), NS_A_SECOND / row.median(), NS_A_SECOND / row.lowest())
                : new Bar(row.entrant(), row.lowest(), row.median(), row.highest())).toList();
        return figure(setting.text(), shown, bars);
    }

    /** What was counted beside, under the name of a metric. */
    static Optional<Figure> ofMetric(String title, String metric, String unit, List<Row> rows) {
        List<Bar> bars = new ArrayList<>();
        for (Row row : rows) {
            List<Double> values = row.metrics(metric);
            row.metric(metric).ifPresent(median -> bars.add(new Bar(row.entrant(), Collections.min(values), median,
                    Collections.max(values))));
        }
        return figure(title, unit, bars);
    }

    private static Optional<Figure> figure(String title, String unit, List<Bar> unsorted) {
        double highest = unsorted.stream().mapToDouble(Bar::highest).max().orElse(0);
        if (highest <= 0 || unsorted.size() < 2) {
            return Optional.empty();
        }
        boolean less = Quantity.lessIsBetter(unit);
        Comparator<Bar> worstFirst = Comparator.comparingDouble(Bar::median);
        List<Bar> bars = unsorted.stream().sorted(less ? worstFirst.reversed() : worstFirst).toList();
        DoubleFunction<String> label = unit.equals("ms") ? ms -> Quantity.time(ms * 1e6)
                : unit.equals("ns") ? Quantity::time : Quantity::scaled;
        Scale x = Scale.fitting(bars.stream().mapToDouble(Bar::lowest).min().orElseThrow(), highest, label);
        Drawing drawing = new Drawing(x, Scale.names(bars.stream().map(bar -> bar.entrant.title()).collect(Collectors.toList())));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            drawing.bar(bar.entrant, i, new double[] {bar.lowest, bar.median, bar.highest}, label.apply(bar.median));
        }
        String note = (unit.equals("ms") || unit.equals("ns") ? "Time" : unit) + ", " + x.kind() + "; "
                + (less ? "less is better" : "more is better");
        return Optional.of(new Figure(title, note, false, List.of(), drawing, bars.size()));
    }
}
