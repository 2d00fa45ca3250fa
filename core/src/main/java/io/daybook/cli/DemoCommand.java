package io.daybook.cli;

import io.daybook.EventStore;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows on real input what the store does, and checks it. */
@Command(name = "demo", header = "Show on a real history what the store does, and check it.", description = {
    "Appends the history of a git repository, every path an entity, every commit atomic with expected versions; shows what was "
        + "done; folds the events and compares the trees that come out with git's own. Then appends transfers between accounts and "
        + "checks that the books balance. At the end a subscription in this process and one in a second process catch up and follow. "
        + "Played again on the same journal it appends only what is not there yet, and new ticks.", "",
    "A path that cannot be the name of an entity (over 512 bytes, with control characters, not UTF-8, or beginning with %%) is "
        + "escaped: %%, then the path with such bytes and every %% as %%XX, and if that is too long its beginning, %%~ and its "
        + "SHA-256."})
final class DemoCommand extends Task {

    /** Where a temporary journal may stand, the first that will do. */
    private static final List<String> PLACES = List.of(System.getProperty("java.io.tmpdir"), System.getProperty("user.dir"),
        System.getProperty("user.home"), "/dev/shm");

    @ArgGroup(exclusive = true)
    private Source source = new Source();

    @Option(names = "--journal", paramLabel = "DIR", description = "Folder of the journal. Default: a temporary one, deleted at the end.")
    private Path journal;

    @Option(names = "--transfers", defaultValue = "1000000", paramLabel = "N",
        description = "Number of transfers in the second act. Default: a million.")
    private long transfers;

    @Option(names = "--ticks", defaultValue = "1000", paramLabel = "N",
        description = "Number of events that the last act appends, a millisecond apart, for those who follow; 0: no last act. Default: "
            + "a thousand.")
    private long ticks;

    private boolean told;

    /** Where the history comes from. */
    private static final class Source {

        @Option(names = "--git", paramLabel = "DIR", description = "A git repository. Default: the one that this folder is in.")
        private Path git;

        @ArgGroup(exclusive = false)
        private SourceFiles files;
    }

    /** A history from files; one is of no use without the other. */
    private static final class SourceFiles {

        @Option(names = "--events", required = true, paramLabel = "FILE",
            description = "A history as TSV, packed by gzip or not, with the columns commit_no, epoch_s, entity_path, "
                + "expected_version, status, old_mode, old_blob, new_mode, new_blob.")
        private Path events;

        @Option(names = "--oracle", required = true, paramLabel = "FILE",
            description = "The trees that it must lead to, with the columns commit_no, entity_path, mode, blob.")
        private Path oracle;
    }

    DemoCommand(Streams streams) {
        super(streams);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        notNegative("--transfers", transfers);
        notNegative("--ticks", ticks);
        return journal == null ? playSomewhere() : play(journal);
    }

    /** A container's own file system is none for a journal, so the folder for temporary files may be refused. */
    private int playSomewhere() throws IOException, InterruptedException {
        UnsupportedFormatException refused = null;
        for (String place : PLACES) {
            if (!Files.isWritable(Path.of(place))) continue;
            try (TemporaryFolder folder = TemporaryFolder.in(Path.of(place))) {
                return play(folder.path());
            } catch (UnsupportedFormatException e) {
                if (refused == null) refused = e;
            }
        }
        throw refused == null ? new Failure("There is no place for a journal, name one with --journal: tried=" + PLACES) : refused;
    }

    private int play(Path folder) throws IOException, InterruptedException {
        Narrator narrator = new Narrator(streams, json());
        EventClock clock = new EventClock();
        try (History history = history(); EventStore store = EventStore.open(folder, StoreSettings.create().clock(clock))) {
            boolean well = history == null || new HistoryAct(store, clock, narrator, history).play();
            clock.release();
            if (transfers > 0) well &= new TransfersAct(store, narrator, transfers).play();
            if (ticks > 0) well &= new FollowingAct(store, folder, narrator, ticks).play();
            return well ? WELL : FOUND_WRONG;
        }
    }

    /** The history of the first act, or null if there is none here. */
    private History history() throws IOException {
        if (source.files != null) return EventsFile.open(source.files.events, source.files.oracle);
        Path folder = source.git == null ? Path.of("") : source.git;
        Git git = new Git(folder);
        String problem = git.problem();
        if (problem == null) return GitHistory.open(git, folder);
        if (source.git != null) throw new Failure("There is no history to read: folder=" + folder + " problem=" + problem);
        if (!told) streams.say("There is no git history here, so the first act is left out (--git names a repository): problem=" + problem);
        told = true;
        return null;
    }
}
