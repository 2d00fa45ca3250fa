package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.Subscription;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;
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
 * threads that spin: one appends, one follows. The first quarter is not counted.
 */
final class FollowingLatency {

    private static final double S = 1e9;
    private static final int ENTITIES = 10_000;

    private final Path folder;
    private final int rate;
    private final int events;

    FollowingLatency(Path folder, int rate, int seconds) {
        this.folder = folder;
        this.rate = rate;
        events = rate * seconds;
    }

    /** Calls the writer with each intended time, never before it. */
    private void keepRate(LongConsumer writer) {
        long start = System.nanoTime();
        double between = S / rate;
        for (int i = 0; i < events; i++) {
            long intended = start + (long) (i * between);
            while (System.nanoTime() < intended) {
                Thread.onSpinWait();
            }
            writer.accept(intended);
        }
    }

    /** Latencies of the events behind the first quarter; one thread. */
    private final class Counted {
        private final Histogram ns = new Histogram(3);
        private int seen;
        private long word;

        void seen(long intended) {
            if (seen++ >= events / 4) {
                ns.recordValue(Math.max(0, System.nanoTime() - intended));
            }
        }
    }

    Histogram daybook() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder); EventStore store = EventStore.open(scratch.path("journal"))) {
            Appender appender = store.appender();
            String[] names = Entities.names(ENTITIES);
            long[] versions = new long[ENTITIES];
            for (String name : names) {
                Payment.append(appender, name, -1, 0);
            }
            scratch.warmFrames((long) events * Payment.DISK_BYTES);
            Counted counted = new Counted();
            Follow follow = Follow.from(StartFrom.now()).idle(() -> BusySpinIdleStrategy.INSTANCE);
            try (Subscription subscription = store.subscribe(follow, event -> counted.seen(Payment.number(event)))) {
                int[] next = new int[1];
                keepRate(intended -> {
                    int entity = next[0]++ % ENTITIES;
                    Payment.append(appender, names[entity], versions[entity]++, intended);
                });
                if (!subscription.awaitPosition(store.endPosition() - 1, Duration.ofSeconds(60))) {
                    throw new IllegalStateException("The subscription fell behind: lagEvents=" + subscription.lagEvents());
                }
            }
            return counted.ns;
        }
    }

    Histogram raw() throws InterruptedException {
        try (Scratch scratch = Scratch.createIn(folder)) {
            RawQueue.Shape shape = RawQueue.shape(scratch);
            try (ChronicleQueue queue = RawQueue.open(scratch.path("raw")); ExcerptAppender appender = queue.createAppender()) {
                UnsafeBuffer document = new UnsafeBuffer(new byte[shape.length()]);
                scratch.warmFrames((long) events * Payment.DISK_BYTES);
                Counted counted = new Counted();
                Thread tailing = new Thread(() -> tail(queue, shape.payloadOffset(), counted));
                tailing.start();
                keepRate(intended -> {
                    document.putLong(shape.payloadOffset(), intended, ByteOrder.LITTLE_ENDIAN);
                    try (DocumentContext context = appender.writingDocument()) {
                        context.wire().bytes().write(document.byteArray(), 0, document.capacity());
                    }
                });
                tailing.join();
                if (counted.word == 0) {
                    throw new IllegalStateException("Nothing was read: events=" + events);
                }
                return counted.ns;
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
