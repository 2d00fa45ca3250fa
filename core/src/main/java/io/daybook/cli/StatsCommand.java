package io.daybook.cli;

import io.daybook.EventStore;
import io.daybook.StoreSettings;
import io.daybook.StoreStats;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the journal's numbers. Works beside the process that owns it. */
@Command(name = "stats", header = "Print the journal's numbers.")
final class StatsCommand extends Task {

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    StatsCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() {
        mustExist(journal);
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            // What a store counts since it was opened is left out: this one was opened a moment ago.
            StoreStats stats = store.stats();
            print(new Facts().with("identity", store.id().identity().toString()).with("epoch", store.id().epoch())
                .with("events", stats.endPosition()).with("endPosition", stats.endPosition())
                .with("durablePosition", stats.durablePosition()).with("entities", stats.entities())
                .with("cycleFiles", stats.cycleFiles()).with("journalBytes", stats.journalBytes()));
        }
        return WELL;
    }
}
