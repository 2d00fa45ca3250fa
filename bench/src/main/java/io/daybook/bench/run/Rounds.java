package io.daybook.bench.run;

import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Fork;
import io.daybook.bench.workload.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Measures cases in rounds, so that contenders take turns (A B A B …) and whatever the machine does hits all of them. */
public final class Rounds {

    private final Results results;
    private final BiConsumer<String, Integer> progress;

    /** Adds to these results; {@code progress} gets a name before each case, and afterwards null and how many are done. */
    public Rounds(Results results, BiConsumer<String, Integer> progress) {
        this.results = results;
        this.progress = progress;
    }

    /** Measures what is not there yet. Answers the cases that failed, with the reason. */
    public List<String> measure(List<Case> cases, int rounds) throws IOException, InterruptedException {
        List<String> failures = new ArrayList<>();
        int order = results.all().size();
        int done = 0;
        for (int round = 1; round <= rounds; round++) {
            for (Case each : cases) {
                if (!results.has(each.key(), round)) {
                    progress.accept("round " + round + ": " + each.key(), null);
                    try {
                        Outcome outcome = Fork.measure(each, results.histograms());
                        results.add(new Measured(each, round, ++order, outcome));
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
