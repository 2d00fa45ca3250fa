package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventStore;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.UnsafeBuffer;
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
 * W1: append with expected version, one writer, 128 bytes, beside a raw Chronicle Queue that writes as many documents of the same length.
 * A fixed number of events is timed, not a fixed time: both then write the same bytes, and the disk never fills.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(AppendBenchmark.EVENTS)
@Warmup(iterations = 8)
@Measurement(iterations = 20)
@Fork(3)
public class AppendBenchmark {

    static final int EVENTS = 500_000;
    private static final int PICKS = 1 << 22;
    private static final long WARM_BYTES = 3L * EVENTS * Payment.DISK_BYTES / 2;

    /** How many entities there are, and which is appended to. */
    public enum Spread {
        /** Ten thousand, each as likely. */
        UNIFORM_10K(10_000),
        /** A million, each as likely. */
        UNIFORM_1M(1_000_000),
        /** A million, few of them often. */
        ZIPF_1M(1_000_000);

        private final int entities;

        Spread(int entities) {
            this.entities = entities;
        }

        IntSupplier picks() {
            return this == ZIPF_1M ? Entities.zipf(entities, 1) : Entities.uniform(entities, 1);
        }
    }

    /** A journal in which every entity has one event to begin with. */
    @State(Scope.Benchmark)
    public static class Journal {
        /** See {@link Spread}. */
        @Param
        public Spread spread;

        private Scratch scratch;
        private EventStore store;
        private Appender appender;
        private long[] versions;
        private final int[] picks = new int[PICKS];
        private String[] names;
        private final long[] expected = new long[PICKS];
        private int next;

        /** Makes the journal. */
        @Setup
        public void open() {
            scratch = Scratch.create();
            IntSupplier random = spread.picks();
            Arrays.setAll(picks, i -> random.getAsInt());
            names = Entities.namesInOrder(picks);
            versions = new long[spread.entities];
            store = EventStore.open(scratch.path("journal"));
            appender = store.appender();
            for (int i = 0; i < spread.entities; i++) {
                Payment.append(appender, Entities.name(i), -1, 0);
            }
        }

        /** Notes the versions that will be expected: the measured loop looks nothing up but in the store. */
        @Setup(Level.Iteration)
        public void plan() {
            for (int i = next; i < next + EVENTS; i++) {
                expected[i & PICKS - 1] = versions[picks[i & PICKS - 1]]++;
            }
            scratch.warmFrames(WARM_BYTES);
        }

        void append() {
            int i = next++ & PICKS - 1;
            Payment.append(appender, names[i], expected[i], i);
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            store.close();
            scratch.close();
        }
    }

    /** An empty queue. */
    @State(Scope.Benchmark)
    public static class Queue {
        private Scratch scratch;
        private ChronicleQueue queue;
        private ExcerptAppender appender;
        private byte[] document;
        private UnsafeBuffer buffer;
        private int payloadOffset;
        private long next;

        /** Makes the queue. */
        @Setup
        public void open() {
            scratch = Scratch.create();
            RawQueue.Shape shape = RawQueue.shape(scratch);
            document = new byte[shape.length()];
            buffer = new UnsafeBuffer(document);
            payloadOffset = shape.payloadOffset();
            queue = RawQueue.open(scratch.path("raw"));
            appender = queue.createAppender();
        }

        /** As for the journal. */
        @Setup(Level.Iteration)
        public void warm() {
            scratch.warmFrames(WARM_BYTES);
        }

        void append() {
            buffer.putLong(payloadOffset, next++, ByteOrder.LITTLE_ENDIAN);
            try (DocumentContext context = appender.writingDocument()) {
                context.wire().bytes().write(document, 0, document.length);
            }
        }

        /** Deletes it. */
        @TearDown
        public void close() {
            appender.close();
            queue.close();
            scratch.close();
        }
    }

    /** Through the appender that makes no garbage. */
    @Benchmark
    public void daybook(Journal journal) {
        for (int i = 0; i < EVENTS; i++) {
            journal.append();
        }
    }

    /** The floor. */
    @Benchmark
    public void raw(Queue queue) {
        for (int i = 0; i < EVENTS; i++) {
            queue.append();
        }
    }
}
