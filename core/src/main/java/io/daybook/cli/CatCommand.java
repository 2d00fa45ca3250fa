package io.daybook.cli;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints events. Works beside the process that owns the journal. */
@Command(name = "cat", header = "Print events: of one entity, or of the whole journal.")
final class CatCommand extends Task {

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

    @Option(names = "--category", paramLabel = "C", description = "Only events of this category; may be given again: any of them.")
    private List<String> categories = List.of();

    @Option(names = "--type", paramLabel = "T", description = "Only events of this type; may be given again: any of them.")
    private List<String> types = List.of();

    @Option(names = "--backwards", description = "Newest first.")
    private boolean backwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events.")
    private Long limit;

    CatCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException {
        notNegative("--from-version", fromVersion);
        notNegative("--from", from);
        notNegative("--to", to);
        notNegative("--limit", limit);
        if (fromVersion != null && entity == null) throw misuse("--from-version needs --entity: versions count within an entity");
        mustExist(journal);
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create()); Cursor cursor = open(store);
             EventPrinter printer = EventPrinter.on(streams.out(), json())) {
            print(cursor, printer);
        }
        return WELL;
    }

    private Cursor open(EventStore store) {
        ReadRange range = ReadRange.all();
        if (to != null) range = range.toPosition(to);
        if (backwards) range = range.reversed();
        if (entity == null) {
            StartFrom start = from == null || from == 0 ? StartFrom.beginning() : StartFrom.after(from - 1);
            return store.readAll(start, filter(), limit == null ? range : range.limit(limit));
        }
        if (fromVersion != null) range = range.from(fromVersion);
        try {
            return store.read(entity, range);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    /** A read of one entity knows neither a first position nor a filter nor, because of both, the limit: these are looked at here. */
    private void print(Cursor cursor, EventPrinter printer) throws IOException {
        Filter filter = filter();
        long left = limit == null ? Long.MAX_VALUE : limit;
        while (left > 0 && !printer.unheard() && cursor.next()) {
            EventView event = cursor.event();
            if (entity != null && from != null && event.position() < from) {
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
