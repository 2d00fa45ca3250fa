package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What is forced before the answer: D2, one append after the other, beside bare writes and fdatasync of as many bytes into a file that has
 * its blocks already; D2g, the same with 64 in flight, by two threads that wait for the oldest of their 32, and by 64 threads that wait
 * for their own. In turns, so that the device's moods strike all.
 */
final class Forced {

    private static final int ENTITIES = 10_000;
    private static final int IN_FLIGHT = 64;
    private static final int WRITERS = 2;
    private static final int BARE_BYTES = 1 << 28;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final long windowNs;
    private final Path folder;

    private Forced(Path folder, int seconds) {
        this.folder = folder;
        windowNs = TimeUnit.SECONDS.toNanos(seconds);
    }

    /** The program. */
    @Command(name = "forced", description = "Forced before the answer, one by one and with 64 in flight, beside bare fdatasync.")
    static final class Program extends FigureProgram {
        @Option(names = "--rounds", description = "rounds", defaultValue = "5", paramLabel = "N")
        private int rounds;

        @Option(names = "--seconds", description = "seconds of each measurement", defaultValue = "5", paramLabel = "N")
        private int seconds;

        @Override
        void run(Path base, Figures figures) throws Exception {
            try (Scratch scratch = Scratch.createIn(base)) {
                figures.describe("rounds=" + rounds + ", windowSeconds=" + seconds + ", entities=" + ENTITIES + ", payloadBytes="
                        + Payment.PAYLOAD_BYTES + ", " + Machine.describe(base));
                new Forced(scratch.path("."), seconds).run(rounds, figures);
            }
        }
    }

    private void run(int rounds, Figures figures) throws IOException, InterruptedException, ExecutionException {
        double[] bare = new double[rounds];
        double[] single = new double[rounds];
        double[] two = new double[rounds];
        double[] many = new double[rounds];
        double[] toBare = new double[rounds];
        double[] toSingle = new double[rounds];
        try (EventStore store = EventStore.open(folder.resolve("journal"), StoreSettings.create());
                FileChannel file = blocks(folder.resolve("bare"))) {
            Writer warm = new Writer(store, 0, 1);
            warm.run(1);
            bare(file, windowNs / 4);
            for (int round = 0; round < rounds; round++) {
                bare[round] = bare(file, windowNs);
                single[round] = threads(store, 1, 1);
                two[round] = threads(store, WRITERS, IN_FLIGHT / WRITERS);
                many[round] = threads(store, IN_FLIGHT, 1);
                toBare[round] = single[round] / bare[round];
                toSingle[round] = two[round] / single[round];
            }
        }
        figures.print("bare write and fdatasync", Figures.median(bare), "/s", "");
        figures.print("D2, one append after the other", Figures.median(single), "/s", "");
        figures.print("D2 : bare", Figures.median(toBare), "", ">= 0.85");
        figures.print("D2g, 64 in flight, two threads", Figures.median(two), "/s", ">= 150000");
        figures.print("D2g : D2", Figures.median(toSingle), "", ">= 20");
        figures.print("D2g, 64 threads, one append each", Figures.median(many), "/s", "");
    }

    /** A file whose blocks are there and were written: fdatasync then has nothing to tell the file system. */
    private static FileChannel blocks(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < BARE_BYTES; at += zeros.capacity()) {
            file.write(zeros.clear(), at);
        }
        file.force(true);
        return file;
    }

    private static double bare(FileChannel file, long forNs) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Payment.DISK_BYTES);
        long count = 0;
        long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < forNs) {
            file.write(bytes.clear(), count * Payment.DISK_BYTES % (BARE_BYTES - Payment.DISK_BYTES));
            file.force(false);
            count++;
            nowNs = System.nanoTime();
        }
        return count * 1e9 / (nowNs - startNs);
    }

    private double threads(EventStore store, int threads, int inFlight) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Double>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Writer writer = new Writer(store, i, threads);
                writers.add(executor.submit((Callable<Double>) () -> writer.run(inFlight)));
            }
            double sum = 0;
            for (Future<Double> writer : writers) {
                sum += writer.get();
            }
            return sum;
        } finally {
            executor.shutdownNow();
        }
    }

    /** Appends to its own share of the entities, and waits for the oldest append when so many are in flight. */
    private final class Writer {
        private final EventStore store;
        private final Appender appender;
        private final String[] names = Entities.names(ENTITIES);
        private final int first;
        private final int step;

        Writer(EventStore store, int first, int step) {
            this.store = store;
            this.first = first;
            this.step = step;
            appender = store.appender();
        }

        double run(int inFlight) {
            long[] positions = new long[inFlight];
            long[] versions = new long[ENTITIES];
            for (int entity = first; entity < ENTITIES; entity += step) {
                versions[entity] = store.version(names[entity]);
            }
            int entity = first;
            long count = 0;
            long startNs = System.nanoTime();
            long nowNs = startNs;
            while (nowNs - startNs < windowNs) {
                int slot = (int) (count % inFlight);
                if (count >= inFlight) {
                    await(positions[slot]);
                }
                positions[slot] = Payment.append(appender, names[entity], versions[entity]++, count);
                entity = entity + step < ENTITIES ? entity + step : first;
                count++;
                if (inFlight == 1) {
                    await(positions[slot]);
                }
                nowNs = System.nanoTime();
            }
            for (int i = 0; i < Math.min(count, inFlight); i++) {
                await(positions[i]);
            }
            return count * 1e9 / (System.nanoTime() - startNs);
        }

        private void await(long position) {
            if (!store.awaitDurable(position, Durability.DISK, LONG)) {
                throw new IllegalStateException("An append was not forced within a minute: position=" + position);
            }
        }
    }
}
