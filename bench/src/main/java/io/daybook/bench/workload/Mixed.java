package io.daybook.bench.workload;

import io.daybook.bench.contender.EventLog;
import io.daybook.bench.contender.Reader;
import io.daybook.bench.contender.Writer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** W8: load, decide, append, by one thread, while another one replays everything again and again. The figure is one load or append. */
final class Mixed {

    private static final int CHUNK_OPERATIONS = 100_000;
    private static final int EVENTS_EACH = 10;
    private static final int REPLAYED_BETWEEN_LOOKS = 1 << 12;

    private final Writer writer;
    private final Reader reader;
    private final Picks picks;
    private final byte[] payload;
    private long newest;
    private volatile boolean stopped;

    private Mixed(EventLog log, Case measured) {
        writer = log.writer();
        reader = log.reader();
        picks = new Picks(measured, EVENTS_EACH, 3);
        payload = new byte[measured.payload()];
    }

    /** Thrown by the sink of the thread that replays, which has no other way to stop in the middle. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super(null, null, false, false);
        }
    }

    static Outcome measure(Case measured, Ground ground) throws Exception {
        ExecutorService replaying = Executors.newSingleThreadExecutor();
        try (EventLog log = ground.open(measured)) {
            Ground.fill(log, measured, 0, (long) EVENTS_EACH * measured.entities());
            Mixed mixed = new Mixed(log, measured);
            CompletableFuture<Long> replayed = CompletableFuture.supplyAsync(() -> mixed.replay(log.reader()), replaying);
            Chunks chunks;
            try {
                chunks = new Chunks(mixed.work(), CHUNK_OPERATIONS).measure(measured.seconds());
            } finally {
                mixed.stopped = true;
            }
            Map<String, Double> metrics = chunks.metrics();
            metrics.put("replayedBeside", (double) replayed.get(1, TimeUnit.MINUTES));
            return new Outcome("ns/operation", chunks.nsPerEvent(), metrics, null);
        } finally {
            replaying.shutdown();
        }
    }

    private long replay(Reader everything) {
        long[] seen = new long[1];
        try {
            while (!stopped) {
                everything.replay((version, buffer, offset, length) -> {
                    if (++seen[0] % REPLAYED_BETWEEN_LOOKS == 0 && stopped) {
                        throw new Stopped();
                    }
                });
            }
        } catch (Stopped e) {
            return seen[0];
        }
        return seen[0];
    }

    private Chunks.Work work() {
        return new Chunks.Work() {
            @Override
            public void prepare(int operations) {
                picks.choose(operations);
            }

            @Override
            public long run(int operations) {
                for (int i = 0; i < operations; i++) {
                    newest = -1;
                    reader.load(picks.name(i), (version, buffer, offset, length) -> newest = version);
                    if (newest != picks.expected(i) || writer.append(picks.name(i), newest, payload) == Writer.CONFLICT) {
                        throw new IllegalStateException("A load did not see the newest append: entity=" + picks.name(i)
                                + " version=" + newest + " expected=" + picks.expected(i));
                    }
                }
                return 2L * operations;
            }
        };
    }
}
