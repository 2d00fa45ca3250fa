package io.daybook.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalsTest {

    private static final Case APPEND = Case.of("W1", "append", "", Durability.D0);

    private final List<Measured> results = new ArrayList<>();

    private void add(Case about, int round, double value, Map<String, Double> metrics) {
        results.add(new Measured(about, round, results.size() + 1, new Outcome("ns/event", value, metrics, null)));
    }

    private Verdict verdict(String text) {
        List<Verdict> found = Goals.judge(results).stream().filter(each -> each.text().equals(text)).toList();
        assertEquals(1, found.size(), text);
        return found.get(0);
    }

    @Test
    void aRatioIsTakenWithinARoundAndTheMedianOfTheRoundsCounts() {
        double[] raw = {100, 1000, 90};
        double[] own = {125, 2000, 100};
        for (int round = 1; round <= 3; round++) {
            add(APPEND.by("raw", Durability.D0), round, raw[round - 1], Map.of());
            add(APPEND.by("daybook", Durability.D0), round, own[round - 1], Map.of());
        }
        Verdict ratio = verdict("raw : Daybook, append, 10 k entities");
        assertEquals(0.8, ratio.value(), 1e-9);
        assertTrue(ratio.met());
        Verdict figure = Goals.judge(results).stream().filter(each -> each.contender().equals("daybook")).findFirst().orElseThrow();
        assertEquals(125, figure.value());
        assertEquals(0.8, figure.ratioToRaw(), 1e-9);
        assertNull(figure.goal());
    }

    @Test
    void aMissedGoalIsSaidToBeMissed() {
        add(APPEND.by("raw", Durability.D0), 1, 100, Map.of());
        add(APPEND.by("daybook", Durability.D0), 1, 200, Map.of());
        assertFalse(verdict("raw : Daybook, append, 10 k entities").met());
    }

    @Test
    void whatWasNotMeasuredIsNoGoalMet() {
        add(APPEND.by("daybook", Durability.D0), 1, 200, Map.of());
        assertTrue(Goals.judge(results).stream().noneMatch(each -> each.goal() != null));
    }

    @Test
    void eachRunOfTheTailIsJudgedByItself() {
        Case tail = Case.of("W1", "tail", "", Durability.D0).rate(100_000).seconds(90);
        for (int round = 1; round <= 3; round++) {
            Map<String, Double> own = Map.of("p50Ns", 500.0, "p99Ns", round == 2 ? 11_000.0 : 9_000.0, "p999Ns", 50_000.0, "p9999Ns", 1e6);
            add(tail.by("daybook", Durability.D0), round, own.get("p99Ns"), own);
            add(tail.by("raw", Durability.D0), round, 2e6, Map.of("p99Ns", 2e6));
        }
        assertTrue(verdict("tail at 100k/s, D0, run 1, p99").met());
        assertFalse(verdict("tail at 100k/s, D0, run 2, p99").met());
        assertTrue(verdict("tail at 100k/s, D0, run 3, p99, raw : Daybook").met());
        assertEquals(2e6 / 11_000, verdict("tail at 100k/s, D0, run 2, p99, raw : Daybook").value(), 1e-6);
    }

    @Test
    void peersAreHeldAgainstTheSameCase() {
        add(APPEND.by("daybook", Durability.D0), 1, 200, Map.of());
        add(APPEND.by("lmdb", Durability.D0), 1, 3000, Map.of());
        add(APPEND.payload(1024).by("lmdb", Durability.D0), 1, 9000, Map.of());
        assertEquals(15, verdict("lmdb : Daybook, append").value(), 1e-9);
    }

    @Test
    void peersAreHeldAgainstThemselvesWrittenPlainly() {
        add(APPEND.by("lmdb", Durability.D0), 1, 3000, Map.of());
        add(APPEND.by("plain-lmdb", Durability.D0), 1, 2500, Map.of());
        assertTrue(verdict("lmdb : the same peer written plainly, append").met());
        add(APPEND.by("rocksdb", Durability.D0), 1, 13_000, Map.of());
        add(APPEND.by("plain-rocksdb", Durability.D0), 1, 10_000, Map.of());
        assertFalse(verdict("rocksdb : the same peer written plainly, append").met());
    }
}
