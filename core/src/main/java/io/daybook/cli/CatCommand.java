package io.daybook.cli;

import io.daybook.Cursor;
import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.Poller;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints events. Works beside the process that owns the journal. */
@Command(name = "cat", header = "Print events: of one entity, or of the whole journal.")
final class CatCommand extends Task {

    private static final int EVENTS_A_POLL = 256;

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    @Option(names = "--entity", paramLabel = "ID", description = "Only events of this entity.")
    private String entity;

    @Option(names = "--from-version", paramLabel = "N", description = "From this version of the entity on; needs --entity.")
    private Long fromVersion;

    @Option(names = "--from", paramLabel = "POSITION", description = "From this position on.")
    private Long from;

    @Option(names = "--to", paramLabel = "POSITION", description = "Up to and including this position.")
    private Long to;

    @Option(names = "--to-version", paramLabel = "N", description = "As of this version of the entity; needs --entity.")
    private Long toVersion;

    @Option(names = "--from-time", paramLabel = "TIME", description = "From this time on: RFC 3339, or seconds since 1970.")
    private String fromTime;

    @Option(names = "--to-time", paramLabel = "TIME", description = "As of this time: up to and including it.")
    private String toTime;

    @Option(names = "--category", paramLabel = "C", description = "Only events of this category; may be given again: any of them.")
    private List<String> categories = List.of();

    @Option(names = "--type", paramLabel = "T", description = "Only events of this type; may be given again: any of them.")
    private List<String> types = List.of();

    @Option(names = "--backwards", description = "Newest first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events.")
    private Long limit;

    @Option(names = "--follow", description = "Go on with what is appended, by whatever process, until interrupted or --limit is reached.")
    private boolean follow;

    CatCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws Exception {
        notNegative("--from-version", fromVersion);
        notNegative("--from", from);
        notNegative("--to", to);
        notNegative("--limit", limit);
        notNegative("--to-version", toVersion);
        if ((fromVersion != null || toVersion != null) && entity == null) {
            throw misuse("--from-version and --to-version need --entity: versions count within an entity");
        }
        if (from != null && fromTime != null) throw misuse("--from and --from-time are two beginnings");
        if (follow && (backwards || to != null || toVersion != null || toTime != null)) {
            throw misuse("--follow goes on for ever: --backwards, --to, --to-version and --to-time have no place with it");
        }
        time("--from-time", fromTime);
        mustExist(journal);
        if (follow) {
            follow();
            return WELL;
        }
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create()); Cursor cursor = open(store);
             EventPrinter printer = EventPrinter.on(streams.out(), json())) {
            print(cursor, printer);
        }
        return WELL;
    }

    private Cursor open(EventStore store) {
        ReadRange range = ReadRange.all();
        if (to != null) range = range.toPosition(to);
        if (toTime != null) range = range.toTime(time("--to-time", toTime));
        if (backwards) range = range.reversed();
        if (entity == null) {
            return store.readAll(start(), filter(), limit == null ? range : range.limit(limit));
        }
        if (fromVersion != null) range = range.from(fromVersion);
        if (toVersion != null) range = range.to(toVersion);
        try {
            return store.read(entity, range);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    private long time(String option, String value) {
        try {
            return value == null ? Long.MIN_VALUE : Times.parseNs(value);
        } catch (IllegalArgumentException e) {
            throw misuse("The value of " + option + " is " + e.getMessage() + ": value=" + value);
        }
    }

    private StartFrom start() {
        if (fromTime != null) return StartFrom.time(time("--from-time", fromTime));
        return from == null || from == 0 ? StartFrom.beginning() : StartFrom.after(from - 1);
    }

    private void follow() throws Exception {
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create());
             EventPrinter printer = EventPrinter.on(streams.out(), json())) {
            long[] left = {limit == null ? Long.MAX_VALUE : limit};
            IdleStrategy idle = new BackoffIdleStrategy(0, 0, TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(50));
            try (Poller poller = poller(store, event -> {
                if (entity == null || event.entity().equals(entity) && (fromVersion == null || event.version() >= fromVersion)) {
                    printer.print(event.copy());
                    left[0]--;
                }
            })) {
                while (left[0] > 0) {
                    int handed = poller.poll((int) Math.min(EVENTS_A_POLL, left[0]));
                    if (!printer.show()) return;
                    idle.idle(handed);
                }
            }
        }
    }

    private Poller poller(EventStore store, EventHandler handler) {
        try {
            return store.poller(Follow.from(start()).filter(filter()), handler);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** A read of one entity knows neither a first position nor a filter nor, because of both, the limit: these are looked at here. */
    private void print(Cursor cursor, EventPrinter printer) throws IOException {
        Filter filter = filter();
        long left = limit == null ? Long.MAX_VALUE : limit;
        long fromNs = time("--from-time", fromTime);
        while (left > 0 && !printer.unheard() && cursor.next()) {
            EventView event = cursor.event();
            if (entity != null && (from != null && event.position() < from || event.timeNs() < fromNs)) {
                if (backwards) return;
                continue;
            }
            if (entity != null && !accepts(filter, event)) continue;
            printer.print(event.copy());
            left--;
        }
    }

    private boolean accepts(Filter filter, EventView event) {
        return (filter.categories().isEmpty() || filter.categories().contains(Filter.categoryOf(entity)))
            && (filter.types().isEmpty() || filter.types().contains(event.type()));
    }

    private Filter filter() {
        Filter filter = Filter.all();
        for (String category : categories) filter = filter.category(category);
        for (String type : types) filter = filter.type(type);
        return filter;
    }
}
