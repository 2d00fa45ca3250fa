package io.daybook.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.batik.svggen.SVGIDGenerator;

/** One variant of a workload: its rows as a table, where a contender is better, its latencies, its plots. */
final class Section {

    private static final String CURVE = "load-curve";
    private static final List<String> PERCENTILE_METRICS = List.of("p50Ns", "p90Ns", "p99Ns", "p999Ns", "p9999Ns", "maxNs");

    private final String variant;
    private final Map<Case, List<Row>> rows;
    private final Map<Row, Latency> latencies;

    private Section(String variant, Map<Case, List<Row>> rows, Map<Row, Latency> latencies) {
        this.variant = variant;
        this.rows = rows;
        this.latencies = latencies;
    }

    /** Reads the histograms of these runs. */
    static Section read(Path folder, String variant, List<Run> runs) throws IOException {
        Map<Case, List<Row>> rows = Row.of(runs);
        Map<Row, Latency> latencies = new LinkedHashMap<>();
        for (List<Row> ofCase : rows.values()) {
            for (Row row : ofCase) {
                Optional<Latency> latency = Latency.of(folder, row);
                if (latency.isPresent()) {
                    latencies.put(row, latency.get());
                }
            }
        }
        return new Section(variant, rows, latencies);
    }

    String html(boolean resources, SVGIDGenerator ids) {
        StringBuilder html = new StringBuilder();
        if (!variant.isEmpty()) {
            html.append(Html.element("h3", variant));
        }
        html.append(valueTable()).append(better(Better.sentences(rows)));
        if (rows.values().stream().flatMap(List::stream).anyMatch(this::hasLatency)) {
            html.append(Html.element("h4", "Latency")).append(latencyTable()).append(better(Better.sentences(rows, latencies)));
        }
        html.append("<div class=\"plots\">\n");
        figures(resources).forEach(figure -> html.append(figure.html(ids)));
        return html.append("</div>\n").toString();
    }

    private String valueTable() {
        Table table = new Table("contender", "median", "lowest – highest", "rounds", "against raw queue", "against Daybook", "class");
        groups().forEach((heading, ofGroup) -> {
            table.group(heading);
            for (Row row : ofGroup) {
                Case setting = row.setting();
                Optional<Row> raw = named(rows.get(setting), Entrant.RAW);
                Optional<Row> daybook = named(rows.get(setting), Entrant.DAYBOOK);
                table.row(rowClass(row), List.of(title(row), Quantity.of(row.median(), setting.unit()),
                        Quantity.of(row.lowest(), setting.unit()) + " – " + Quantity.of(row.highest(), setting.unit()),
                        Integer.toString((int) row.runs().stream().mapToInt(Run::round).distinct().count()),
                        times(raw.map(row::timesAsGoodAs)), times(daybook.map(row::timesAsGoodAs)), setting.durability()));
            }
        });
        return table.html();
    }

    /** The rows under their headings: by case, but a load curve in one piece, as each contender has rates of its own. */
    private Map<String, List<Row>> groups() {
        Map<String, List<Row>> groups = new LinkedHashMap<>();
        rows.forEach((setting, ofCase) -> groups.computeIfAbsent(isCurve() ? setting.atAnyRate().text() : setting.text(),
                key -> new ArrayList<>()).addAll(ofCase));
        if (isCurve()) {
            groups.values().forEach(group -> group.sort(Comparator.comparing(Row::entrant).thenComparing(Row::setting)));
        }
        return groups;
    }

    private boolean isCurve() {
        return variant.equals(CURVE);
    }

    private boolean hasLatency(Row row) {
        return latencies.containsKey(row) || row.metric("p99Ns").isPresent();
    }

    private String latencyTable() {
        Table table = new Table("contender", "50%", "90%", "99%", "99.9%", "99.99%", "max", "10-s windows, 99%",
                "service 99%", "nothing 99%", "hiccup 99%");
        groups().forEach((heading, ofGroup) -> {
            if (ofGroup.stream().anyMatch(this::hasLatency)) {
                table.group(heading);
                ofGroup.forEach(row -> table.row(rowClass(row), latencyCells(row)));
            }
        });
        return table.html();
    }

    private List<String> latencyCells(Row row) {
        List<String> cells = new ArrayList<>(List.of(title(row)));
        Latency latency = latencies.get(row);
        if (latency == null) {
            PERCENTILE_METRICS.forEach(name -> cells.add(time(row.metric(name))));
            cells.add(Table.NONE);
        } else {
            Arrays.stream(Latency.SHOWN).forEach(percentile -> cells.add(Quantity.time(latency.at(percentile))));
            cells.add(Quantity.time(latency.max()));
            cells.add(time(latency.medianWindowP99()) + latency.rangeOfWindows());
        }
        cells.add(time(row.metric("serviceP99Ns")));
        cells.add(time(row.metric("nothingP99Ns")));
        cells.add(time(row.metric("hiccupP99Ns")));
        return cells;
    }

    private List<Figure> figures(boolean resources) {
        List<Figure> figures = new ArrayList<>();
        if (variant.equals(Case.SIZE)) {
            figures.addAll(SizePlot.of(rows));
            return figures;
        }
        figures.addAll(LoadPlot.of(rows, latencies));
        rows.forEach((setting, ofCase) -> {
            Map<Row, Latency> ofSetting = new LinkedHashMap<>(latencies);
            ofSetting.keySet().retainAll(ofCase);
            if (!isCurve()) {
                PercentilePlot.of(setting, ofSetting).ifPresent(figures::add);
                WindowPlot.of(setting, ofSetting).ifPresent(figures::add);
            }
            // At an offered rate all give the same events a second, and what differs is the latency.
            if (setting.rate() == 0) {
                BarPlot.of(setting, ofCase).ifPresent(figures::add);
            }
            if (resources) {
                BarPlot.ofMetric("Bytes on disk: " + setting.text(), "diskBytesPerEvent", "bytes/event", ofCase).ifPresent(figures::add);
                BarPlot.ofMetric("CPU: " + setting.text(), "cpuNsPerEvent", "ns", ofCase).ifPresent(figures::add);
                BarPlot.ofMetric("Heap: " + setting.text(), "heapBytesPerEvent", "heap bytes/event", ofCase).ifPresent(figures::add);
            }
        });
        return figures;
    }

    private static String better(List<String> sentences) {
        if (sentences.isEmpty()) {
            return "";
        }
        StringBuilder html = new StringBuilder("<ul class=\"better\">\n");
        sentences.forEach(sentence -> html.append(Html.element("li", sentence)));
        return html.append("</ul>\n").toString();
    }

    private static Optional<Row> named(List<Row> rows, String name) {
        return rows.stream().filter(row -> row.entrant().name().equals(name)).findFirst();
    }

    private String title(Row row) {
        return row.entrant().title() + (row.entrant().floor() ? " (floor: no version check)" : "")
                + (isCurve() ? " at " + Quantity.scaled(row.setting().rate()) + "/s" : "");
    }

    private static String rowClass(Row row) {
        return row.entrant().isDaybook() ? "daybook" : row.entrant().floor() ? "floor" : "";
    }

    private static String times(Optional<OptionalDouble> ratio) {
        OptionalDouble times = ratio.orElse(OptionalDouble.empty());
        return times.isPresent() ? Quantity.times(times.getAsDouble()) : Table.NONE;
    }

    private static String time(OptionalDouble ns) {
        return ns.isPresent() ? Quantity.time(ns.getAsDouble()) : Table.NONE;
    }
}
