package io.daybook.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.bench.contender.Contenders;
import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Outcome;
import io.daybook.bench.workload.Workload;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static List<Case> all(Set<Durability> classes) {
        Plan plan = new Plan(Plan.contenders(List.of()), classes).quick();
        Plan.workloads().forEach(plan::workload);
        return plan.cases();
    }

    @Test
    void everyCaseIsThereOnceAndCanBeMeasured() {
        List<Case> cases = all(EnumSet.allOf(Durability.class));
        assertEquals(cases.size(), new HashSet<>(cases.stream().map(Case::key).toList()).size());
        for (Case each : cases) {
            assertTrue(Workload.ALL.containsKey(each.variant()), each.key());
            assertTrue(Contenders.named(each.contender()).durabilities().contains(each.durability()), each.key());
        }
    }

    @Test
    void nobodyIsMeasuredInAClassThatWasNotAskedFor() {
        assertEquals(Set.of(Durability.D2), all(EnumSet.of(Durability.D2)).stream().map(Case::durability).collect(Collectors.toSet()));
    }

    @Test
    void floorsAreNotAskedToRefuse() {
        assertTrue(all(EnumSet.allOf(Durability.class)).stream().filter(each -> each.variant().equals("refusal"))
                .allMatch(each -> Contenders.named(each.contender()).checksVersions()));
    }

    @Test
    void theLoadCurveOffersSharesOfWhatEachWasMeasuredToTake() {
        Plan plan = new Plan(Contenders.embedded(), EnumSet.allOf(Durability.class)).workload(Plan.CURVE);
        Case append = plan.cases().stream().filter(each -> each.contender().equals("lmdb")).findFirst().orElseThrow();
        List<Measured> measured = Stream.of(3000.0, 1000.0, 4000.0, 2000.0, 5000.0)
            .map(ns -> new Measured(append, 1, 1, new Outcome("ns/event", ns, Map.of(), null))).toList();
        List<Case> curve = plan.loadCurve(Stream.concat(measured.stream(),
            Stream.of(new Measured(append.payload(1024), 1, 1, new Outcome("ns/event", 9, Map.of(), null)))).toList());
        assertEquals(List.of(33_333, 83_333, 166_666, 250_000, 300_000), curve.stream().map(Case::rate).toList());
        assertEquals(Set.of("lmdb"), curve.stream().map(Case::contender).collect(Collectors.toSet()));
        assertTrue(Workload.ALL.containsKey(Plan.CURVE));
    }

    @Test
    void aWorkloadThatIsNotThereIsRefused() {
        Plan plan = new Plan(Contenders.embedded(), EnumSet.allOf(Durability.class));
        assertThrows(IllegalArgumentException.class, () -> plan.workload("W99"));
    }
}
