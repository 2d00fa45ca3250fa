package io.daybook.cli;

import io.daybook.EventStore;
import io.daybook.Follow;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The second process of the demo: prints a line when it has caught up, and one when it saw the last tick. Lives until its input ends, so
 * it does not outlive who started it.
 */
@Command(name = "demo-follower", hidden = true, header = "Follow the ticks of a demo.")
final class FollowerCommand extends Task {

    @Option(names = "--journal", required = true, paramLabel = "DIR", description = "Folder of the journal.")
    private Path journal;

    @Option(names = "--run", required = true, paramLabel = "ID", description = "Whose ticks count.")
    private String run;

    FollowerCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        mustExist(journal);
        Ticks[] self = new Ticks[1];
        self[0] = new Ticks(run, () -> print(self[0].arrival()), cause -> print(new Facts().with("failure", cause.toString())));
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            store.subscribe(Follow.from(StartFrom.beginning()), self[0]);
            self[0].caughtUp.await();
            print(self[0].catchUp());
            while (streams.in().read() >= 0) {
                continue;
            }
        }
        return WELL;
    }
}
