package io.daybook.bench.report;

import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Contenders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.batik.svggen.SVGIDGenerator;

/** Writes the page of a results folder. */
public final class ReportPage {

    private static final Map<String, String> WORKLOADS = Map.ofEntries(
            Map.entry("W1", "append with an expected version, one writer"), Map.entry("W2", "two writers, many in flight"),
            Map.entry("W3", "atomic commits of many events"), Map.entry("W4", "conflicts: what a refusal costs"),
            Map.entry("W5", "load an entity, of ten events where nothing else is said"), Map.entry("W6", "replay everything"),
            Map.entry("W7", "from append to handler"), Map.entry("W8", "half loads, half appends, beside a reader that catches up"),
            Map.entry("W9", "open, and rebuild the index"), Map.entry("W10", "bytes and CPU an event"), Map.entry("W11", "soak"),
            Map.entry("W12", "the bridge to Kafka"));

    private final Results results;
    private final SVGIDGenerator ids = new SVGIDGenerator();
    private final StringBuilder html = new StringBuilder();

    private ReportPage(Results results) {
        this.results = results;
    }

    /**
     * Makes one self-contained HTML file of a results folder. The file is written last: after an error it is as it was.
     *
     * @throws IOException if the folder holds no results, or something in it cannot be read; the message names the file
     */
    public static void write(Path resultsFolder, Path htmlFile) throws IOException {
        System.setProperty("java.awt.headless", "true");
        String page = new ReportPage(Results.read(resultsFolder)).html();
        Path folder = htmlFile.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Files.writeString(htmlFile, page);
    }

    private String html() throws IOException {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>Daybook, measured</title>\n<style>\n")
                .append(style()).append("</style>\n</head>\n<body>\n<main>\n").append(Html.element("h1", "Daybook, measured"));
        introduction();
        goals();
        List<String> workloads = results.workloads();
        String counted = workloads.contains("W10") ? "W10" : "W1";
        for (String workload : workloads) {
            workload(workload, workload.equals(counted));
        }
        contenders();
        environment();
        return html.append("</main>\n</body>\n</html>\n").toString();
    }

    private static String style() throws IOException {
        try (InputStream in = ReportPage.class.getResourceAsStream("page.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void introduction() {
        List<String> parts = new ArrayList<>();
        part(parts, "on ", "cpu", "");
        part(parts, "", "cores", " cores");
        part(parts, "", "memoryGiB", " GiB of memory");
        part(parts, "", "kernel", "");
        part(parts, "journals on ", "fileSystem", "");
        part(parts, "", "jvm", "");
        part(parts, "commit ", "commit", "");
        part(parts, "begun ", "startedAt", "");
        long contenders = results.runs().stream().map(Run::contender).distinct().count();
        long rounds = results.runs().stream().mapToInt(Run::round).distinct().count();
        html.append(Html.element("p", Quantity.count(results.runs().size()) + " runs of " + contenders + " contenders in up to " + rounds
                + " rounds" + (parts.isEmpty() ? "" : ", " + String.join(", ", parts)) + "."));
        html.append(Html.element("p", "Every figure is the median of the rounds, with the range from the lowest to the highest. A ratio is "
                + "taken within a round, then the median of these: above 1 × is better than the one it is set against. Percentiles are "
                + "those of the merged histograms, never means. Contenders are compared within a durability class only: "
                + "DV in memory, D0 survives kill -9, "
                + "D1 loss bounded by 50 ms and one force, D1S by a second and one, D2 forced before the answer, D2G the same with many in "
                + "flight. Floors check no version: "
                + "they show what the ground costs and are no rivals. In tables of latency \"nothing\" is how late the same thread was "
                + "that kept the same times and appended nothing: that is the machine's. \"Hiccup\" is how late one was that slept "
                + "beside what was measured, whose own threads it waited for, too."));
    }

    private void part(List<String> parts, String before, String name, String after) {
        String value = results.environment().get(name);
        if (value != null) {
            parts.add(before + value + after);
        }
    }

    private void goals() {
        html.append(Html.element("h2", "Goals"));
        if (results.goals().isEmpty()) {
            html.append(Html.element("p", "No goals were judged in this run."));
            return;
        }
        Table table = new Table("goal", "verdict", "measured", "limit", "workload");
        for (Goal goal : results.goals()) {
            String verdict = goal.met() == null ? "not judged" : goal.met() ? "met" : "missed";
            table.row(verdict.replace(' ', '-'), List.of(goal.text() == null ? "" : goal.text(), verdict, goal.measured(),
                    Goal.shown(goal.limit()), goal.where()));
        }
        html.append(table.html());
    }

    private void workload(String workload, boolean resources) throws IOException {
        String title = WORKLOADS.get(workload);
        html.append("<section id=\"").append(Html.text(workload)).append("\">\n")
                .append(Html.element("h2", workload + (title == null ? "" : ": " + title)));
        boolean first = true;
        for (Map.Entry<String, List<Run>> variant : results.variants(workload).entrySet()) {
            html.append(Section.read(results.folder(), variant.getKey(), variant.getValue())
                    .html(resources && (first || workload.equals("W10")), ids));
            first = false;
        }
        html.append("</section>\n");
    }

    /** How they were set up, of those that this build knows. */
    private void contenders() {
        Map<String, Contender> known = Stream.of(Contenders.embedded(), Contenders.servers(), Contenders.yardsticks(), Contenders.plain())
                .flatMap(List::stream).collect(Collectors.toMap(Contender::name, each -> each));
        html.append(Html.element("h2", "Contenders"));
        Table table = new Table("contender", "name", "kind", "set up").withProse();
        new TreeSet<>(results.runs().stream().map(run -> Entrant.named(run.contender())).toList()).forEach(entrant -> {
            Contender contender = known.get(entrant.name());
            table.row("", List.of(contender == null ? entrant.title() : contender.title(), entrant.name(),
                    entrant.floor() ? "floor: no version check" : entrant.isDaybook() ? "" : "rival",
                    contender == null ? "" : contender.setup()));
        });
        html.append(table.html());
    }

    private void environment() {
        html.append(Html.element("h2", "Repeat it"));
        String command = results.environment().get("command");
        html.append(Html.element("pre", (command == null ? "" : command + "\n") + "java -jar bench/target/benchmarks.jar report DIR"));
        html.append(Html.element("h2", "Environment"));
        if (results.environment().isEmpty()) {
            html.append(Html.element("p", "The folder holds no environment.json: nothing is known of the machine."));
            return;
        }
        Table table = new Table("what", "value").withProse();
        results.environment().forEach((name, value) -> table.row("", List.of(name, value)));
        html.append(table.html());
    }
}
