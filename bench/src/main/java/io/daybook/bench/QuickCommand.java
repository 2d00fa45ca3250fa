package io.daybook.bench;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.run.Plan;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A short look: what is in the JVM, one round of a second each. */
@Command(name = "quick", description = "W1, W3, W5, W6, W7 beside raw Chronicle Queue and the embedded peers: one round of a second each.")
final class QuickCommand implements Callable<Integer> {

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        Plan plan = new Plan(Plan.contenders(List.of()), EnumSet.allOf(Durability.class)).quick();
        return options.run("quick", 1, plan.cases(), measured -> List.of());
    }
}
