package io.daybook.bench;

import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Durability;
import io.daybook.bench.run.Plan;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A short look, one round of a second each: what is in the JVM and survives the death of a process, so that it can be compared. */
@Command(name = "quick", description = "W1, W3, W5, W6, W7 beside raw Chronicle Queue and the embedded peers: one round of a second each.")
final class QuickCommand implements Callable<Integer> {

    private static final int FRAMES_SECONDS = 5;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        List<Contender> rivals = Plan.contenders(List.of()).stream()
                .filter(each -> each.durabilities().contains(Durability.D0)
                && (each.checksVersions() || each.name().equals("raw"))).toList();
        Plan plan = new Plan(rivals, EnumSet.of(Durability.D0)).quick();
        return options.beginningWithin(FRAMES_SECONDS).run("quick", 1, plan.cases(), measured -> List.of());
    }
}
