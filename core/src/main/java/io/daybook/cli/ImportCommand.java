package io.daybook.cli;

import io.daybook.EventStore;
import io.daybook.StoreClock;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports rows as events. */
@Command(name = "import", header = "Import the rows of a CSV, TSV or NDJSON file, packed by gzip or not.", description = {
    "Each row becomes one event with the row as its payload. TSV has no quotes: its fields are taken as they are.", "",
    "An import that was stopped or killed is simply run again with the same columns: rows that are in the journal are passed "
        + "over, and nothing is doubled. An input is known again by its columns and its first row, from a file or from stdin "
        + "alike. Up to the last row that is in the journal it must be the same; behind it, it may have been mended or have "
        + "grown. If it is not the same, nothing is written: an input that only begins like another one gets a name of its own "
        + "by --source."})
final class ImportCommand extends Task {

    /** What happens at a conflict. */
    enum OnConflict { STOP, SKIP }

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal; made if it is not there.")
    private Path journal;

    @Option(names = "--entity", required = true, paramLabel = "COLUMN",
        description = "Column (NDJSON: top-level field) with the entity of the event.")
    private String entity;

    @Option(names = "--type", paramLabel = "COLUMN",
        description = "Column with the type of the event. Default: all are of the type Imported.")
    private String type;

    @Option(names = "--commit", paramLabel = "COLUMN",
        description = "Column whose value consecutive rows share that are one atomic commit. Default: every row is a commit.")
    private String commit;

    @Option(names = "--time", paramLabel = "COLUMN",
        description = "Column with the time: seconds since 1970, also fractions, or RFC 3339. A commit has the time of its newest "
            + "row. What is earlier than the event before it is raised to that one's time, and counted. Default: the time of the "
            + "import.")
    private String time;

    @Option(names = "--id", paramLabel = "COLUMN",
        description = "Column with the id of the event: a UUID, or a text from which one is made. Default: made from the source "
            + "and the row.")
    private String id;

    @Option(names = "--expected-count", paramLabel = "COLUMN",
        description = "Column that tells how many events the entity has before this row: 0 for none. Anything else is a conflict.")
    private String expectedCount;

    @Option(names = "--on-conflict", defaultValue = "stop", paramLabel = "stop|skip",
        description = "At a conflict stop, or pass over the commit and count it. Default: stop.")
    private OnConflict onConflict;

    @Option(names = "--format", paramLabel = "csv|tsv|ndjson", description = "Default: by the name of the file, else by its content.")
    private Format format;

    @Option(names = "--source", paramLabel = "NAME", description = "Name by which the input is known again. Default: by its first row.")
    private String source;

    @Parameters(paramLabel = "FILE|-", description = "The file; -: stdin.")
    private String file;

    ImportCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException {
        Columns columns = new Columns().with(Role.ENTITY, entity).with(Role.TYPE, type).with(Role.COMMIT, commit)
            .with(Role.TIME, time).with(Role.ID, id).with(Role.EXPECTED_COUNT, expectedCount);
        try (InputFile input = InputFile.open(file, streams.in())) {
            Rows rows = rows(input, columns);
            Row first = rows.next();
            if (first == null) {
                print(new Facts().with("complete", true).with("rows", 0L).with("commits", 0L).with("events", 0L));
                return WELL;
            }
            run(input, columns, first, rows);
        }
        return WELL;
    }

    private Rows rows(InputFile input, Columns columns) throws IOException {
        Format actual = input.format(format);
        if (actual == Format.NDJSON) return new NdjsonRows(input.content(), columns);
        try {
            return DelimitedRows.of(DelimitedReader.open(input.content(), actual), columns);
        } catch (NoSuchElementException e) {
            throw misuse(e.getMessage());
        }
    }

    private void run(InputFile input, Columns columns, Row first, Rows rest) throws IOException {
        EventClock clock = new EventClock();
        StoreSettings settings = StoreSettings.create().clock(columns.has(Role.TIME) ? clock : StoreClock.system());
        try (EventStore store = EventStore.open(journal, settings)) {
            Importer importer = new Importer(store, clock, columns, Lineage.of(columns, source, first), onConflict == OnConflict.SKIP);
            boolean complete = false;
            try (Bar bar = Bar.show(streams, "Importing", input.size(), Bar.Unit.KIB)) {
                importer.run(first, rest, () -> bar.stepTo(input.bytesRead()));
                complete = true;
            } finally {
                // What was imported before a malformed row or a conflict is in the journal, and is told.
                print(new Facts().with("complete", complete).with(importer.facts()));
            }
        }
    }
}
