package io.daybook.bench.run;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Holds results against the goals. A ratio is taken within a round; the median of the rounds counts. A goal of which nothing was measured
 * does not appear.
 */
public final class Goals {

    private static final String DAYBOOK = "daybook";
    private static final int MILLION = 1_000_000;
    private static final double NAME_BYTES = 15;
    private static final double TYPE_BYTES = 4;

    private final List<Measured> results;
    private final List<Verdict> verdicts = new ArrayList<>();

    private Goals(List<Measured> results) {
        this.results = results;
    }

    /** Everything that was measured, with its goal where it has one, and the goals that compare several. */
    public static List<Verdict> judge(List<Measured> results) {
        Goals goals = new Goals(results);
        goals.figures();
        goals.append();
        goals.tail();
        goals.headline();
        goals.forced();
        goals.reads();
        goals.follow();
        goals.opens();
        goals.costs();
        return List.copyOf(goals.verdicts);
    }

    /** Some of the results, by their case. */
    private List<Measured> of(String contender, Predicate<Case> which) {
        return results.stream().filter(each -> each.about().contender().equals(contender) && which.test(each.about())).toList();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> figure) {
        return median(all.stream().mapToDouble(figure).filter(Double::isFinite).toArray());
    }

    /** Median over the rounds in which both were measured of the one figure by the other; NaN if there is none. */
    private static double ratio(List<Measured> above, List<Measured> below, ToDoubleFunction<Measured> figure) {
        return median(above.stream().flatMapToDouble(one -> below.stream().filter(other -> other.round() == one.round()).limit(1)
                .mapToDouble(other -> figure.applyAsDouble(one) / figure.applyAsDouble(other))).filter(Double::isFinite).toArray());
    }

    private static Predicate<Case> like(Case about) {
        String key = about.by("", about.durability()).key();
        return each -> each.by("", each.durability()).key().equals(key);
    }

    /** One line for each case: its figure, and what raw takes for the same. */
    private void figures() {
        List<Case> cases = results.stream().map(Measured::about).distinct().toList();
        for (Case each : cases) {
            List<Measured> own = of(each.contender(), like(each));
            List<Measured> raw = of("raw", like(each));
            String unit = own.get(0).outcome().unit();
            double ratio = unit.endsWith("/s") ? ratio(own, raw, Measured::value) : ratio(raw, own, Measured::value);
            Verdict figure = Verdict.of(each, each.variant(), unit, median(own, Measured::value));
            verdicts.add(figure.ratioToRaw(Double.isNaN(ratio) ? null : ratio));
        }
    }

    private void atLeast(List<Measured> all, String text, String unit, double value, double least) {
        if (!all.isEmpty() && Double.isFinite(value)) {
            verdicts.add(Verdict.of(all.get(0).about(), text, unit, value).atLeast(least));
        }
    }

    private void atMost(List<Measured> all, String text, String unit, double value, double most) {
        if (!all.isEmpty() && Double.isFinite(value)) {
            verdicts.add(Verdict.of(all.get(0).about(), text, unit, value).atMost(most));
        }
    }

    private void append() {
        Predicate<Case> small = each -> each.variant().equals("append") && each.payload() == 128 && each.durability().name().equals("D0");
        Predicate<Case> few = small.and(each -> each.entities() == 10_000);
        List<Measured> own = of(DAYBOOK, few);
        List<Measured> raw = of("raw", few);
        atLeast(own, "raw : Daybook, append, 10 k entities", "", ratio(raw, own, Measured::value), 0.75);
        for (Case.Keys keys : Case.Keys.values()) {
            Predicate<Case> many = small.and(each -> each.entities() == MILLION && each.keys() == keys);
            List<Measured> alike = of("raw", many).isEmpty() ? raw : of("raw", many);
            atLeast(of(DAYBOOK, many), "raw : Daybook, append, 1 M entities, " + keys, "", ratio(alike, of(DAYBOOK, many), Measured::value),
                    keys == Case.Keys.ZIPF ? 0.75 : 0.5);
        }
        against(few, own, "append", new String[] {"lmdb", "rocksdb", "sqlite", "postgresql"}, new double[] {8, 20, 50, 100});
        for (String peer : new String[] {"lmdb", "rocksdb", "sqlite"}) {
            atMost(of(peer, few), peer + " : the same peer written plainly, append", "",
                    ratio(of(peer, few), of("plain-" + peer, few), Measured::value), 1.25);
        }
        List<Measured> batches = of(DAYBOOK, each -> each.variant().equals("batch") && each.batch() == 64 && each.payload() == 128);
        atLeast(batches, "commits of 64 : single appends, events a second", "", ratio(own, batches, Measured::value), 3);
        atLeast(batches, "commits of 64", "M events/s", median(batches, each -> 1e3 / each.value()), 10);
    }

    private void against(Predicate<Case> which, List<Measured> own, String what, String[] peers, double[] least) {
        for (int i = 0; i < peers.length; i++) {
            atLeast(own, peers[i] + " : Daybook, " + what, "", ratio(of(peers[i], which), own, Measured::value), least[i]);
        }
    }

    private void tail() {
        for (Measured each : results) {
            Case about = each.about();
            if (!about.variant().equals("tail") || !about.contender().equals(DAYBOOK)) {
                continue;
            }
            List<Measured> one = List.of(each);
            String run = "tail at " + about.rate() / 1000 + "k/s, " + about.durability() + ", run " + each.round() + ", ";
            boolean forcedBehind = about.durability() != Durability.D0;
            if (!forcedBehind) {
                atMost(one, run + "p50", "us", each.metric("p50Ns") / 1e3, 0.6);
                atMost(one, run + "p99.99", "us", each.metric("p9999Ns") / 1e3, 2000);
                List<Measured> raw = of("raw", like(about)).stream().filter(other -> other.round() == each.round()).toList();
                atLeast(one, run + "p99, raw : Daybook", "", ratio(raw, one, other -> other.metric("p99Ns")), 100);
            }
            atMost(one, run + "p99", "us", each.metric("p99Ns") / 1e3, forcedBehind ? 50 : 10);
            atMost(one, run + "p99.9", "us", each.metric("p999Ns") / 1e3, forcedBehind ? 1000 : 100);
        }
    }

    /** The highest rate that was offered and did not make anybody wait. */
    private void headline() {
        Predicate<Case> offered = each -> each.workload().equals("W1") && each.rate() > 0;
        for (String contender : results.stream().map(each -> each.about().contender()).distinct().toList()) {
            of(contender, offered.and(each -> each.durability() == Durability.D0)).stream().map(Measured::about).distinct()
                    .filter(each -> median(of(contender, like(each)), one -> one.metric("p99Ns")) <= 10_000
                            && median(of(contender, like(each)), one -> one.metric("p999Ns")) <= 100_000)
                    .max(Comparator.comparingInt(Case::rate)).ifPresent(highest -> verdicts.add(Verdict.of(highest,
                            "highest rate that was offered with p99 <= 10 us and p99.9 <= 100 us", "events/s", highest.rate())));
        }
    }

    private void forced() {
        Predicate<Case> single = each -> each.variant().equals("append") && each.durability().name().equals("D2") && each.payload() == 128;
        List<Measured> own = of(DAYBOOK, single);
        atLeast(own, "bare write and fdatasync : Daybook, one append after the other", "",
                ratio(of("fdatasync", single), own, Measured::value), 0.85);
        List<Measured> many = of(DAYBOOK, each -> each.variant().equals("in-flight") && each.inFlight() == 64);
        atLeast(many, "64 in flight", "events/s", median(many, Measured::value), 150_000);
        double singlesPerSecond = median(own, each -> 1e9 / each.value());
        atLeast(many, "64 in flight : one append after the other", "", median(many, Measured::value) / singlesPerSecond, 20);
    }

    private void reads() {
        Predicate<Case> load = each -> each.variant().equals("load") && each.entities() == 10_000;
        List<Measured> own = of(DAYBOOK, load);
        atMost(own, "load an entity of 10 events", "us", median(own, Measured::value) / 1e3, 2);
        against(load, own, "load", new String[] {"lmdb", "rocksdb", "postgresql"}, new double[] {4, 12, 50});
        Predicate<Case> replay = each -> each.variant().equals("replay");
        List<Measured> replays = of(DAYBOOK, replay);
        atLeast(replays, "raw : Daybook, replay", "", ratio(of("raw", replay), replays, Measured::value), 0.7);
        atLeast(replays, "lmdb : Daybook, replay", "", ratio(of("lmdb", replay), replays, Measured::value), 0.9);
        atLeast(replays, "replay", "M events/s", median(replays, each -> 1e3 / each.value()), 10);
        atMost(replays, "heap bytes an event, replay by view", "B", median(replays, each -> each.metric("heapBytesPerEvent")), 0.01);
    }

    private void follow() {
        List<Integer> rates = results.stream().map(Measured::about).filter(each -> each.variant().equals("follow")).map(Case::rate)
                .distinct().toList();
        for (int rate : rates) {
            Predicate<Case> which = each -> each.variant().equals("follow") && each.rate() == rate;
            for (String metric : new String[] {"p50Ns", "p99Ns"}) {
                String text = "append to handler at " + rate / 1000 + "k/s, " + metric.replace("Ns", "") + ", Daybook : raw";
                atMost(of(DAYBOOK, which), text, "",
                        ratio(of(DAYBOOK, which), of("raw", which), each -> each.metric(metric)), 1.3);
            }
        }
    }

    private void opens() {
        List<Measured> clean = of(DAYBOOK, each -> each.workload().equals("W9") && List.of("open-clean", "size").contains(each.variant()));
        double slowest = clean.stream().mapToDouble(Measured::value).max().orElse(Double.NaN);
        atMost(clean, "open after a clean close, at any size", "ms", slowest, 100);
        List<Measured> rebuilt = of(DAYBOOK, each -> each.variant().equals("rebuild"));
        atLeast(rebuilt, "rebuild of the index", "M events/s", median(rebuilt, each -> each.metric("eventsPerSecond")) / 1e6, 4);
    }

    private void costs() {
        List<Measured> appends = of(DAYBOOK, each -> each.variant().equals("append") && each.payload() == 128 && each.entities() == 10_000
                && each.durability().name().equals("D0"));
        atMost(appends, "heap bytes an append", "B", median(appends, each -> each.metric("heapBytesPerEvent")), 0.01);
        atMost(appends, "heap bytes an append, with what is loaded once and what the store's thread makes", "B",
                median(appends, each -> each.metric("meanHeapBytesPerEvent")), 0.01);
        bytesOnDisk();
        for (String workload : new String[] {"W1", "W5", "W9"}) {
            Predicate<Case> sized = each -> each.workload().equals(workload) && each.variant().equals("size");
            List<Measured> large = of(DAYBOOK, sized.and(each -> each.events() == 50 * MILLION));
            List<Measured> little = of(DAYBOOK, sized.and(each -> each.events() == MILLION && each.entities() == 10_000));
            atMost(large, "cost with 50 M events : with 1 M events", "", ratio(large, little, Measured::value), 1.1);
        }
    }

    /** With many entities their heads in the index count, too. */
    private void bytesOnDisk() {
        Predicate<Case> appends = each -> each.variant().equals("append") && each.payload() == 128 && each.durability() == Durability.D0;
        for (Case about : of(DAYBOOK, appends).stream().map(Measured::about).distinct().toList()) {
            List<Measured> own = of(DAYBOOK, like(about));
            atMost(own, "bytes on disk an event beside name, type and payload", "B", median(own,
                    each -> each.metric("diskBytesPerEvent") - each.about().payload() - NAME_BYTES - TYPE_BYTES), 96);
        }
    }
}
