package io.daybook.bench;

import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Durability;
import io.daybook.bench.run.Plan;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A short look, a second each, one round if no more are asked for: what is in the JVM and survives the death of a process, so that it can
 * be compared.
 */
@Command(name = "quick", description = "W1, W3, W5, W6, W7 beside raw Chronicle Queue and the embedded peers: a second each.")
final class QuickCommand implements Callable<Integer> {

    private static final int FRAMES_SECONDS = 5;

    @Mixin
    private RunOptions options;

    @Option(names = "--rounds", defaultValue = "1", paramLabel = "N", description = "rounds; contenders take turns in each")
    private int rounds;

    @Override
    public Integer call() throws Exception {
        List<Contender> rivals = Plan.contenders(List.of()).stream()
                .filter(each -> each.durabilities().contains(Durability.D0)
                && (each.checksVersions() || each.name().equals("raw"))).toList();
        Plan plan = new Plan(rivals, EnumSet.of(Durability.D0)).quick();
        String repeated = "quick" + (rounds == 1 ? "" : " --rounds " + rounds);
        return options.beginningWithin(FRAMES_SECONDS).run(repeated, rounds, plan.cases(), measured -> List.of());
    }
}
