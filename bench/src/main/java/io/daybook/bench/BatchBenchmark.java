package io.daybook.bench;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * W3: atomic commits of 8 and of 64 events of 128 bytes with expected versions, of one entity or each event of another, among ten thousand;
 * time per event. A batch of one is W1 through the same methods. Timed as {@link AppendBenchmark} is. The lists of events are there
 * already; a {@link Commit} is put together within the measured loop, for nobody has one before he wants to commit.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BatchBenchmark.EVENTS)
@Warmup(iterations = 8)
@Measurement(iterations = 20)
@Fork(3)
public class BatchBenchmark {

    static final int EVENTS = 512_000;
    private static final int ENTITIES = 10_000;
    private static final int STRIDE = 157; // has no divisor in common with their number: the entities of a commit differ
    private static final int POOL = 4096;
    private static final long WARM_BYTES = 3L * EVENTS * Payment.DISK_BYTES / 2;

    /** A journal in which every entity has one event to begin with. */
    @State(Scope.Benchmark)
    public static class Journal {
        /** Events of a commit. */
        @Param({"1", "8", "64"})
        public int batch;

        private Scratch scratch;
        private EventStore store;
        private final long[] versions = new long[ENTITIES];
        private final int[] picks = new int[EVENTS];
        private String[] names;
        private final long[] expected = new long[EVENTS];
        private final List<List<NewEvent>> lists = new ArrayList<>();

        /** Makes the journal. */
        @Setup
        public void open() {
            scratch = Scratch.create();
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < EVENTS; i++) {
                picks[i] = i % batch == 0 ? random.nextInt(ENTITIES) : (picks[i - 1] + STRIDE) % ENTITIES;
            }
            names = Entities.namesInOrder(picks);
            for (int i = 0; i < POOL; i += batch) {
                NewEvent[] events = new NewEvent[batch];
                Arrays.setAll(events, j -> NewEvent.of(Payment.TYPE, new byte[Payment.PAYLOAD_BYTES]));
                lists.add(List.of(events));
            }
            store = EventStore.open(scratch.path("journal"));
            for (int i = 0; i < ENTITIES; i++) {
                store.append(Entities.name(i), Expected.absent(), lists.get(0).get(0));
            }
        }

        /** See {@link Scratch#warmFrames}. */
        @Setup(Level.Iteration)
        public void warm() {
            scratch.warmFrames(WARM_BYTES);
        }

        private void planOneEntity() {
            for (int i = 0; i < EVENTS; i += batch) {
                expected[i] = versions[picks[i]];
                versions[picks[i]] += batch;
            }
        }

        private void planManyEntities() {
            for (int i = 0; i < EVENTS; i++) {
                expected[i] = versions[picks[i]]++;
            }
        }

        private List<NewEvent> list(int first) {
            return lists.get(first % POOL / batch);
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            store.close();
            scratch.close();
        }
    }

    /** With the versions that are expected when one entity gets all events of a commit. */
    @State(Scope.Benchmark)
    public static class OneEntity {
        /** Notes them. */
        @Setup(Level.Iteration)
        public void plan(Journal journal) {
            journal.planOneEntity();
        }
    }

    /** With the versions that are expected when each event of a commit is another entity's. */
    @State(Scope.Benchmark)
    public static class ManyEntities {
        /** Notes them. */
        @Setup(Level.Iteration)
        public void plan(Journal journal) {
            journal.planManyEntities();
        }
    }

    /** All events of a commit are one entity's. */
    @Benchmark
    public void oneEntity(Journal journal, OneEntity plan) {
        for (int i = 0; i < EVENTS; i += journal.batch) {
            journal.store.append(journal.names[i], Expected.exactly(journal.expected[i]), journal.list(i), Durability.PROCESS);
        }
    }

    /** Each event of a commit is another entity's, and has a condition. */
    @Benchmark
    public void manyEntities(Journal journal, ManyEntities plan) {
        for (int i = 0; i < EVENTS; i += journal.batch) {
            List<NewEvent> events = journal.list(i);
            Commit commit = Commit.create();
            for (int j = 0; j < journal.batch; j++) {
                commit.expect(journal.names[i + j], Expected.exactly(journal.expected[i + j])).append(journal.names[i + j], events.get(j));
            }
            journal.store.commit(commit);
        }
    }
}
