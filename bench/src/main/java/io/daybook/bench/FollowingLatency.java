package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * W7 at one rate, open loop: each event carries the time at which it should have been appended, and whoever follows subtracts it. Two
 * threads that spin: one appends, one follows. What comes in the first five seconds, and the first window at least, is not counted: while
 * two threads spin on two processors the compiler needs that long.
 */
public final class FollowingLatency {

    private static final int WARM_UP_SECONDS = 5;
    private static final double S = 1e9;
    private static final int ENTITIES = 10_000;

    private final Path folder;
    private final int rate;
    private final int windows;
    private final int warmUpWindows;
    private final int eventsPerWindow;
    private final int events;

    /** Journals lie in this folder; the windows are that long. */
    public FollowingLatency(Path folder, int rate, int windows, int windowSeconds) {
        this.folder = folder;
        this.rate = rate;
        this.windows = windows;
        warmUpWindows = Math.max(1, WARM_UP_SECONDS / windowSeconds);
        eventsPerWindow = rate * windowSeconds;
        events = eventsPerWindow * (warmUpWindows + windows);
    }

    /** Appends an event when its time has come. */
    private interface Writer {
        /** Has the next request at hand, as a service has that just read it: who it is about, and the version it expects. */
        void prepare();

        void write(long intended);
    }

    /** Calls the writer with each intended time, never before it. */
    private void keepRate(Writer writer) {
        long start = System.nanoTime();
        double between = S / rate;
        for (int i = 0; i < events; i++) {
            writer.prepare();
            long intended = start + (long) (i * between);
            while (System.nanoTime() < intended) {
                Thread.onSpinWait();
            }
            writer.write(intended);
        }
    }

    /** Latencies in nanoseconds, by windows; one thread. */
    private final class Counted {
        private final Histogram[] ns = new Histogram[warmUpWindows + windows];
        private int seen;
        private long word;

        Counted() {
            Arrays.setAll(ns, i -> new Histogram(3));
        }

        void seen(long intended) {
            ns[seen++ / eventsPerWindow].recordValue(Math.max(0, System.nanoTime() - intended));
        }

        Histogram[] windows() {
            return Arrays.copyOfRange(ns, warmUpWindows, ns.length);
        }
    }

    private static final class PaymentWriter implements Writer {
        private final Appender appender;
        private final String[] names = Entities.names(ENTITIES);
        private final long[] versions = new long[ENTITIES];
        private int entity;
        private String name;
        private int nameHash;
        private long version;

        /** Appends an event of each entity. */
        PaymentWriter(Appender appender) {
            this.appender = appender;
            for (String each : names) {
                Payment.append(appender, each, -1, 0);
            }
        }

        @Override
        public void prepare() {
            entity = (entity + 1) % ENTITIES;
            name = names[entity];
            nameHash ^= name.charAt(name.length() - 1);
            version = versions[entity];
        }

        @Override
        public void write(long intended) {
            Payment.append(appender, name, version, intended);
            versions[entity] = version + 1;
        }
    }

    private record RawWriter(ExcerptAppender appender, UnsafeBuffer document, int payloadOffset) implements Writer {
        @Override
        public void prepare() {
            // The document is at hand.
        }

        @Override
        public void write(long intended) {
            document.putLong(payloadOffset, intended, ByteOrder.LITTLE_ENDIAN);
            try (DocumentContext context = appender.writingDocument()) {
                context.wire().bytes().write(document.byteArray(), 0, document.capacity());
            }
        }
    }

    /** By a subscription that spins; nanoseconds, by window. */
    public Histogram[] daybook() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder); EventStore store = EventStore.open(scratch.path("journal"))) {
            PaymentWriter writer = new PaymentWriter(store.appender());
            scratch.warmFrames((long) events * Payment.DISK_BYTES);
            Counted counted = new Counted();
            Follow follow = Follow.from(StartFrom.now()).idle(() -> BusySpinIdleStrategy.INSTANCE);
            try (Subscription subscription = store.subscribe(follow, event -> counted.seen(Payment.number(event)))) {
                keepRate(writer);
                if (!subscription.awaitPosition(store.endPosition() - 1, Duration.ofSeconds(60))) {
                    throw new IllegalStateException("The subscription fell behind: lagEvents=" + subscription.lagEvents());
                }
            }
            return counted.windows();
        }
    }

    /** By Chronicle's own tailer; nanoseconds, by window. */
    public Histogram[] raw() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder)) {
            RawQueue.Shape shape = RawQueue.shape(scratch);
            try (ChronicleQueue queue = RawQueue.open(scratch.path("raw")); ExcerptAppender appender = queue.createAppender()) {
                UnsafeBuffer document = new UnsafeBuffer(new byte[shape.length()]);
                scratch.warmFrames((long) events * Payment.DISK_BYTES);
                Counted counted = new Counted();
                Thread tailing = new Thread(() -> tail(queue, shape.payloadOffset(), counted));
                tailing.start();
                keepRate(new RawWriter(appender, document, shape.payloadOffset()));
                tailing.join();
                if (counted.word == 0) {
                    throw new IllegalStateException("Nothing was read: events=" + events);
                }
                return counted.windows();
            }
        }
    }

    private void tail(ChronicleQueue queue, int payloadOffset, Counted counted) {
        try (ExcerptTailer tailer = queue.createTailer()) {
            while (counted.seen < events) {
                try (DocumentContext context = tailer.readingDocument()) {
                    if (context.isPresent()) {
                        Bytes<?> bytes = context.wire().bytes();
                        long start = bytes.readPosition();
                        for (long at = start; at + Long.BYTES <= bytes.readLimit(); at += Long.BYTES) {
                            counted.word ^= bytes.readLong(at); // whoever follows reads what there is; Daybook sums it
                        }
                        counted.seen(bytes.readLong(start + payloadOffset));
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }
}
