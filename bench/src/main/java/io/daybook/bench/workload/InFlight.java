package io.daybook.bench.workload;

import io.daybook.bench.Entities;
import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * W2: many appends in flight, each answered when it is forced. A contender that can be asked later whether an append is forced has two
 * threads with half of them each; another one has a thread for each.
 */
final class InFlight {

    private static final int PIPELINING_THREADS = 2;

    private final Case measured;
    private final EventLog log;
    private final long untilNs;

    private InFlight(Case measured, EventLog log) {
        this.measured = measured;
        this.log = log;
        untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(2L * measured.seconds());
    }

    static Outcome measure(Case measured, Ground ground) throws Exception {
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, measured.entities());
            return new InFlight(measured, log).run();
        }
    }

    /** What a thread did in the second half of the time; the first warms up. */
    private record Share(long appends, double seconds) {
        double rate() {
            return appends / seconds;
        }
    }

    private Outcome run() throws InterruptedException, ExecutionException {
        int threads = log.pipelines() ? Math.min(PIPELINING_THREADS, measured.inFlight()) : measured.inFlight();
        Costs costs = new Costs();
        costs.start();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        double rate = 0;
        long appends = 0;
        try {
            List<Future<Share>> shares = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                shares.add(executor.submit(() -> append(first, threads, measured.inFlight() / threads)));
            }
            for (Future<Share> share : shares) {
                rate += share.get().rate();
                appends += share.get().appends();
            }
        } finally {
            executor.shutdown();
        }
        costs.stop();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eventsPerSecond", rate);
        metrics.put("threads", (double) threads);
        metrics.put("events", (double) appends);
        return new Outcome("events/s", rate, metrics, null);
    }

    /** Appends to every {@code step}-th entity, as fast as it goes with so many in flight. */
    private Share append(int first, int step, int inFlight) {
        Writer writer = log.writer();
        byte[] payload = new byte[measured.payload()];
        long[] positions = new long[inFlight];
        long[] versions = new long[measured.entities()];
        long count = 0;
        long counted = 0;
        long countedFromNs = 0;
        long halfNs = untilNs - TimeUnit.SECONDS.toNanos(measured.seconds());
        long nowNs = System.nanoTime();
        for (int entity = first; nowNs < untilNs; entity = entity + step < measured.entities() ? entity + step : first) {
            int slot = (int) (count % inFlight);
            if (count >= inFlight) {
                log.awaitForced(positions[slot]);
            }
            Payloads.number(payload, count);
            positions[slot] = writer.append(Entities.name(entity), versions[entity]++, payload);
            if (positions[slot] == Writer.CONFLICT) {
                throw new IllegalStateException("A conflict where nobody else writes: entity=" + entity);
            }
            count++;
            nowNs = System.nanoTime();
            if (countedFromNs == 0 && nowNs >= halfNs) {
                counted = count;
                countedFromNs = nowNs;
            }
        }
        for (int i = 0; i < Math.min(count, inFlight); i++) {
            log.awaitForced(positions[i]);
        }
        return new Share(count - counted, (System.nanoTime() - countedFromNs) / 1e9);
    }
}
