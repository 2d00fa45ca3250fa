package io.daybook.bench.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** One contender in one case: all its rounds. */
record Row(Case setting, Entrant entrant, List<Run> runs) {

    /** The rows of these runs: by case, the best first within one. */
    static Map<Case, List<Row>> of(List<Run> runs) {
        Map<Case, Map<String, List<Run>>> byCase = runs.stream().collect(Collectors.groupingBy(Case::of, TreeMap::new,
                Collectors.groupingBy(Run::contender)));
        Map<Case, List<Row>> rows = new TreeMap<>();
        byCase.forEach((setting, contenders) -> rows.put(setting, contenders.entrySet().stream()
                .map(each -> new Row(setting, Entrant.named(each.getKey()), each.getValue())).sorted(bestFirst(setting)).toList()));
        return rows;
    }

    private static Comparator<Row> bestFirst(Case setting) {
        Comparator<Row> ascending = Comparator.comparingDouble(Row::median);
        return Quantity.lessIsBetter(setting.unit()) ? ascending : ascending.reversed();
    }

    double median() {
        return median(runs.stream().mapToDouble(Run::value)).orElseThrow();
    }

    double lowest() {
        return runs.stream().mapToDouble(Run::value).min().orElseThrow();
    }

    double highest() {
        return runs.stream().mapToDouble(Run::value).max().orElseThrow();
    }

    /** What was counted beside, in each round that has it. */
    List<Double> metrics(String name) {
        return runs.stream().map(run -> run.metric(name)).filter(OptionalDouble::isPresent).map(OptionalDouble::getAsDouble).toList();
    }

    /** The median over the rounds of something that was counted beside; empty if no round has it. */
    OptionalDouble metric(String name) {
        return median(metrics(name).stream().mapToDouble(Double::doubleValue));
    }

    /**
     * How many times as good as another: taken within each round that both have, and then the median. Empty if they have none in common.
     */
    OptionalDouble timesAsGoodAs(Row other) {
        Map<Integer, Double> mine = byRound(Run::value);
        Map<Integer, Double> others = other.byRound(Run::value);
        boolean less = Quantity.lessIsBetter(setting.unit());
        return median(mine.keySet().stream().filter(others::containsKey)
                .mapToDouble(round -> less ? others.get(round) / mine.get(round) : mine.get(round) / others.get(round))
                .filter(Double::isFinite));
    }

    private Map<Integer, Double> byRound(ToDoubleFunction<Run> value) {
        return runs.stream().collect(Collectors.groupingBy(Run::round,
                Collectors.collectingAndThen(Collectors.toList(), same -> median(same.stream().mapToDouble(value)).orElseThrow())));
    }

    static OptionalDouble median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
