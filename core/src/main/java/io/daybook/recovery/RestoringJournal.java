package io.daybook.recovery;

import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.NoSpaceException;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import io.daybook.append.RestorePath;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.host.Uninterrupted;
import io.daybook.journal.EpochFile;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.read.Reads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/**
 * A journal that is put together from commits which were written elsewhere. Until it is complete its settings stand in a file of another
 * name, so that the folder is no journal to anybody else; what a kill or a power cut left is recovered as that of any journal, and the
 * restore goes on there. One thread. Internal: not part of the API.
 */
public final class RestoringJournal implements AutoCloseable {

    private final JournalFolder folder;
    private final StoreSettings settings;
    private final OwnedJournal journal;
    private final RestorePath path;
    private List<EpochFile.Epoch> epochs;

    private RestoringJournal(JournalFolder folder, StoreSettings settings, OwnedJournal journal) {
        this.folder = folder;
        this.settings = settings;
        this.journal = journal;
        path = journal.writeSide().path().restorePath();
    }

    /** Begins, or goes on with what was begun in this folder. */
    public static RestoringJournal open(Path root, UUID identity, StoreSettings settings) throws IOException {
        JournalFolder folder = new JournalFolder(root, true);
        requireNoJournal(folder);
        JournalCreation.prepare(folder, settings);
        Ownership ownership = Ownership.take(folder);
        try {
            requireNoJournal(folder);
            if (!Files.exists(folder.journalFile())) {
                JournalCreation.create(folder, settings, identity);
            }
        } finally {
            ownership.close();
        }
        OwnedJournal journal = OwnedJournal.open(folder, settings, null);
        try {
            requireSame(folder, journal.id().identity(), identity);
            RestoringJournal restoring = new RestoringJournal(folder, settings, journal);
            restoring.dropEpochsWithoutEvents();
            return restoring;
        } catch (Throwable e) {
            journal.close();
            throw e;
        }
    }

    private static void requireNoJournal(JournalFolder folder) {
        if (Files.exists(new JournalFolder(folder.root()).journalFile())) {
            throw new UnsupportedFormatException("The folder holds a journal, and a restore makes a new one: folder=" + folder.root());
        }
    }

    private static void requireSame(JournalFolder folder, UUID begun, UUID asked) {
        if (!begun.equals(asked)) {
            throw new UnsupportedFormatException("The restore of another journal was begun in the folder: folder=" + folder.root()
                    + " identity=" + begun + " asked=" + asked);
        }
    }

    /** What the creation, recovery, or an end cut short has begun is none of the epochs that events were written in. */
    private void dropEpochsWithoutEvents() throws IOException {
        long end = endPosition();
        List<EpochFile.Epoch> begun = EpochFile.read(folder);
        epochs = begun.stream().filter(epoch -> epoch.startPosition() < end).toList();
        if (!epochs.isEmpty() && epochs.size() < begun.size()) {
            EpochFile.write(folder, epochs); // or it would seem to have the events that come next
        }
    }

    /** The position that the next event gets. */
    public long endPosition() {
        return journal.catchUp();
    }

    /** Reads what is there. */
    public Reads reads() {
        return journal.reads();
    }

    /** Time of the newest commit. */
    public long endTimeNs() {
        return journal.index().endTimeNs();
    }

    /** Epoch of the newest commit; 0 if there is none. */
    public int endEpoch() {
        return epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).number();
    }

    /** Appends a commit, whose time and epoch must not be below those of the newest. */
    public void append(Commit commit, long timeNs, int epoch) throws IOException {
        if (epoch == endEpoch()) {
            path.append(commit, timeNs, epoch);
            return;
        }
        List<EpochFile.Epoch> before = epochs;
        // Before the commit: one whose epoch is not in the list is damage, an epoch without a commit is left out at the next open.
        write(EpochFile.with(epochs, new EpochFile.Epoch(epoch, endPosition(), timeNs)));
        try {
            path.append(commit, timeNs, epoch);
        } catch (ConflictException | IllegalArgumentException | NoSpaceException e) {
            // Nothing was written. After another fault nobody knows: then the epoch stays, and the next open sees what is there.
            if (before.isEmpty()) {
                epochs = before; // which no file can say; the next commit writes its own
            } else {
                write(before);
            }
            throw e;
        }
    }

    private void write(List<EpochFile.Epoch> list) throws IOException {
        Uninterrupted.call(() -> {
            EpochFile.write(folder, list);
            return null;
        });
        epochs = list;
    }

    /** Forces everything, begins this epoch, and makes the folder a journal. Closes it. */
    public void complete(int epoch) throws IOException {
        if (epoch <= endEpoch() || epoch > CommitDescriptor.MAX_EPOCH) {
            throw new IllegalArgumentException("The epoch does not follow those of the events, or is more than a journal can have: epoch="
                    + epoch + " newest=" + endEpoch());
        }
        long end = endPosition();
        journal.writeSide().path().force(end, Long.MAX_VALUE);
        journal.close();
        Ownership ownership = Ownership.take(folder);
        try {
            JournalFile.read(folder, settings); // or another restore was quicker
            EpochFile.write(folder, EpochFile.with(epochs, new EpochFile.Epoch(epoch, end, settings.clock().wallNs())));
            Files.move(folder.journalFile(), new JournalFolder(folder.root()).journalFile(), StandardCopyOption.ATOMIC_MOVE);
            JournalFolder.force(folder.root());
        } finally {
            ownership.close();
        }
    }

    /** Lets go of it; what is there stays, to be gone on with. */
    @Override
    public void close() throws IOException {
        journal.close();
    }
}
