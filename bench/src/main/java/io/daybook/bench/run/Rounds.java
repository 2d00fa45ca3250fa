package io.daybook.bench.run;

import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Fork;
import io.daybook.bench.workload.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Measures cases in rounds, so that contenders take turns (A B A B …) and whatever the machine does hits all of them. */
public final class Rounds {

    /** Measures a case, and leaves its latencies in a folder. */
    interface Measurement {
        Outcome measure(Case measured, Path histograms) throws IOException, InterruptedException;
    }

    private final Results results;
    private final Measurement measurement;
    private final BiConsumer<String, Integer> progress;

    /** Adds to these results; {@code progress} gets a name before each case, and afterwards null and how many are done. */
    public Rounds(Results results, BiConsumer<String, Integer> progress) {
        this(results, Fork::measure, progress);
    }

    Rounds(Results results, Measurement measurement, BiConsumer<String, Integer> progress) {
        this.results = results;
        this.measurement = measurement;
        this.progress = progress;
    }

    /** Measures what is not there yet. Answers the cases that failed, with the reason. */
    public List<String> measure(List<Case> cases, int rounds) throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        int order = results.all().size();
        int done = 0;
        for (int round = 1; round <= rounds; round++) {
            String histograms = Results.histograms(round); // of each: the report puts them together
            Files.createDirectories(results.folder().resolve(histograms));
            for (Case each : cases) {
                if (!results.has(each.key(), round)) {
                    progress.accept("round " + round + ": " + each.key(), null);
                    try {
                        Outcome outcome = measurement.measure(each, results.folder().resolve(histograms));
                        results.add(new Measured(each, round, ++order, outcome.in(histograms)));
                    } catch (IllegalStateException | IllegalArgumentException e) {
                        failures.add(e.getMessage());
                    }
                }
                progress.accept(null, ++done);
            }
        }
        return failures;
    }
}
