package io.daybook.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Contenders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a sample of all workloads and contenders, and of small folders written by hand. */
class ReportPageTest {

    private static final String RUN = "{\"workload\":\"W1\",\"variant\":\"append\",\"contender\":\"%s\",\"durability\":\"D0\","
            + "\"entities\":10,\"keys\":\"uniform\",\"payload\":128,\"round\":%d,\"unit\":\"ns/event\",\"value\":%s,"
            + "\"metrics\":{},\"histogram\":null}%n";

    @TempDir
    static Path sample;

    private static String page;

    @TempDir
    Path folder;

    @BeforeAll
    static void makePage() throws IOException {
        SampleResults.write(sample);
        ReportPage.write(sample, sample.resolve("index.html"));
        page = Files.readString(sample.resolve("index.html"));
    }

    private String pageOf(String lines) throws IOException {
        Files.writeString(folder.resolve("results.ndjson"), lines);
        ReportPage.write(folder, folder.resolve("index.html"));
        return Files.readString(folder.resolve("index.html"));
    }

    private static String run(String contender, int round, double value) {
        return String.format(RUN, contender, round, value);
    }

    /** The cells of the first row that begins with this title. */
    private static List<String> row(String html, String title) {
        String floor = "(?: \\(floor[^<]*)?";
        Matcher row = Pattern.compile("<tr[^>]*><th scope=\"row\">" + Pattern.quote(title) + floor + "</th>(.*?)</tr>").matcher(html);
        assertTrue(row.find(), title);
        List<String> cells = new ArrayList<>();
        Matcher cell = Pattern.compile("<td[^>]*>(.*?)</td>").matcher(row.group(1));
        while (cell.find()) {
            cells.add(cell.group(1));
        }
        return cells;
    }

    @Test
    void needsNothingButItself() {
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("<link"));
        assertFalse(page.contains("@import"));
        assertFalse(page.contains("@font-face"));
        Matcher loaded = Pattern.compile("(?:src|href|url)\\s*[=(]\\s*[\"']?([^\"')\\s>]+)").matcher(page);
        while (loaded.find()) {
            assertTrue(loaded.group(1).startsWith("#"), loaded.group());
        }
    }

    @Test
    void everyWorkloadHasASectionWithATableAndAPlot() {
        for (String workload : SampleResults.WORKLOADS) {
            int from = page.indexOf("<section id=\"" + workload + "\">");
            assertTrue(from > 0, workload);
            String section = page.substring(from, page.indexOf("</section>", from));
            assertTrue(section.contains("<table") && section.contains("<svg"), workload);
            for (String contender : SampleResults.CONTENDERS) {
                assertTrue(section.contains(Entrant.named(contender).title()), workload + " " + contender);
            }
        }
    }

    @Test
    void everyKindOfPlotIsThere() {
        for (String title : List.of("Latency by percentile", "Latency over time", "Latency against load", "Against entities",
                "Against events in the journal", "Bytes on disk", "CPU:", "events/s, logarithmic")) {
            assertTrue(page.contains(title), title);
        }
        for (String label : List.of("50%", "90%", "99%", "99.9%", "99.99%", "max")) {
            assertTrue(Pattern.compile("<text[^>]*>" + Pattern.quote(label) + "</text>").matcher(page).find(), label);
        }
    }

    @Test
    void everyLabelIsTextThatSaysSomething() {
        List<String> labels = Pattern.compile("<text[^>]*>([^<]*)</text>").matcher(page).results().map(each -> each.group(1)).toList();
        assertTrue(labels.size() > 1_000);
        labels.forEach(label -> assertTrue(label.matches("[\\p{Alnum}µ.,%+ ]*\\p{Alnum}.*") && !label.matches("[A-Za-z]"), label));
    }

    @Test
    void idsOfPlotsAreDistinct() {
        List<String> ids = Pattern.compile("<clipPath[^>]* id=\"([^\"]+)\"").matcher(page).results().map(each -> each.group(1)).toList();
        assertTrue(ids.size() > 20);
        assertEquals(ids.size(), ids.stream().distinct().count());
    }

    @Test
    void mediansAndRatiosAreThoseOfTheRounds() throws IOException {
        String html = pageOf(run("raw", 1, 100) + run("raw", 2, 300) + run("raw", 3, 200)
                + run("daybook", 1, 200) + run("daybook", 2, 400) + run("daybook", 3, 800));
        assertEquals(List.of("400 ns/event", "200 ns/event – 800 ns/event", "3", "0.5 ×", "1 ×", "D0"), row(html, "Daybook"));
        assertEquals(List.of("200 ns/event", "100 ns/event – 300 ns/event", "3", "1 ×", "2 ×", "D0"), row(html, "Chronicle Queue, raw"));
        assertTrue(html.contains("(floor: no version check)"));
    }

    @Test
    void aPeerThatWinsIsNamedAndOneThatLosesIsNot() throws IOException {
        String html = pageOf(run("daybook", 1, 120) + run("lmdb", 1, 100) + run("rocksdb", 1, 130));
        assertTrue(html.contains("<li>LMDB is faster here: 1.2 × (D0 · 10 entities, uniform · 128 B).</li>"), html);
        assertFalse(html.contains("RocksDB is faster"));
    }

    @Test
    void percentilesAreMergedNotAveraged() throws IOException {
        Files.createDirectories(folder.resolve("histograms"));
        // Nine tenths of all events take 10 µs in the one round and 1 µs in the other, which has a hundred times as many.
        histogram("one", 1_000, 10_000);
        histogram("two", 100_000, 1_000);
        String html = pageOf(run("daybook", 1, 1).replace("null", "\"histograms/one\"")
                + run("daybook", 2, 1).replace("null", "\"histograms/two\""));
        String latency = html.substring(html.indexOf("<h4>Latency"));
        assertEquals("1 µs", row(latency, "Daybook").get(1), latency);
        assertEquals("10 µs", row(latency, "Daybook").get(4), latency);
        assertEquals("10 µs", row(latency, "Daybook").get(5), "the maximum");
    }

    private void histogram(String name, int count, long value) throws IOException {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(value, count);
        histogram.setStartTimeStamp(0);
        histogram.setEndTimeStamp(1_000);
        HistogramLogWriter writer = new HistogramLogWriter(folder.resolve("histograms").resolve(name + ".hlog").toFile());
        writer.outputLogFormatVersion();
        writer.outputIntervalHistogram(histogram);
        AbstractHistogram other = histogram.copy();
        other.reset();
        other.recordValue(value * 1_000);
        other.setTag("service");
        writer.outputIntervalHistogram(other);
        writer.close();
    }

    @Test
    void whatIsUnknownDoesNotBreakIt() throws IOException {
        String later = "\"metrics\":{\"new\":[1,{\"a\":2}],\"p99Ns\":\"none\"},\"later\":{}";
        String html = pageOf(run("daybook", 1, 100).replace("\"metrics\":{}", later)
                + run("<b>newcomer</b>", 1, 50) + "{\"workload\":\"W99\",\"contender\":\"daybook\",\"unit\":\"apples\",\"value\":3}\n");
        assertTrue(html.contains("&lt;b&gt;newcomer&lt;/b&gt; is faster here: 2 ×"));
        assertTrue(html.contains("<h2>W99</h2>"));
        assertTrue(html.contains("3 apples"));
    }

    @Test
    void oddNumbersAreDrawn() throws IOException {
        for (double value : new double[] {0, 1e-9, 1, 10, 100, 99.99, 1e15}) {
            String html = pageOf(run("daybook", 1, value) + run("raw", 1, 7) + run("lmdb", 1, 7));
            assertTrue(html.contains("</html>"), "value=" + value);
        }
    }

    @Test
    void aFolderWithoutResultsIsAnError() {
        IOException refused = assertThrows(IOException.class, () -> ReportPage.write(folder, folder.resolve("index.html")));
        assertTrue(refused.getMessage().startsWith("There are no results in this folder: missing="), refused.getMessage());
        assertFalse(Files.exists(folder.resolve("index.html")));
    }

    @Test
    void aBrokenLineIsNamed() {
        IOException refused = assertThrows(IOException.class, () -> pageOf(run("daybook", 1, 1) + "{\"workload\":\n"));
        assertTrue(refused.getMessage().contains("line=2"), refused.getMessage());
        refused = assertThrows(IOException.class, () -> pageOf("{\"contender\":\"daybook\",\"unit\":\"ms\",\"value\":1}\n"));
        assertTrue(refused.getMessage().contains("A run names its workload"), refused.getMessage());
    }

    @Test
    void aMissingHistogramIsNamed() {
        IOException refused = assertThrows(IOException.class,
                () -> pageOf(run("daybook", 1, 1).replace("null", "\"histograms/gone\"")));
        assertTrue(refused.getMessage().contains("gone.hlog"), refused.getMessage());
    }

    @Test
    void environmentGoalsAndCommandsAreShown() {
        assertTrue(page.contains("Invented CPU 3000"));
        assertTrue(page.contains("<th scope=\"row\">stealPercent</th><td>0.7</td>"));
        assertTrue(page.contains("benchmarks.jar matrix --out results"));
        assertTrue(page.contains("<tr class=\"missed\">"));
        assertTrue(page.contains("<tr class=\"met\">"));
    }

    @Test
    void theVerdictStandsBesideTheGoalWhereANarrowScreenShowsIt() {
        assertTrue(page.contains("<th scope=\"col\">goal</th><th scope=\"col\">verdict</th>"));
    }

    @Test
    void theBuildsContendersAreKnown() {
        for (Contender contender : Stream.concat(Contenders.embedded().stream(), Contenders.servers().stream()).toList()) {
            Entrant entrant = Entrant.named(contender.name());
            assertTrue(entrant.colour() < Entrant.COLOURS - 1, "No colour of its own: " + contender.name());
            assertEquals(contender.checksVersions(), !entrant.floor(), contender.name());
        }
    }
}
