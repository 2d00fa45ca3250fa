package io.daybook.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** What an operation costs against the size of the journal, or against the number of entities. A flat line is what one wants to see. */
final class SizePlot {

    private record Point(double size, double cost) {
    }

    /** What is varied, and what the cases of one curve have in common then. */
    private record Axis(String name, ToLongFunction<Case> size, UnaryOperator<Case> rest) {
    }

    private SizePlot() {
    }

    /** Up to two figures for each set of cases that differ in size alone: one against entities, one against events. */
    static List<Figure> of(Map<Case, List<Row>> rows) {
        List<Figure> figures = new ArrayList<>(against(new Axis("entities", Case::entities, Case::atAnyEntities), rows));
        figures.addAll(against(new Axis("events in the journal", Case::events, Case::atAnyEvents), rows));
        return figures;
    }

    private static List<Figure> against(Axis axis, Map<Case, List<Row>> rows) {
        Map<Case, Map<Entrant, List<Point>>> curves = new TreeMap<>();
        rows.forEach((setting, ofCase) -> ofCase.stream().filter(row -> axis.size.applyAsLong(setting) > 0 && row.median() > 0)
                .forEach(row -> curves.computeIfAbsent(axis.rest.apply(setting), key -> new TreeMap<>())
                        .computeIfAbsent(row.entrant(), key -> new ArrayList<>())
                        .add(new Point(axis.size.applyAsLong(setting), row.median()))));
        return curves.entrySet().stream().map(each -> figure(axis.name, each.getKey(), each.getValue())).flatMap(Optional::stream).toList();
    }

    private static Optional<Figure> figure(String what, Case setting, Map<Entrant, List<Point>> curves) {
        List<Point> all = curves.values().stream().flatMap(List::stream).toList();
        if (all.stream().mapToDouble(Point::size).distinct().count() < 2) {
            return Optional.empty();
        }
        String unit = setting.unit();
        Scale x = Scale.logarithmic(all.stream().mapToDouble(Point::size).min().orElseThrow(),
                all.stream().mapToDouble(Point::size).max().orElseThrow(), Quantity::scaled);
        Scale y = Scale.fitting(all.stream().mapToDouble(Point::cost).min().orElseThrow(),
                all.stream().mapToDouble(Point::cost).max().orElseThrow(), cost -> Quantity.of(cost, unit.startsWith("ns") ? "ns" : unit));
        Drawing drawing = new Drawing(x, y);
        curves.forEach((entrant, points) -> {
            points.sort(Comparator.comparingDouble(Point::size));
            drawing.line(entrant, points.stream().mapToDouble(Point::size).toArray(), points.stream().mapToDouble(Point::cost).toArray());
        });
        return Optional.of(new Figure("Against " + what + ": " + setting.text(), "Upwards " + unit + ", " + y.kind()
                + "; to the right " + what + ", logarithmic.", true, List.copyOf(curves.keySet()), drawing, 0));
    }
}
