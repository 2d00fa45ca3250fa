package io.daybook.bench;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.StartFrom;
import java.util.concurrent.TimeUnit;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * W6: replay everything and look at each payload, beside Chronicle's own tailer reading the very same documents. The time is that of one
 * event. Each checks that the numbers add up, so neither can have left anything out.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ReplayBenchmark.EVENTS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(3)
public class ReplayBenchmark {

    static final int EVENTS = 4_000_000;
    private static final int ENTITIES = 100_000;
    private static final long SUM = EVENTS / 2 * (EVENTS - 1L);

    /** A journal. */
    @State(Scope.Benchmark)
    public static class Journal {
        private FilledJournal journal;
        private EventStore store;

        /** Makes it. */
        @Setup
        public void open() {
            journal = new FilledJournal(ENTITIES, EVENTS / ENTITIES);
            store = journal.store();
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            journal.close();
        }
    }

    /** The same journal seen as a queue. */
    @State(Scope.Benchmark)
    public static class Queue {
        private FilledJournal journal;
        private ChronicleQueue queue;
        private ExcerptTailer tailer;
        private int payloadOffset;

        /** Makes it. */
        @Setup
        public void open() {
            journal = new FilledJournal(ENTITIES, EVENTS / ENTITIES);
            payloadOffset = journal.shape().payloadOffset();
            queue = journal.queue();
            tailer = queue.createTailer();
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            tailer.close();
            queue.close();
            journal.close();
        }
    }

    /** By view, sums checked. */
    @Benchmark
    public void daybook(Journal journal) {
        long sum = 0;
        try (Cursor cursor = journal.store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                sum += Payment.number(cursor.event());
            }
        }
        requireAll(sum);
    }

    /** The floor: nothing checked. */
    @Benchmark
    public void raw(Queue queue) {
        long sum = 0;
        ExcerptTailer tailer = queue.tailer.toStart();
        for (int i = 0; i < EVENTS; i++) {
            try (DocumentContext document = tailer.readingDocument()) {
                Bytes<?> bytes = document.wire().bytes();
                sum += bytes.readLong(bytes.readPosition() + queue.payloadOffset);
            }
        }
        requireAll(sum);
    }

    private static void requireAll(long sum) {
        if (sum != SUM) {
            throw new IllegalStateException("The replay missed something: sum=" + sum + " expected=" + SUM);
        }
    }
}
