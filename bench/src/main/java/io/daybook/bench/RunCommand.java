package io.daybook.bench;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.run.Plan;
import io.daybook.bench.workload.Case;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Workloads by name. */
@Command(name = "run", description = "Runs workloads: W1 to W11, tail (W1 open loop), percentiles (the same at 5,000 a second), "
        + "load-curve (W1 at shares of the most).")
final class RunCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options;

    @Parameters(arity = "1..*", description = "W1 W2 W3 W4 W5 W6 W7 W8 W9 W10 W11 tail percentiles load-curve", paramLabel = "WORKLOAD")
    private List<String> workloads;

    @Option(names = "--contenders", split = ",", paramLabel = "NAME",
            description = "who; without it everybody who runs inside the JVM; servers (postgresql, message-db, kafka) only when named")
    private List<String> contenders = new ArrayList<>();

    @Option(names = "--class", split = ",", paramLabel = "CLASS", description = "durability classes: DV D0 D1 D1S D2 D2G; without it all")
    private Set<Durability> classes = EnumSet.allOf(Durability.class);

    @Option(names = "--entities", split = ",", paramLabel = "N", description = "cases with so many entities only; without it all")
    private Set<Integer> entities = new TreeSet<>();

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N", description = "rounds; contenders take turns in each")
    private int rounds;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Plan plan = new Plan(Plan.contenders(contenders), classes);
        workloads.forEach(plan::workload);
        List<Case> cases = plan.cases().stream().filter(each -> entities.isEmpty() || entities.contains(each.entities())).toList();
        if (cases.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "There is nothing to measure: none of these contenders is in one of these"
                    + " classes in these workloads, with so many entities: workloads=" + workloads + " contenders=" + contenders
                    + " classes=" + classes + " entities=" + entities);
        }
        return options.run(repeated(), rounds, cases,
                measured -> workloads.contains(Plan.CURVE) ? plan.loadCurve(measured) : List.of());
    }

    /** What makes the same run. */
    private String repeated() {
        StringBuilder line = new StringBuilder("run ").append(String.join(" ", workloads));
        if (!contenders.isEmpty()) {
            line.append(" --contenders ").append(String.join(",", contenders));
        }
        if (classes.size() < Durability.values().length) {
            line.append(" --class ").append(classes.stream().map(Enum::name).collect(Collectors.joining(",")));
        }
        if (!entities.isEmpty()) {
            line.append(" --entities ").append(entities.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        return line.append(" --rounds ").append(rounds).toString();
    }
}
