package io.daybook.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundsTest {

    private static final List<Case> CASES = List.of(Case.of("W7", "follow", "daybook", Durability.D0),
            Case.of("W7", "follow", "raw", Durability.D0));

    @TempDir
    Path folder;
    private final List<String> order = new ArrayList<>();

    private Outcome measure(Case measured, Path histograms) throws IOException {
        order.add(measured.contender());
        Files.writeString(histograms.resolve(measured.key() + ".hlog"), Integer.toString(order.size()));
        return new Outcome("ns/event", order.size(), Map.of(), measured.key());
    }

    @Test
    void contendersTakeTurnsAndEachRoundKeepsItsLatencies() throws Exception {
        Results results = Results.in(folder);
        assertEquals(List.of(), new Rounds(results, this::measure, (what, done) -> { }).measure(CASES, 3));
        assertEquals(List.of("daybook", "raw", "daybook", "raw", "daybook", "raw"), order);
        for (Measured each : results.all()) {
            assertEquals(Integer.toString((int) each.value()), Files.readString(folder.resolve(each.outcome().histogram() + ".hlog")));
        }
    }

    @Test
    void whatIsThereIsNotMeasuredAgain() throws Exception {
        new Rounds(Results.in(folder), this::measure, (what, done) -> { }).measure(CASES, 1);
        new Rounds(Results.in(folder), this::measure, (what, done) -> { }).measure(CASES, 2);
        assertEquals(List.of("daybook", "raw", "daybook", "raw"), order);
    }

    @Test
    void whatFailsIsToldAndTheRestMeasured() throws Exception {
        List<String> failures = new Rounds(Results.in(folder), (measured, histograms) -> {
            if (measured.contender().equals("raw")) {
                throw new IllegalStateException("It is not there: contender=raw");
            }
            return measure(measured, histograms);
        }, (what, done) -> { }).measure(CASES, 2);
        assertEquals(2, failures.size());
        assertTrue(failures.get(0).contains("contender=raw"));
        assertEquals(2, Results.in(folder).all().size());
    }
}
