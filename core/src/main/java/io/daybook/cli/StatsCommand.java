package io.daybook.cli;

import io.daybook.EventStore;
import io.daybook.StoreSettings;
import io.daybook.StoreStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the journal's numbers, once or again and again. Works beside the process that owns it. */
@Command(name = "stats", header = "Print the journal's numbers.")
final class StatsCommand extends Task {

    private static final double NS = 1e9;
    private static final String ROW = "%16s %14s %16s %12s %8s %18s";

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    @Option(names = "--watch", arity = "0..1", fallbackValue = "1", paramLabel = "SECONDS",
        description = "Print a line every so many seconds (1), until it is stopped.")
    private Double watch;

    @Option(names = "--limit", paramLabel = "N", description = "With --watch: end after so many lines.")
    private Long limit;

    StatsCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws InterruptedException {
        notNegative("--limit", limit);
        if (limit != null && watch == null) throw misuse("--limit needs --watch");
        if (watch != null && !(watch > 0 && watch <= Duration.ofDays(1).toSeconds())) {
            throw misuse("The value of --watch is not above 0 and at most a day: value=" + watch);
        }
        mustExist(journal);
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            if (watch == null) {
                print(facts(store));
            } else {
                watch(store);
            }
        }
        return WELL;
    }

    /** What a store counts since it was opened is left out: this one was opened a moment ago. */
    private static Facts facts(EventStore store) {
        StoreStats stats = store.stats();
        return new Facts().with("identity", store.id().identity().toString()).with("epoch", store.id().epoch())
            .with("events", stats.endPosition()).with("endPosition", stats.endPosition())
            .with("durablePosition", stats.durablePosition()).with("entities", stats.entities())
            .with("cycleFiles", stats.cycleFiles()).with("journalBytes", stats.journalBytes());
    }

    /** Ends too when nobody reads any more. */
    private void watch(EventStore store) throws InterruptedException {
        if (!json()) {
            streams.out().println(String.format(ROW, "events", "events/s", "not durable", "entities", "files", "bytes"));
        }
        long left = limit == null ? Long.MAX_VALUE : limit;
        long before = store.endPosition();
        long beforeNs = System.nanoTime();
        while (left-- > 0 && !streams.out().checkError()) {
            Thread.sleep((long) (watch * 1000));
            StoreStats stats = store.stats();
            long nowNs = System.nanoTime();
            long perSecond = Math.round((stats.endPosition() - before) * NS / Math.max(1, nowNs - beforeNs));
            if (json()) {
                print(facts(store).with("eventsPerSecond", perSecond));
            } else {
                streams.out().println(row(stats, perSecond));
            }
            before = stats.endPosition();
            beforeNs = nowNs;
        }
    }

    private static String row(StoreStats stats, long perSecond) {
        return String.format(ROW, shown(stats.endPosition()), shown(perSecond), shown(stats.endPosition() - stats.durablePosition()),
            shown(stats.entities()), shown(stats.cycleFiles()), shown(stats.journalBytes()));
    }

    private static String shown(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
