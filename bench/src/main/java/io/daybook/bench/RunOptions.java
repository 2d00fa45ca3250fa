package io.daybook.bench;

import io.daybook.bench.run.Environment;
import io.daybook.bench.run.Goals;
import io.daybook.bench.run.Measured;
import io.daybook.bench.run.Results;
import io.daybook.bench.run.Rounds;
import io.daybook.bench.run.Verdict;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Cases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Option;

/** What all commands that measure have in common: where results go and how they are shown. */
final class RunOptions {

    private static final String PROGRAM = "java -jar bench/target/benchmarks.jar ";

    @Option(names = "--out", paramLabel = "DIR", description = "folder for the results; a run that was stopped goes on from what is there")
    private Path out;

    @Option(names = "--json", description = "print one object a line")
    private boolean json;

    @Option(names = "--leave-memory", description = "do not hold the free memory of a virtual machine while measuring, see WarmFrames")
    private boolean leaveMemory;

    private long framesSeconds = Long.MAX_VALUE;

    /** Holds memory for so many seconds at most before it measures. Answers this. */
    RunOptions beginningWithin(long seconds) {
        framesSeconds = seconds;
        return this;
    }

    /**
     * Measures the cases, and then those that follow from what they gave; prints every figure with its goal. 1 if something could not be
     * measured.
     */
    int run(String command, int rounds, List<Case> cases, Function<List<Measured>, List<Case>> then)
            throws IOException, InterruptedException {
        if (out != null) {
            return run(command, rounds, cases, then, out);
        }
        try (Scratch scratch = Scratch.create()) {
            return run(command, rounds, cases, then, scratch.path("results"));
        }
    }

    private int run(String command, int rounds, List<Case> cases, Function<List<Measured>, List<Case>> then, Path folder)
            throws IOException, InterruptedException {
        Results results = Results.in(folder);
        List<String> failures;
        try (WarmFrames frames = leaveMemory ? WarmFrames.none() : WarmFrames.hold(framesSeconds)) {
            String repeated = PROGRAM + command + (leaveMemory ? " --leave-memory" : "") + " --out DIR";
            Environment environment = new Environment(Scratch.base(), repeated, frames.toString(), results.all().size());
            results.describe(environment); // also of a run that is stopped
            failures = measure(results, cases, rounds);
            List<Case> following = then.apply(results.all());
            if (!following.isEmpty()) {
                failures.addAll(measure(results, following, rounds));
            }
            results.describe(environment);
        }
        List<Verdict> verdicts = Goals.judge(results.all());
        results.judge(verdicts);
        verdicts.forEach(json ? RunOptions::printJson : RunOptions::print);
        failures.forEach(System.err::println);
        return failures.isEmpty() ? 0 : 1;
    }

    private static List<String> measure(Results results, List<Case> cases, int rounds) throws IOException, InterruptedException {
        ProgressBarBuilder bar = new ProgressBarBuilder().setTaskName("measuring").setInitialMax((long) cases.size() * rounds);
        try (ProgressBar shown = bar.build()) {
            return new Rounds(results, (what, done) -> {
                if (done == null) {
                    shown.setExtraMessage(what);
                } else {
                    shown.stepTo(done);
                }
            }).measure(cases, rounds);
        }
    }

    private static void printJson(Verdict verdict) {
        System.out.println(Cases.toJson(verdict));
    }

    private static void print(Verdict verdict) {
        String about = verdict.workload() + " " + verdict.contender() + " " + verdict.durability() + " "
                + (verdict.entities() >= 1_000_000 ? verdict.entities() / 1_000_000 + " M" : verdict.entities() / 1000 + " k") + " "
                + verdict.keys() + " " + verdict.payload() + " B";
        String ratio = verdict.ratioToRaw() == null ? "" : String.format(Locale.ROOT, "%.2f of raw", verdict.ratioToRaw());
        String goal = verdict.goal() == null ? "" : "goal " + verdict.goal() + (verdict.met() ? ": met" : ": MISSED");
        System.out.printf(Locale.ROOT, "%-40s %-58s %10s %-12s %-13s %s%n", about, verdict.text(), Verdict.shown(verdict.value()),
                verdict.unit(), ratio, goal);
    }
}
