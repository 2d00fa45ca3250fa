package io.daybook.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.bench.contender.Durability;
import io.daybook.bench.workload.Case;
import io.daybook.bench.workload.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final Case TAIL = Case.of("W1", "tail", "daybook", Durability.D0).entities(1_000_000, Case.Keys.ZIPF).rate(1000);

    @TempDir
    Path folder;

    @Test
    void whatWasMeasuredIsThereForTheNextRun() throws Exception {
        Measured measured = new Measured(TAIL, 2, 7, new Outcome("ns/event", 12.5, Map.of("p99Ns", 3.0), "histograms/x"));
        Results.in(folder).add(measured);
        Results again = Results.in(folder);
        assertEquals(List.of(measured), again.all());
        assertTrue(again.has(TAIL.key(), 2));
        assertFalse(again.has(TAIL.key(), 1));
        assertFalse(again.has(TAIL.payload(64).key(), 2));
    }

    @Test
    void aLineIsOneFlatObject() throws Exception {
        Results.in(folder).add(new Measured(TAIL, 1, 1, new Outcome("ms", 1, Map.of(), null)));
        String line = Files.readString(folder.resolve("results.ndjson")).trim();
        assertEquals("{\"workload\":\"W1\",\"variant\":\"tail\",\"contender\":\"daybook\",\"durability\":\"D0\",\"entities\":1000000,"
                + "\"keys\":\"zipf\",\"payload\":128,\"rate\":1000,\"batch\":1,\"inFlight\":1,\"events\":0,\"seconds\":2,"
                + "\"round\":1,\"order\":1,"
                + "\"unit\":\"ms\",\"value\":1.0,\"metrics\":{},\"histogram\":null}", line);
    }
}
