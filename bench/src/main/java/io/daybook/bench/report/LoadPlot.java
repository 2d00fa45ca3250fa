package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The 99th percentile of the latency against the offered load: a line a contender. */
final class LoadPlot {

    private record Point(double rate, double p99) {
    }

    private LoadPlot() {
    }

    /** A figure for each set of cases that differ in their rate alone. */
    static List<Figure> of(Map<Case, List<Row>> rows, Map<Row, Latency> latencies) {
        Map<Case, Map<Entrant, List<Point>>> curves = new TreeMap<>();
        rows.forEach((setting, ofCase) -> ofCase.forEach(row -> p99(row, latencies).ifPresent(p99 -> {
            if (setting.rate() > 0 && p99 > 0) {
                curves.computeIfAbsent(setting.atAnyRate(), key -> new TreeMap<>())
                        .computeIfAbsent(row.entrant(), key -> new ArrayList<>()).add(new Point(setting.rate(), p99));
            }
        })));
        return curves.entrySet().stream().map(each -> figure(each.getKey(), each.getValue())).flatMap(Optional::stream)
                .collect(Collectors.toList());
    }

    private static OptionalDouble p99(Row row, Map<Row, Latency> latencies) {
        Latency latency = latencies.get(row);
        return latency == null ? row.metric("p99Ns") : OptionalDouble.of(latency.at(99));
    }

    private static Optional<Figure> figure(Case setting, Map<Entrant, List<Point>> curves) {
        List<Point> all = curves.values().stream().flatMap(List::stream).toList();
        if (all.stream().mapToDouble(Point::rate).distinct().count() < 2) {
            return Optional.empty();
        }
        Scale x = Scale.fitting(all.stream().mapToDouble(Point::rate).min().orElseThrow(),
                all.stream().mapToDouble(Point::rate).max().orElseThrow(), Quantity::scaled);
        Scale y = Scale.logarithmic(all.stream().mapToDouble(Point::p99).min().orElseThrow(),
                all.stream().mapToDouble(Point::p99).max().orElseThrow(), Quantity::time);
        Drawing drawing = new Drawing(x, y);
        curves.forEach((entrant, points) -> {
            points.sort(Comparator.comparingDouble(Point::rate));
            drawing.line(entrant, points.stream().mapToDouble(Point::rate).toArray(), points.stream().mapToDouble(Point::p99).toArray());
        });
        return Optional.of(new Figure("Latency against load: " + setting.text(), "Upwards the 99th percentile, logarithmic; to the right "
                + "events offered a second, " + x.kind() + ".", true, List.copyOf(curves.keySet()), drawing, 0));
    }
}
