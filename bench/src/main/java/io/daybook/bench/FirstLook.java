package io.daybook.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the JMH benchmarks in rounds, Daybook and raw Chronicle Queue by turns, each in a JVM of its own, and prints one table. A ratio is
 * taken within a round; the table shows the median of the rounds, and the range.
 */
final class FirstLook {

    private static final String ALLOCATION = "gc.alloc.rate.norm";
    private static final double MEDIAN = 50;

    /** One fork: a benchmark with its parameters. */
    private record Contender(Class<?> benchmark, String method, Map<String, String> parameters) {
        String pattern() {
            return "^" + benchmark.getName().replace(".", "\\.") + "\\." + method + "$";
        }

        @Override
        public String toString() {
            return benchmark.getSimpleName() + "." + method + (parameters.isEmpty() ? "" : " " + parameters);
        }
    }

    /** A line of the table. */
    private record Line(String workload, Contender daybook, Contender raw, String goal) {
    }

    /** What a fork gave: time and bytes allocated per operation; medians of its iterations. */
    private record Score(double ns, double bytes) {
    }

    private static final Contender RAW_APPEND = new Contender(AppendBenchmark.class, "raw", Map.of());
    private static final List<Line> LINES = List.of(
            append("W1 append, 10 k entities", AppendBenchmark.Spread.UNIFORM_10K, "ratio >= 0.75"),
            append("W1 append, 1 M entities, Zipf", AppendBenchmark.Spread.ZIPF_1M, "ratio >= 0.75"),
            append("W1 append, 1 M entities", AppendBenchmark.Spread.UNIFORM_1M, "ratio >= 0.5"),
            load("W5 load 10 events, 10 k entities", "10000", "false"),
            load("W5 the same, just reopened", "10000", "true"),
            load("W5 load 10 events, 1 M entities", "1000000", "false"),
            load("W5 the same, just reopened", "1000000", "true"),
            new Line("W6 replay, per event", new Contender(ReplayBenchmark.class, "daybook", Map.of()),
                    new Contender(ReplayBenchmark.class, "raw", Map.of()), "ratio >= 0.7"));

    private final Map<Contender, List<Score>> scores = new LinkedHashMap<>();

    private FirstLook() {
    }

    private static Line append(String workload, AppendBenchmark.Spread spread, String goal) {
        return new Line(workload, new Contender(AppendBenchmark.class, "daybook", Map.of("spread", spread.name())), RAW_APPEND, goal);
    }

    private static Line load(String workload, String entities, String reopened) {
        return new Line(workload, new Contender(LoadBenchmark.class, "daybook", Map.of("entities", entities, "reopened", reopened)),
                new Contender(LoadBenchmark.class, "raw", Map.of("entities", entities)), "<= 2000 ns");
    }

    /** The program. */
    @Command(name = "first-look", description = "W1, W5, W6 by JMH beside raw Chronicle Queue: one table.")
    static final class Program implements Callable<Integer> {
        @Option(names = "--rounds", description = "rounds", defaultValue = "5", paramLabel = "N")
        private int rounds;

        @Option(names = "--folder", description = "where journals lie while they are measured", paramLabel = "DIR")
        private Path folder;

        @Override
        public Integer call() throws RunnerException {
            List<String> flags = new ArrayList<>(ForkFlags.list());
            flags.add("-D" + Scratch.PROPERTY + "=" + (folder == null ? Scratch.base() : folder));
            FirstLook look = new FirstLook();
            try (WarmFrames frames = WarmFrames.hold()) {
                for (int round = 1; round <= rounds; round++) {
                    look.round(round, rounds, flags);
                }
                look.print(rounds, frames);
            }
            return 0;
        }
    }

    private void round(int round, int rounds, List<String> flags) throws RunnerException {
        List<Contender> order = LINES.stream().flatMap(line -> Stream.of(line.daybook, line.raw)).distinct().toList();
        for (Contender contender : order) {
            System.err.printf("round %d of %d: %s%n", round, rounds, contender);
            scores.computeIfAbsent(contender, c -> new ArrayList<>()).add(run(contender, flags));
        }
    }

    private static Score run(Contender contender, List<String> flags) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder().include(contender.pattern()).forks(1).verbosity(VerboseMode.SILENT)
                .addProfiler(GCProfiler.class).shouldFailOnError(true).jvmArgsPrepend(flags.toArray(new String[0]));
        contender.parameters.forEach(options::param);
        RunResult result = new Runner(options.build()).runSingle();
        Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
        return new Score(result.getPrimaryResult().getStatistics().getPercentile(MEDIAN),
                allocation.getStatistics().getPercentile(MEDIAN));
    }

    private void print(int rounds, WarmFrames frames) {
        System.out.println(Machine.describe(Scratch.base()) + ", pageFrames=" + frames);
        System.out.printf("%d rounds; median (range)%n%n", rounds);
        System.out.printf("%-36s %22s %22s %20s %12s  %s%n",
                "workload", "Daybook ns/op", "raw ns/op", "raw : Daybook", "Daybook B/op", "goal");
        for (Line line : LINES) {
            double[] own = scores.get(line.daybook).stream().mapToDouble(Score::ns).toArray();
            double[] raw = scores.get(line.raw).stream().mapToDouble(Score::ns).toArray();
            double[] ratios = new double[rounds];
            Arrays.setAll(ratios, i -> raw[i] / own[i]);
            double[] bytes = scores.get(line.daybook).stream().mapToDouble(Score::bytes).toArray();
            System.out.printf("%-36s %22s %22s %20s %12.4f  %s%n", line.workload, shown(own, "%.0f"), shown(raw, "%.0f"),
                    shown(ratios, "%.2f"), Figures.median(bytes), line.goal);
        }
    }

    private static String shown(double[] values, String format) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, format + " (" + format + "-" + format + ")", Figures.median(values), sorted[0],
                sorted[sorted.length - 1]);
    }
}
