package io.daybook.kafka.cli;

import io.daybook.StoreSettings;
import io.daybook.kafka.BridgeSettings;
import io.daybook.kafka.KafkaBridge;
import io.daybook.kafka.Restoration;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a journal anew from its mirror. */
@Command(name = "restore", header = "Make the journal anew from its mirror, event for event, in a new epoch.", description = {
    "The folder must be missing, empty, or what an earlier restore of the same journal left: one that was stopped or killed is simply run "
        + "again and goes on where it was. Until its end the folder is no journal to any other command.", "",
    "The topic does not tell the largest payload that the journal took: --max-payload-bytes."})
final class RestoreCommand extends Task {

    @Option(names = "--max-payload-bytes", paramLabel = "N", defaultValue = "1048576",
        description = "The largest payload that the journal takes, for ever (${DEFAULT-VALUE}).")
    private int maxPayloadBytes;

    @Option(names = "--to", paramLabel = "POSITION", description = "Restore the events before this position only, where a commit begins:"
        + " what is whole of a mirror that lacks an event, or was being mended.")
    private Long to;

    private final PrintStream err;

    RestoreCommand(PrintStream out, PrintStream err) {
        super(out);
        this.err = err;
    }

    private StoreSettings storeSettings() {
        try {
            return StoreSettings.create().maxPayloadBytes(maxPayloadBytes);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    private BridgeSettings toSettings() throws IOException {
        try {
            return to == null ? settings() : settings().restoreTo(to);
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
    }

    @Override
    public Integer call() throws IOException {
        long beganNs = System.nanoTime();
        Restoration made;
        try (Bar bar = new Bar(err)) {
            made = KafkaBridge.restore(journal(), storeSettings(), toSettings(), bar::stepTo);
        }
        long tookNs = Math.max(1, System.nanoTime() - beganNs);
        out.println("The journal is restored: events=" + made.events() + " alreadyThere=" + made.resumed() + " identity="
            + made.id().identity() + " epoch=" + made.id().epoch() + " tookMs=" + tookNs / 1_000_000 + " eventsPerSecond="
            + Math.round((made.events() - made.resumed()) * 1e9 / tookNs));
        if (!made.mirrored()) {
            out.println("Whether its mirror had more is not known, for the topic that tells how far it was holds nothing. Events of routes"
                + " that were not told (--route) are not in it.");
        }
        if (to != null) {
            out.println("No more was asked for than the events before position=" + to + ". If its mirror has more it needs other topics.");
        }
        return WELL;
    }
}
