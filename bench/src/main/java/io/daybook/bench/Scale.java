package io.daybook.bench;

import io.daybook.Appender;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Ten million events on a million entities, in a heap as small as the caller likes: append, load, replay, find a position, open after a
 * clean close, after the index was deleted, and after the owner was killed. All in one JVM, which is warm when it opens.
 */
final class Scale {

    private static final int OPENS = 5;
    private static final int REPLAYS = 3;
    private static final int LOADS = 200_000;
    private static final int FINDS = 20_000;
    private static final double US = 1e3;
    private static final double MS = 1e6;
    private static final double S = 1e9;

    private final Path journal;
    private final int events;
    private final String[] names;
    private final Figures figures;
    private final SplittableRandom random = new SplittableRandom(7);

    private Scale(Path journal, int events, int entities, Figures figures) {
        this.journal = journal;
        this.events = events;
        this.figures = figures;
        names = Entities.names(entities);
    }

    /** The program. */
    @Command(name = "scale", description = "Ten million events on a million entities: append, load, replay, open, rebuild, take over.")
    static final class Program extends FigureProgram {
        @Option(names = "--events", description = "events", defaultValue = "10000000", paramLabel = "N")
        private int events;

        @Option(names = "--entities", description = "entities", defaultValue = "1000000", paramLabel = "N")
        private int entities;

        @Override
        void run(Path folder, Figures figures) throws Exception {
            try (Scratch scratch = Scratch.createIn(folder)) {
                figures.describe("events=" + events + ", entities=" + entities + ", payloadBytes=" + Payment.PAYLOAD_BYTES + ", "
                        + Machine.describe(folder));
                scratch.warmFrames((long) events * Payment.DISK_BYTES);
                new Scale(scratch.path("journal"), events, entities, figures).run();
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        append();
        opens();
        try (EventStore store = EventStore.open(journal)) {
            loads(store);
            replays(store);
            finds(store);
            figures.print("memory for heads", store.stats().headTableBytes() / 1048576.0, "MiB", "");
        }
        rebuild();
        new Takeover(journal, names.length, figures).run();
    }

    private void append() {
        long[] versions = new long[names.length];
        Arrays.fill(versions, -1);
        long start = System.nanoTime();
        long closing;
        try (EventStore store = EventStore.open(journal)) {
            Appender appender = store.appender();
            for (int i = 0; i < events; i++) {
                int entity = random.nextInt(names.length);
                Payment.append(appender, names[entity], versions[entity]++, i);
            }
            closing = System.nanoTime();
            figures.print("append with expected version", events / ((closing - start) / S), "events/s", "");
            figures.print("journal on disk", (double) store.stats().journalBytes() / events, "B/event", "");
        }
        figures.print("close (force, bring the index up to date)", (System.nanoTime() - closing) / MS, "ms", "");
    }

    private void opens() {
        double[] ms = new double[OPENS];
        for (int i = 0; i < OPENS; i++) {
            long start = System.nanoTime();
            EventStore store = EventStore.open(journal);
            ms[i] = (System.nanoTime() - start) / MS;
            requireEnd(store);
            store.close();
        }
        figures.print("open after a clean close, median of " + OPENS, Figures.median(ms), "ms", "<= 100");
    }

    private void loads(EventStore store) {
        Histogram ns = new Histogram(3);
        long read = 0;
        for (int i = -LOADS / 2; i < LOADS; i++) {
            String name = names[random.nextInt(names.length)];
            long start = System.nanoTime();
            try (Cursor cursor = store.read(name)) {
                while (cursor.next()) {
                    read += Payment.number(cursor.event()) >= 0 ? 1 : 0;
                }
            }
            if (i < 0) {
                read = 0;
            } else {
                ns.recordValue(System.nanoTime() - start);
            }
        }
        figures.print("load an entity, events each", (double) read / LOADS, "events", "");
        percentiles("load an entity", ns, "");
    }

    private void replays(EventStore store) {
        double[] rates = new double[REPLAYS];
        for (int i = 0; i < REPLAYS; i++) {
            long sum = 0;
            long start = System.nanoTime();
            try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
                while (cursor.next()) {
                    sum += Payment.number(cursor.event());
                }
            }
            rates[i] = events / ((System.nanoTime() - start) / S);
            require(sum == events / 2.0 * (events - 1.0), "The replay missed something");
        }
        figures.print("replay, median of " + REPLAYS, Figures.median(rates), "events/s", "");
    }

    private void finds(EventStore store) {
        Histogram ns = new Histogram(3);
        for (int i = -FINDS / 2; i < FINDS; i++) {
            long position = 1 + random.nextInt(events - 1);
            long start = System.nanoTime();
            try (Cursor cursor = store.readAll(StartFrom.after(position - 1), Filter.all())) {
                require(cursor.next() && cursor.event().position() == position, "A position was not found");
            }
            if (i >= 0) {
                ns.recordValue(System.nanoTime() - start);
            }
        }
        percentiles("find a position", ns, "<= 1000");
    }

    private void rebuild() {
        Scratch.delete(journal.resolve("index"));
        long start = System.nanoTime();
        try (EventStore store = EventStore.open(journal)) {
            double ns = System.nanoTime() - start;
            requireEnd(store);
            require(store.recovery().indexRebuilt(), "The index was not rebuilt");
            figures.print("open after the index was deleted", ns / MS, "ms", "");
            figures.print("rebuild of the index", events / (ns / S), "events/s", ">= 4000000");
        }
    }

    private void percentiles(String what, Histogram ns, String goal) {
        figures.print(what + ", p50", ns.getValueAtPercentile(50) / US, "us", goal);
        figures.print(what + ", p99", ns.getValueAtPercentile(99) / US, "us", goal);
        figures.print(what + ", maximum", ns.getMaxValue() / US, "us", "");
    }

    private void requireEnd(EventStore store) {
        require(store.endPosition() == events, "Events are missing");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
