package io.daybook.bench.workload;

import io.daybook.bench.Entities;
import io.daybook.bench.Scratch;
import io.daybook.bench.contender.Batch;
import io.daybook.bench.contender.Contender;
import io.daybook.bench.contender.Contenders;
import io.daybook.bench.contender.Durability;
import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Where a case is measured: a folder of its own, deleted afterwards, and a place for histograms. One thread.
 *
 * @param scratch    holds what the contender writes
 * @param histograms where files with latencies go
 */
public record Ground(Scratch scratch, Path histograms) {

    private static final int FORCED_BATCH = 500; // a force each event would take hours

    /** Opens the contender of the case. */
    EventLog open(Case measured) throws IOException {
        Contender contender = Contenders.named(measured.contender());
        return contender.open(scratch.path("log"), measured.durability());
    }

    /** Appends the events with these numbers, entity by entity in turn, in commits of as many as the contender wants. */
    static void fill(EventLog log, Case measured, long from, long to) {
        Writer writer = log.writer();
        boolean forced = measured.durability() == Durability.D2 || measured.durability() == Durability.D2G;
        int most = forced ? FORCED_BATCH : Contenders.named(measured.contender()).filledBy();
        byte[][] payloads = new byte[most][measured.payload()];
        Batch batch = new Batch(most);
        for (long next = from; next < to;) {
            batch.clear();
            for (int i = 0; i < most && next < to; i++, next++) {
                Payloads.number(payloads[i], next);
                batch.add(Entities.name((int) (next % measured.entities())), next / measured.entities() - 1, payloads[i]);
            }
            if (!writer.appendAll(batch)) {
                throw new IllegalStateException("A conflict where nobody else writes: contender=" + measured.contender());
            }
        }
    }

    /** All that was written is on the device: what the kernel still has to write would be in the way of what is measured next. */
    static void sync() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }

    /** Bytes on the disk that the contender's files have taken. */
    long diskBytes() {
        if (!Files.exists(scratch.path("log"))) {
            return 0; // who keeps events in memory only has no files
        }
        try {
            Process du = new ProcessBuilder("du", "-s", "--block-size=1", scratch.path("log").toString()).start();
            String answer = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            du.waitFor(1, TimeUnit.MINUTES);
            return Long.parseLong(answer.split("\\s")[0]);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("The size of the files is not known: folder=" + scratch.path("log"), e);
        }
    }
}
