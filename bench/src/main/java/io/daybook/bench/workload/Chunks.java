package io.daybook.bench.workload;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Times an operation closed loop: in chunks that are prepared before the clock starts. The first ones warm up and are not counted; the
 * median of the others is the figure. A fixed number of operations is timed and not a fixed time, so that everybody writes the same bytes.
 */
final class Chunks {

    private static final long LEAST_CHUNK_NS = 100_000_000;
    private static final int FIRST_OPERATIONS = 1 << 2; // the slowest take a tenth of a second for one
    private static final int LEAST_CHUNKS = 3;

    /** What is timed. */
    interface Work {
        /** Makes ready so many operations, untimed. */
        void prepare(int operations);

        /** Does them; answers how many events they were about. */
        long run(int operations);
    }

    private final Work work;
    private final int mostOperations;
    private final Costs costs = new Costs();
    private long mostEvents = Long.MAX_VALUE;
    private double[] nsPerEvent = {};
    private double[] heapBytesPerEvent = {};
    private long warmEvents;
    private long events;

    /** Chunks of at most so many operations. */
    Chunks(Work work, int mostOperations) {
        this.work = work;
        this.mostOperations = mostOperations;
    }

    /** Warms up, and measures, by so many events at most: for work whose preparation takes longer than the work. Answers this. */
    Chunks ofAtMost(long most) {
        mostEvents = most;
        return this;
    }

    /** Warms up for twice as long as is measured afterwards: the compiler needs its time, too. A look of a second: as long. */
    Chunks measure(int seconds) {
        long lengthNs = seconds * 1_000_000_000L;
        long warmLengthNs = seconds > 1 ? 2 * lengthNs : lengthNs;
        int operations = Math.min(FIRST_OPERATIONS, mostOperations);
        long warmNs = 0;
        while (warmNs < warmLengthNs && warmEvents < mostEvents) {
            long ns = chunk(operations, false);
            warmNs += ns;
            if (ns < LEAST_CHUNK_NS) {
                operations = Math.min(2 * operations, mostOperations);
            }
        }
        long measuredNs = 0;
        while (measuredNs < lengthNs && events < mostEvents || nsPerEvent.length < LEAST_CHUNKS) {
            measuredNs += chunk(operations, true);
        }
        return this;
    }

    private long chunk(int operations, boolean counted) {
        work.prepare(operations);
        if (counted) {
            costs.start();
        }
        long startNs = System.nanoTime();
        long done = work.run(operations);
        long ns = System.nanoTime() - startNs;
        if (!counted) {
            warmEvents += done;
        } else {
            costs.stop();
            events += done;
            nsPerEvent = with(nsPerEvent, (double) ns / done);
            heapBytesPerEvent = with(heapBytesPerEvent, (double) costs.lastHeapBytes() / done);
        }
        return ns;
    }

    private static double[] with(double[] values, double another) {
        double[] more = Arrays.copyOf(values, values.length + 1);
        more[values.length] = another;
        return more;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Median of the chunks, nanoseconds an event. */
    double nsPerEvent() {
        return median(nsPerEvent);
    }

    /** Events that were counted. */
    long events() {
        return events;
    }

    /** What else there is to say. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("eventsPerSecond", 1e9 / nsPerEvent());
        metrics.put("cpuNsPerEvent", (double) costs.cpuNs() / events);
        metrics.put("heapBytesPerEvent", median(heapBytesPerEvent));
        metrics.put("meanHeapBytesPerEvent", (double) costs.heapBytes() / events); // with what is loaded once
        metrics.put("slowestChunkNsPerEvent", Arrays.stream(nsPerEvent).max().orElse(0));
        metrics.put("chunks", (double) nsPerEvent.length);
        metrics.put("events", (double) events);
        return metrics;
    }
}
