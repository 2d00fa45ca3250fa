package io.daybook.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A results folder as a run would write it, with all workloads and all contenders. The figures are invented: they only spread as widely as
 * real ones do, so that the page has to cope. The same seed gives the same folder.
 */
final class SampleResults {

    static final List<String> CONTENDERS = List.of("daybook", "raw", "queuemap", "lmdb", "rocksdb", "sqlite", "h2mvstore", "axon", "aeron",
            "kafka", "postgresql", "message-db");
    static final List<String> WORKLOADS = List.of("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "W11");

    /** Nanoseconds an append, in the order of the contenders. */
    private static final double[] COST = {260, 210, 2_100, 3_700, 10_500, 18_700, 6_200, 1_400, 320, 900, 41_000, 66_000};
    private static final int ROUNDS = 3;
    private static final int EVENTS_AN_INTERVAL = 20_000;
    private static final long SEED = 20_260_701;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Map<String, Object>> runs = new ArrayList<>();

    private SampleResults(Path folder) {
        this.folder = folder;
    }

    /** Writes the folder. */
    static void write(Path folder) throws IOException {
        SampleResults sample = new SampleResults(folder);
        Files.createDirectories(folder.resolve("histograms"));
        sample.all();
        StringBuilder lines = new StringBuilder();
        for (Map<String, Object> run : sample.runs) {
            lines.append(JSON.writeValueAsString(run)).append('\n');
        }
        Files.writeString(folder.resolve("results.ndjson"), lines);
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("cpu", "Invented CPU 3000 at 2.50 GHz");
        environment.put("cores", 2);
        environment.put("memoryGiB", 7.8);
        environment.put("kernel", "6.1.0-sample");
        environment.put("fileSystem", "ext4");
        environment.put("jvm", "OpenJDK 17.0.0 (sample)");
        environment.put("jvmFlags", "-Xmx1g --add-exports java.base/sun.nio.ch=ALL-UNNAMED " + "-XX:+SampleFlag ".repeat(6));
        environment.put("commit", "0123456789abcdef");
        environment.put("startedAt", "2026-01-01T00:00:00Z");
        environment.put("stealPercent", 0.7);
        environment.put("command", "java -jar bench/target/benchmarks.jar matrix --out results --rounds 3");
        Files.writeString(folder.resolve("environment.json"), JSON.writeValueAsString(environment));
        Files.writeString(folder.resolve("goals.json"), "["
                + goal("W1", "D0 against raw Chronicle Queue, 10,000 entities", 0.81, "at least 0.75 ×", "true") + ","
                + goal("W1", "p99.9 at 100,000 events/s", 143_000, "at most 100 µs", "false") + ","
                + goal("W5", "load of ten events", 1_700, "at most 2 µs", "true") + "]");
    }

    private static String goal(String workload, String text, double value, String limit, String met) {
        return "{\"workload\":\"" + workload + "\",\"variant\":\"append\",\"contender\":\"daybook\",\"durability\":\"D0\","
                + "\"entities\":10000,\"keys\":\"uniform\",\"payload\":128,\"text\":\"" + text + "\",\"value\":" + value
                + ",\"limit\":\"" + limit + "\",\"met\":" + met + "}";
    }

    private void all() throws IOException {
        for (int i = 0; i < CONTENDERS.size(); i++) {
            for (int round = 1; round <= ROUNDS; round++) {
                closed(i, round);
                opened(i, round);
                sized(i, round);
                tail(i, round, "W1", "tail", 100_000);
                tail(i, round, "W7", "", 10_000);
            }
        }
    }

    private void closed(int i, int round) {
        run(i, round, "W1", "append", "ns/event", COST[i]).put("metrics", resources(i));
        run(i, round, "W1", "append", "ns/event", COST[i] * 1.6).putAll(Map.of("entities", 1_000_000, "keys", "zipf", "payload", 1024));
        run(i, round, "W1", "append", "ns/event", COST[i] + 90_000).put("durability", "D2");
        run(i, round, "W2", "pipelined", "events/s", 4e8 / COST[i]).putAll(Map.of("durability", "D2G", "inFlight", 64));
        run(i, round, "W2", "threads", "events/s", 9e8 / COST[i]).put("inFlight", 8);
        run(i, round, "W3", "batch", "ns/event", COST[i] / 4).put("batch", 64);
        run(i, round, "W4", "refusal", "ns/refusal", COST[i] * 0.8);
        run(i, round, "W5", "", "ns/load", COST[i] * 4);
        run(i, round, "W6", "", "ns/event", COST[i] / 5);
        run(i, round, "W8", "", "events/s", 5e8 / COST[i]);
        run(i, round, "W10", "", "bytes/event", 128 + COST[i] / 100).put("metrics", resources(i));
        run(i, round, "W11", "", "ns/event", COST[i] * 1.1);
    }

    private void opened(int i, int round) {
        run(i, round, "W9", "open-clean", "ms", 4 + COST[i] / 50);
        run(i, round, "W9", "open-killed", "ms", 30 + COST[i] / 9);
        run(i, round, "W9", "rebuild", "ms", 900 + COST[i]);
    }

    private void sized(int i, int round) {
        for (long entities = 10_000; entities <= 10_000_000; entities *= 10) {
            run(i, round, "W1", "size", "ns/event", COST[i] * (0.6 + Math.log10(entities) / 8)).putAll(
                    Map.of("entities", entities, "metrics", Map.of("events", 10_000_000)));
        }
        for (long events : new long[] {1_000_000, 10_000_000, 50_000_000}) {
            run(i, round, "W9", "size", "ms", COST[i] / 20 + events / 2e6).put("metrics", Map.of("events", events));
        }
        for (int percent : new int[] {10, 25, 50, 75, 90}) {
            run(i, round, "W1", "load-curve", "ns/event", COST[i] * 3 / (100 - percent) * 100).putAll(
                    Map.of("rate", Math.round(1e7 / COST[i] * percent), "metrics", Map.of("p99Ns", COST[i] * 300 / (100 - percent))));
        }
    }

    /** A run with the histograms of four intervals of five seconds. */
    private void tail(int i, int round, String workload, String variant, int rate) throws IOException {
        String name = "histograms/" + workload + "-" + CONTENDERS.get(i) + "-" + round;
        Histogram all = new Histogram(3);
        try (PrintStream out = new PrintStream(folder.resolve(name + ".hlog").toFile(), "UTF-8")) {
            HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            for (int interval = 0; interval < 4; interval++) {
                Histogram histogram = new Histogram(3);
                for (int event = 0; event < EVENTS_AN_INTERVAL; event++) {
                    double tail = Math.pow(1 / (1 - random.nextDouble()), 0.8);
                    histogram.recordValue(Math.min(30_000_000_000L, (long) (COST[i] * (0.8 + 0.3 * random.nextDouble()) * tail)));
                }
                histogram.setStartTimeStamp(interval * 5_000L);
                histogram.setEndTimeStamp((interval + 1) * 5_000L);
                writer.outputIntervalHistogram(histogram);
                all.add(histogram);
            }
        }
        Map<String, Object> run = run(i, round, workload, variant, "ns/event", all.getValueAtPercentile(50));
        run.putAll(Map.of("rate", rate, "histogram", name));
        run.put("metrics", Map.of("p99Ns", all.getValueAtPercentile(99), "serviceP99Ns", COST[i] * 9, "hiccupP99Ns", 4_100));
    }

    private Map<String, Object> resources(int i) {
        return Map.of("cpuNsPerEvent", COST[i] * 1.05, "diskBytesPerEvent", 130 + COST[i] / 90, "heapBytesPerEvent",
                i == 0 ? 0 : COST[i] / 20);
    }

    private Map<String, Object> run(int i, int round, String workload, String variant, String unit, double about) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("workload", workload);
        run.put("variant", variant);
        run.put("contender", CONTENDERS.get(i));
        run.put("durability", CONTENDERS.get(i).equals("axon") ? "DV" : "D0");
        run.put("entities", 10_000);
        run.put("keys", "uniform");
        run.put("payload", 128);
        run.put("rate", 0);
        run.put("batch", 1);
        run.put("inFlight", 1);
        run.put("round", round);
        run.put("order", runs.size());
        run.put("unit", unit);
        run.put("value", about * (0.95 + 0.1 * random.nextDouble()));
        run.put("histogram", null);
        runs.add(run);
        return run;
    }
}
