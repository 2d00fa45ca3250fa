package io.daybook.bench.run;

import static io.daybook.bench.workload.Case.Keys.UNIFORM;
import static io.daybook.bench.workload.Case.Keys.ZIPF;

import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Contenders;
import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which cases there are, in the order in which they are measured: contenders take turns within each. */
public final class Plan {

    private static final int TEN_THOUSAND = 10_000;
    private static final int MILLION = 1_000_000;
    private static final int FIVE_MILLION = 5_000_000;
    private static final int SMALL = 128;
    private static final int LARGE = 1024;
    private static final int EVENTS_EACH = 10;
    private static final int TAIL_RATE = 100_000;
    private static final int TAIL_SECONDS = 90; // more than 2 GB, else the kernel never begins to write back
    private static final int LOW_RATE = 5_000; // all but the slowest peers take it
    private static final int PERCENTILES_SECONDS = 20;
    private static final int SOAK_SECONDS = 600;
    private static final List<Integer> FOLLOW_RATES = List.of(10_000, 100_000, 500_000);
    private static final List<Integer> LOAD_SHARES = List.of(10, 25, 50, 75, 90);
    private static final List<Integer> SIZES = List.of(1, 5, 10, 50);
    private static final List<Integer> ENTITY_COUNTS = List.of(10_000, 100_000, 1_000_000, 10_000_000);

    private static final int CURVE_SECONDS = 10;
    private static final double NANOS_A_SECOND = 1e9;
    /** Latency against load; in two steps, see {@link #loadCurve}. */
    public static final String CURVE = "load-curve";

    private final List<Contender> contenders;
    private final Set<Durability> classes;
    private final List<Case> cases = new ArrayList<>();

    /** Cases of these contenders in these classes. */
    public Plan(List<Contender> contenders, Set<Durability> classes) {
        this.contenders = contenders;
        this.classes = classes;
    }

    /** The cases, each once. */
    public List<Case> cases() {
        Set<String> seen = new TreeSet<>();
        return cases.stream().filter(each -> seen.add(each.key())).toList();
    }

    /** A short look at everybody: one round of a second each. */
    public Plan quick() {
        Case append = Case.of("W1", "append", "", Durability.D0).seconds(1);
        volatileToo(append);
        only("daybook", append.entities(MILLION, ZIPF));
        only("daybook", append.entities(MILLION, UNIFORM));
        volatileToo(Case.of("W3", "batch", "", Durability.D0).seconds(1).batch(64));
        load(Case.of("W5", "load", "", Durability.D0).seconds(1).events(EVENTS_EACH * TEN_THOUSAND));
        volatileToo(Case.of("W6", "replay", "", Durability.D0).seconds(1).events(MILLION / 5));
        follow(Case.of("W7", "follow", "", Durability.D0).seconds(2).rate(TAIL_RATE));
        return this;
    }

    /** Everything that belongs to a workload. */
    public Plan workload(String name) {
        switch (name) {
            case "W1" -> appends();
            case "W2" -> inFlight();
            case "W3" -> batches();
            case "W4" -> all(Case.of("W4", "refusal", "", Durability.D0), true);
            case "W5" -> loads();
            case "W6" -> all(Case.of("W6", "replay", "", Durability.D0).events(2 * MILLION), false);
            case "W7" -> FOLLOW_RATES.forEach(rate -> follow(Case.of("W7", "follow", "", Durability.D0).seconds(20).rate(rate)));
            case "W8" -> all(Case.of("W8", "mixed", "", Durability.D0), true);
            case "W9" -> opens();
            case "W10" -> sizes();
            case "W11" -> only("daybook", Case.of("W11", "soak", "", Durability.D0).seconds(SOAK_SECONDS).rate(TAIL_RATE));
            case "tail" -> tails();
            case "percentiles" -> all(Case.of("W1", "percentiles", "", Durability.D0).rate(LOW_RATE).seconds(PERCENTILES_SECONDS),
                    false);
            case CURVE -> all(most(), false);
            default -> throw new IllegalArgumentException("There is no workload of this name: name=" + name);
        }
        return this;
    }

    private void appends() {
        for (int payload : new int[] {SMALL, LARGE}) {
            Case append = Case.of("W1", "append", "", Durability.D0).payload(payload);
            volatileToo(append);
            all(append.entities(MILLION, ZIPF), false);
            all(append.entities(MILLION, UNIFORM), false);
        }
        all(Case.of("W1", "append", "", Durability.D1), false);
        all(Case.of("W1", "append", "", Durability.D2), false);
    }

    /** Open loop: the rate of the goals for everybody, then shares of what Daybook and the floor can do at most. */
    private void tails() {
        Case tail = Case.of("W1", "tail", "", Durability.D0).rate(TAIL_RATE).seconds(TAIL_SECONDS);
        all(tail, false);
        only("daybook", tail.by("", Durability.D1));
        only("daybook", tail.by("", Durability.D1S));
    }

    /** What the load curve starts from: how fast each is at most. */
    private Case most() {
        return Case.of("W1", "append", "", Durability.D0);
    }

    /** Latency against load: shares of the most that each was measured to take, as the median of these. */
    public List<Case> loadCurve(List<Measured> measured) {
        Map<String, double[]> times = new TreeMap<>();
        measured.stream().filter(each -> each.about().equals(most().by(each.about().contender(), Durability.D0)))
                .collect(Collectors.groupingBy(each -> each.about().contender()))
                .forEach((contender, all) -> times.put(contender, all.stream().mapToDouble(Measured::value).sorted().toArray()));
        List<Case> curve = new ArrayList<>();
        times.forEach((contender, ns) -> LOAD_SHARES.forEach(share -> curve.add(Case.of("W1", CURVE, contender, Durability.D0)
                .rate((int) (NANOS_A_SECOND / ns[ns.length / 2] * share / 100)).seconds(CURVE_SECONDS))));
        return curve;
    }

    private void inFlight() {
        for (int inFlight : new int[] {8, 64}) {
            all(Case.of("W2", "in-flight", "", Durability.D2G).inFlight(inFlight), true);
        }
    }

    private void batches() {
        volatileToo(Case.of("W3", "batch", "", Durability.D0).batch(8));
        volatileToo(Case.of("W3", "batch", "", Durability.D0).batch(64));
    }

    private void loads() {
        Case load = Case.of("W5", "load", "", Durability.D0);
        load(load.events(EVENTS_EACH * TEN_THOUSAND));
        load(load.entities(MILLION, UNIFORM).events(EVENTS_EACH * MILLION));
    }

    /** Of the floors only the raw queue, by indexes that somebody would have to keep: others would read everything for each entity. */
    private void load(Case template) {
        all(template, true);
        only("raw", template);
        if (template.entities() < MILLION) {
            all(template.by("", Durability.DV), true);
        }
    }

    private void opens() {
        Case open = Case.of("W9", "open-clean", "", Durability.D0).events(MILLION);
        all(open, false);
        all(new Case("W9", "open-killed", "", Durability.D0, TEN_THOUSAND, UNIFORM, SMALL, 0, 1, 1, MILLION, 2), false);
        only("daybook", new Case("W9", "rebuild", "", Durability.D0, MILLION, UNIFORM, SMALL, 0, 1, 1, EVENTS_EACH * MILLION, 2));
    }

    /** What a larger journal and more entities cost. */
    private void sizes() {
        for (int millions : SIZES) {
            sized(TEN_THOUSAND, TEN_THOUSAND * millions, millions * MILLION);
        }
        for (int entities : ENTITY_COUNTS) {
            int events = entities * (entities < FIVE_MILLION ? EVENTS_EACH : 1);
            sized(entities, entities, events);
        }
    }

    /** Loads are of as many events, whatever the journal's size. */
    private void sized(int entities, int loadedEntities, int events) {
        only("daybook", sized("W1", entities, events));
        only("daybook", sized("W5", loadedEntities, events));
        only("daybook", sized("W9", entities, events));
    }

    private static Case sized(String workload, int entities, int events) {
        return new Case(workload, "size", "", Durability.D0, entities, UNIFORM, SMALL, 0, 1, 1, events, 2);
    }

    private void follow(Case template) {
        only("daybook", template);
        only("raw", template);
    }

    private void only(String contender, Case template) {
        if (contenders.stream().anyMatch(each -> each.name().equals(contender)) && classes.contains(template.durability())) {
            cases.add(template.by(contender, template.durability()));
        }
    }

    private void all(Case template, boolean rivalsOnly) {
        for (Contender each : contenders) {
            if (each.durabilities().contains(template.durability()) && classes.contains(template.durability())
                    && (each.checksVersions() || !rivalsOnly)) {
                cases.add(template.by(each.name(), template.durability()));
            }
        }
    }

    /** The same, and those that keep events in memory only in their own class. */
    private void volatileToo(Case template) {
        all(template, false);
        all(template.by("", Durability.DV), false);
    }

    /** All workloads, in the order of the matrix. */
    public static List<String> workloads() {
        return List.of("W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10", "tail", "percentiles", CURVE, "W11");
    }

    /** Contenders by name; all that run inside the JVM where none is named. */
    public static List<Contender> contenders(List<String> names) {
        Stream<Contender> all = Stream.of(Contenders.embedded(), Contenders.yardsticks()).flatMap(List::stream);
        return names.isEmpty() ? all.toList() : names.stream().map(Contenders::named).toList();
    }
}
