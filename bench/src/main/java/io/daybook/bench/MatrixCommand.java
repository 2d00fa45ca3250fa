package io.daybook.bench;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.run.Plan;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything. */
@Command(name = "matrix",
        description = "Runs everything, for hours. Stopped and started again with the same --out it goes on where it was.")
final class MatrixCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options;

    @Option(names = "--contenders", split = ",", paramLabel = "NAME", description = "as for run")
    private List<String> contenders = new ArrayList<>();

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "rounds")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        Plan plan = new Plan(Plan.contenders(contenders), EnumSet.allOf(Durability.class));
        Plan.workloads().forEach(plan::workload);
        return options.run("matrix" + (contenders.isEmpty() ? "" : " --contenders " + String.join(",", contenders)) + " --rounds " + rounds,
                rounds, plan.cases(), plan::loadCurve);
    }
}
