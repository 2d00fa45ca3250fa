package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Following: W7, from the intended time of an append to its handler, beside a raw tailer ({@link FollowingLatency}); how soon {@code
 * awaitPosition} answers; what a subscription costs that waits for nothing.
 */
final class Following {

    private static final int[] RATES = {10_000, 100_000, 500_000};
    private static final int AWAITS = 4_000;
    private static final int WINDOW_SECONDS = 10;
    private static final int WARM_AWAITS = 1_000;
    private static final long BETWEEN_AWAITS_NS = 500_000;
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final double US = 1e3;

    private final Path folder;
    private final Figures figures;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private Following(Path folder, Figures figures) {
        this.folder = folder;
        this.figures = figures;
    }

    /** The program. */
    @Command(name = "following", description = "W7: from append to handler beside a raw tailer; awaiting a position; what idling costs.")
    static final class Program extends FigureProgram {
        @Option(names = "--rounds", description = "rounds", defaultValue = "3", paramLabel = "N")
        private int rounds;

        @Option(names = "--windows", description = "windows of ten seconds in each round", defaultValue = "3", paramLabel = "N")
        private int windows;

        @Override
        void run(Path folder, Figures figures) throws Exception {
            try (WarmFrames frames = WarmFrames.hold()) {
                figures.describe("rounds=" + rounds + ", windows=" + windows + ", " + Machine.describe(folder) + ", pageFrames=" + frames);
                Following following = new Following(folder, figures);
                for (int rate : RATES) {
                    following.latency(rate, rounds, windows);
                }
                following.awaits();
                following.idle();
            }
        }
    }

    private void latency(int rate, int rounds, int windows) throws InterruptedException {
        List<Histogram> raw = new ArrayList<>();
        List<Histogram> own = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            FollowingLatency latency = new FollowingLatency(folder, rate, windows, WINDOW_SECONDS);
            raw.addAll(List.of(latency.raw()));
            own.addAll(List.of(latency.daybook()));
        }
        for (double percentile : new double[] {50, 99, 99.9}) {
            String what = "append to handler, " + rate / 1000 + "k/s, p" + (percentile % 1 == 0 ? "" + (int) percentile : percentile);
            double ownUs = median(own, percentile);
            double rawUs = median(raw, percentile);
            figures.print(what, ownUs, "us", "");
            figures.print(what + ", raw tailer", rawUs, "us", "");
            figures.print(what + ", Daybook : raw", ownUs / rawUs, "", percentile > 99 ? "" : "<= 1.3");
        }
    }

    private static double median(List<Histogram> windows, double percentile) {
        return Figures.median(windows.stream().mapToDouble(window -> window.getValueAtPercentile(percentile) / US).toArray());
    }

    private void awaits() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder); EventStore store = EventStore.open(scratch.path("journal"))) {
            Follow follow = Follow.from(StartFrom.now());
            awaits(store, follow.idle(() -> BusySpinIdleStrategy.INSTANCE), "busy", "<= 100");
            awaits(store, follow, "default", "<= 2000");
        }
    }

    private void awaits(EventStore store, Follow follow, String what, String goal) throws InterruptedException {
        Histogram ns = new Histogram(3);
        Appender appender = store.appender();
        long version = store.version(Entities.name(0));
        try (Subscription subscription = store.subscribe(follow, event -> { })) {
            for (int i = 0; i < AWAITS; i++) {
                long position = Payment.append(appender, Entities.name(0), version++, i);
                long start = System.nanoTime();
                if (!subscription.awaitPosition(position, Duration.ofSeconds(5))) {
                    throw new IllegalStateException("A position was not reached: position=" + position);
                }
                if (i >= WARM_AWAITS) {
                    ns.recordValue(System.nanoTime() - start);
                }
                LockSupport.parkNanos(BETWEEN_AWAITS_NS);
            }
        }
        figures.print("awaitPosition, " + what + ", p50", ns.getValueAtPercentile(50) / US, "us", "");
        figures.print("awaitPosition, " + what + ", p99", ns.getValueAtPercentile(99) / US, "us", goal);
    }

    private void idle() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder); EventStore store = EventStore.open(scratch.path("journal"));
                EventStore reading = EventStore.openReadOnly(scratch.path("journal"), StoreSettings.create())) {
            idle(store, 1, "1 idle subscription");
            idle(store, 100, "100 idle subscriptions");
            idle(reading, 1, "1 idle subscription of a reading store");
        }
    }

    private void idle(EventStore store, int subscriptions, String what) throws InterruptedException {
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < subscriptions; i++) {
            all.add(store.subscribe(Follow.from(StartFrom.now()), event -> { }));
        }
        Thread.sleep(SETTLE.toMillis());
        long cpu = followersCpuNs();
        long start = System.nanoTime();
        Thread.sleep(IDLE.toMillis());
        double share = 100.0 * (followersCpuNs() - cpu) / (System.nanoTime() - start);
        all.forEach(Subscription::close);
        figures.print(what, share, "% of core", "< 1");
    }

    private long followersCpuNs() {
        long cpu = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo thread = threads.getThreadInfo(id);
            if (thread != null && thread.getThreadName().matches("daybook-(follower|waker).*")) {
                cpu += threads.getThreadCpuTime(id);
            }
        }
        return cpu;
    }
}
