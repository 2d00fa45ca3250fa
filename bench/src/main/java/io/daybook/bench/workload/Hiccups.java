package io.daybook.bench.workload;

import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How long the machine keeps a thread waiting that has nothing to do: it asks to be woken each millisecond and notes how much later it was
 * (after Gil Tene's jHiccup). What is measured beside it cannot be better than this.
 */
final class Hiccups implements AutoCloseable {

    private static final long INTERVAL_NS = 1_000_000;

    private final Histogram ns = new Histogram(3);
    private final Thread thread = new Thread(this::run, "hiccups");
    private volatile boolean stopped;

    /** Starts to look. */
    static Hiccups start() {
        Hiccups hiccups = new Hiccups();
        hiccups.thread.setDaemon(true);
        hiccups.thread.start();
        return hiccups;
    }

    private void run() {
        while (!stopped) {
            long dueNs = System.nanoTime() + INTERVAL_NS;
            LockSupport.parkNanos(INTERVAL_NS);
            ns.recordValue(Math.max(0, System.nanoTime() - dueNs));
        }
    }

    /** What was noted; after {@link #close}. */
    Histogram histogram() {
        return ns;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
