package io.daybook.bench.workload;

import io.daybook.bench.Entities;
import io.daybook.bench.Scratch;
import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * W9: from the call that opens to the first append: after a clean close, after a kill, and with a new index to make. Another process has
 * written what is opened. The median counts; of clean opens the first of the JVM, which loads and compiles nearly all, is
 * told beside it.
 */
final class OpenTime {

    private static final int OPENS = 5;
    private static final int CLEAN_OPENS = 100; // the first dozens get faster and faster
    private static final long CLEAN_LENGTH_NS = TimeUnit.SECONDS.toNanos(20); // where each takes long fewer will do

    private OpenTime() {
    }

    static Outcome clean(Case measured, Ground ground) throws Exception {
        Filling.fill(measured, ground);
        double[] ms = new double[CLEAN_OPENS];
        long startNs = System.nanoTime();
        int opens = 0;
        while (opens < OPENS || opens < CLEAN_OPENS && System.nanoTime() - startNs < CLEAN_LENGTH_NS) {
            ms[opens] = open(measured, ground, opens);
            opens++;
        }
        Outcome outcome = outcome(measured, ground, Arrays.copyOf(ms, opens));
        outcome.metrics().put("firstMs", ms[0]);
        return outcome;
    }

    static Outcome killed(Case measured, Ground ground) throws Exception {
        Filling.fill(measured, ground);
        double[] ms = new double[OPENS];
        for (int i = 0; i < OPENS; i++) {
            open(measured, ground, 2 * i); // warm
            Dying.appendAndDie(measured, ground);
            ms[i] = open(measured, ground, 2 * i + 1);
        }
        return outcome(measured, ground, ms);
    }

    /** Daybook only: what others have beside the truth cannot be deleted. */
    static Outcome rebuild(Case measured, Ground ground) throws Exception {
        Filling.fill(measured, ground);
        Path index = ground.scratch().path("log").resolve("index");
        double[] ms = new double[OPENS];
        for (int i = 0; i < OPENS; i++) {
            Scratch.delete(index);
            ms[i] = open(measured, ground, i);
        }
        Outcome outcome = outcome(measured, ground, ms);
        outcome.metrics().put("eventsPerSecond", measured.events() / (outcome.value() / 1e3));
        return outcome;
    }

    /** Milliseconds from the call to the first append, to an entity that is new. */
    private static double open(Case measured, Ground ground, int number) throws IOException {
        String entity = "opened-" + Entities.name(number);
        byte[] payload = new byte[measured.payload()];
        long startNs = System.nanoTime();
        try (EventLog log = ground.open(measured)) {
            if (log.writer().append(entity, -1, payload) == Writer.CONFLICT) {
                throw new IllegalStateException("An entity is there that cannot be: entity=" + entity);
            }
            return (System.nanoTime() - startNs) / 1e6;
        }
    }

    private static Outcome outcome(Case measured, Ground ground, double[] ms) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        double[] sorted = ms.clone();
        Arrays.sort(sorted);
        metrics.put("fastestMs", sorted[0]);
        metrics.put("slowestMs", sorted[sorted.length - 1]);
        metrics.put("opens", (double) ms.length);
        metrics.put("events", (double) measured.events());
        metrics.put("diskBytesPerEvent", (double) ground.diskBytes() / measured.events());
        return new Outcome("ms", sorted[sorted.length / 2], metrics, null);
    }
}
