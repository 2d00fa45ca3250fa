package io.daybook.bench;

import com.sun.management.ThreadMXBean;
import io.daybook.Appender;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Heap bytes an event, for appends through the {@link Appender}, for reading by view and for following, by the JVM's own counters of all
 * its threads. JMH counts its own garbage too, more than there is here to count. Rounds that are not counted make the entities and load
 * the classes, those for the heads file too, which the store's agent writes only every few million events.
 */
final class Garbage {

    private static final String GOAL = "< 0.01";
    private static final int WARM_EVENTS = 1_000_000;

    private final int events;
    private final String[] names;
    private final long[] versions;
    private final SplittableRandom random = new SplittableRandom(7);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Garbage(int events, int entities) {
        this.events = events;
        names = Entities.names(entities);
        versions = new long[entities];
    }

    /** The program. */
    @Command(name = "garbage", description = "Heap bytes an event: appends, reads by view, following.")
    static final class Program extends FigureProgram {
        @Option(names = "--events", description = "events of each round", defaultValue = "10000000", paramLabel = "N")
        private int events;

        @Option(names = "--entities", description = "entities", defaultValue = "10000", paramLabel = "N")
        private int entities;

        @Override
        void run(Path folder, Figures figures) {
            try (Scratch scratch = Scratch.createIn(folder)) {
                figures.describe("events=" + events + ", entities=" + entities + ", " + Machine.describe(folder));
                new Garbage(events, entities).run(scratch.path("journal"), figures);
            }
        }
    }

    private void run(Path journal, Figures figures) {
        try (EventStore store = EventStore.open(journal)) {
            Appender appender = store.appender();
            for (int i = 0; i < names.length; i++) {
                Payment.append(appender, names[i], -1, 0);
            }
            Path headsFile = journal.resolve("index").resolve("heads.dbk");
            do {
                append(appender);
            } while (!Files.exists(headsFile));
            read(store);
            follow(store);
            long before = allocated();
            append(appender);
            figures.print("append through the Appender", (double) (allocated() - before) / events, "B/event", GOAL);
            before = allocated();
            long read = read(store);
            figures.print("read by view", (double) (allocated() - before) / read, "B/event", GOAL);
            before = allocated();
            long followed = follow(store);
            figures.print("follow in one's own duty cycle", (double) (allocated() - before) / followed, "B/event", GOAL);
            figures.print("append, and follow with a name as it comes", live(store, appender), "B/event", GOAL);
        }
    }

    private void append(Appender appender) {
        for (int i = 0; i < events; i++) {
            int entity = random.nextInt(names.length);
            Payment.append(appender, names[entity], versions[entity]++, i);
        }
    }

    private static long read(EventStore store) {
        long read = 0;
        long sum = 0;
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                sum += Payment.number(cursor.event());
                read++;
            }
        }
        check(sum, read);
        return read;
    }

    private static long follow(EventStore store) {
        long[] sum = new long[2];
        try (Poller poller = store.poller(Follow.from(StartFrom.beginning()), event -> {
            sum[0] += Payment.number(event);
            sum[1]++;
        })) {
            while (poller.lagEvents() > 0) {
                poller.poll(256);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        check(sum[0], sum[1]);
        return sum[1];
    }

    /** A name saves its checkpoint after every commit. */
    private double live(EventStore store, Appender appender) {
        long[] seen = new long[1];
        try (Poller poller = store.poller(Follow.from(StartFrom.now()).named("garbage"), event -> seen[0]++)) {
            long before = 0;
            for (int i = -WARM_EVENTS; i < events; i++) {
                if (i == 0) {
                    before = allocated();
                }
                int entity = random.nextInt(names.length);
                Payment.append(appender, names[entity], versions[entity]++, i);
                poller.poll(256);
            }
            long bytes = allocated() - before;
            if (seen[0] != (long) WARM_EVENTS + events) {
                throw new IllegalStateException("Not every event was seen: seen=" + seen[0]);
            }
            return (double) bytes / events;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(long sum, long events) {
        if (sum < events) {
            throw new IllegalStateException("The numbers do not add up: sum=" + sum + " events=" + events);
        }
    }

    private long allocated() {
        long bytes = 0;
        for (long thread : threads.getAllThreadIds()) {
            bytes += Math.max(0, threads.getThreadAllocatedBytes(thread));
        }
        return bytes;
    }
}
