package io.daybook.bench;

import io.daybook.Cursor;
import io.daybook.EventStore;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * W5: load an entity of ten events, or of as many as are asked for, picked at random, and look at each payload. Beside it Chronicle's own
 * tailer going to as many random documents of the same journal by their indexes, which somebody would have to keep.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LoadBenchmark {

    private static final int PICKS = 1 << 22;

    /** A journal of so many entities, and which of them is loaded next. */
    @State(Scope.Benchmark)
    public static class Journal {
        /** How many there are. */
        @Param({"10000", "1000000"})
        public int entities;
        /** False: the store that wrote them, which has their heads in memory. True: one that was opened later and finds them on disk. */
        @Param({"false", "true"})
        public boolean reopened;
        /** How many events each has. */
        @Param("10")
        public int eventsEach;

        private FilledJournal journal;
        private EventStore store;
        private String[] order;
        private int next;

        /** Makes it. */
        @Setup
        public void open() {
            IntSupplier random = Entities.uniform(entities, 2);
            order = Entities.namesInOrder(IntStream.generate(random).limit(PICKS).toArray());
            journal = new FilledJournal(entities, eventsEach);
            store = reopened ? journal.reopened() : journal.store();
        }

        String nextName() {
            return order[next++ & PICKS - 1];
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
        /** How many entities there are; here only how many documents. */
        @Param({"10000", "1000000"})
        public int entities;
        /** How many documents are looked at. */
        @Param("10")
        public int eventsEach;

        private FilledJournal journal;
        private ChronicleQueue queue;
        private ExcerptTailer tailer;
        private final long[] order = new long[PICKS];
        private int next;
        private int payloadOffset;

        /** Makes it. */
        @Setup
        public void open() {
            journal = new FilledJournal(entities, eventsEach);
            queue = journal.queue();
            long[] indexes = journal.indexes(queue);
            IntSupplier picks = Entities.uniform(indexes.length, 2);
            Arrays.setAll(order, i -> indexes[picks.getAsInt()]);
            payloadOffset = journal.shape().payloadOffset();
            tailer = queue.createTailer();
        }

        long nextNumber() {
            tailer.moveToIndex(order[next++ & PICKS - 1]);
            try (DocumentContext document = tailer.readingDocument()) {
                Bytes<?> bytes = document.wire().bytes();
                return bytes.readLong(bytes.readPosition() + payloadOffset);
            }
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            tailer.close();
            queue.close();
            journal.close();
        }
    }

    /** By view, sums and names checked. */
    @Benchmark
    public long daybook(Journal journal) {
        long sum = 0;
        int events = 0;
        try (Cursor cursor = journal.store.read(journal.nextName())) {
            while (cursor.next()) {
                sum += Payment.number(cursor.event());
                events++;
            }
        }
        if (events != journal.eventsEach) {
            throw new IllegalStateException("An entity was not whole: events=" + events);
        }
        return sum;
    }

    /** The floor: as many documents, nothing checked. */
    @Benchmark
    public long raw(Queue queue) {
        long sum = 0;
        for (int i = 0; i < queue.eventsEach; i++) {
            sum += queue.nextNumber();
        }
        return sum;
    }
}
