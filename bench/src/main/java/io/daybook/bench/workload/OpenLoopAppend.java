package io.daybook.bench.workload;

import io.daybook.bench.Entities;
import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * W1 open loop, and W11, which is the same for longer: each append has a time at which it should begin, and its latency counts from then.
 * Beside it stands the service time, from its real begin. The first seconds are not counted; the rest is told by windows. Before a long run
 * the same thread keeps the same times and appends nothing: no store can be better than that on this machine.
 */
final class OpenLoopAppend {

    private static final int MOST_WINDOW_SECONDS = 10;
    private static final int LEAST_WINDOWS = 4;
    private static final int LONG_SECONDS = 60;
    private static final long CLOSED_LOOP_WARM_NS = 1_000_000_000;

    private final Case measured;
    private final Writer writer;
    private final String[] names;
    private final long[] versions;
    private final byte[] payload;
    private final int windowSeconds;
    private final int windows;
    private final Latencies response;
    private final Latencies service;
    private final Latencies nothing = new Latencies(1);
    private int entity;

    private interface Step {
        void take(long number);
    }

    private OpenLoopAppend(Case measured, Writer writer) {
        this.measured = measured;
        this.writer = writer;
        names = Entities.names(measured.entities());
        versions = new long[measured.entities()];
        payload = new byte[measured.payload()];
        windowSeconds = Math.max(1, Math.min(MOST_WINDOW_SECONDS, measured.seconds() / LEAST_WINDOWS));
        windows = 1 + Math.max(1, measured.seconds() / windowSeconds);
        response = new Latencies(windows);
        service = new Latencies(windows);
    }

    static Outcome measure(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, measured.entities());
            OpenLoopAppend loop = new OpenLoopAppend(measured, log.writer());
            loop.warmUp();
            if (measured.seconds() >= LONG_SECONDS) {
                settle();
                loop.keepRate(loop.nothing, new Latencies(1), 1, number -> { });
            }
            return loop.run(ground);
        }
    }

    private void warmUp() {
        long untilNs = System.nanoTime() + CLOSED_LOOP_WARM_NS;
        for (int i = 0; System.nanoTime() < untilNs; i++) {
            append(i);
        }
    }

    /** Long runs begin when what was written and deleted before has reached the device. */
    private static void settle() throws IOException, InterruptedException {
        Ground.sync();
        TimeUnit.SECONDS.sleep(20);
    }

    private Outcome run(Ground ground) {
        Hiccups hiccups = Hiccups.start();
        Costs costs = new Costs();
        long startMs = System.currentTimeMillis();
        costs.start();
        long events = keepRate(response, service, windows, this::append);
        costs.stop();
        hiccups.close();
        response.write(ground.histograms(), measured.key(), startMs, windowSeconds * 1000L, 1);
        new Latencies(List.of(hiccups.histogram())).write(ground.histograms(), measured.key() + "-hiccups", startMs,
                windows * windowSeconds * 1000L, 0);
        Map<String, Double> metrics = new LinkedHashMap<>();
        response.tell(1, "", metrics);
        service.tell(1, "service", metrics);
        if (measured.seconds() >= LONG_SECONDS) {
            nothing.tell(0, "nothing", metrics);
        }
        Histogram idle = hiccups.histogram();
        metrics.put("hiccupP99Ns", (double) idle.getValueAtPercentile(99));
        metrics.put("hiccupP999Ns", (double) idle.getValueAtPercentile(99.9));
        metrics.put("hiccupMaxNs", (double) idle.getMaxValue());
        metrics.put("cpuNsPerEvent", (double) costs.cpuNs() / events);
        metrics.put("heapBytesPerEvent", (double) costs.heapBytes() / events);
        metrics.put("events", (double) events);
        return new Outcome("ns/event", metrics.get("p99Ns"), metrics, measured.key());
    }

    private long keepRate(Latencies fromIntended, Latencies fromBegun, int forWindows, Step step) {
        long events = (long) measured.rate() * windowSeconds * forWindows;
        long eventsPerWindow = (long) measured.rate() * windowSeconds;
        double betweenNs = 1e9 / measured.rate();
        long startNs = System.nanoTime() + 1_000_000;
        for (long i = 0; i < events; i++) {
            long intendedNs = startNs + (long) (i * betweenNs);
            long begunNs = System.nanoTime();
            while (begunNs < intendedNs) {
                Thread.onSpinWait();
                begunNs = System.nanoTime();
            }
            step.take(i);
            long endNs = System.nanoTime();
            int window = (int) (i / eventsPerWindow);
            fromIntended.record(window, endNs - intendedNs);
            fromBegun.record(window, endNs - begunNs);
        }
        return events;
    }

    private void append(long number) {
        Payloads.number(payload, number);
        if (writer.append(names[entity], versions[entity]++, payload) == Writer.CONFLICT) {
            throw new IllegalStateException("A conflict where nobody else writes: entity=" + names[entity]);
        }
        entity = entity + 1 == names.length ? 0 : entity + 1;
    }
}
