package io.daybook;

import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.DerivedId;
import io.daybook.host.Uninterrupted;
import io.daybook.recovery.RestoringJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Puts a journal together anew from its events, as something else has kept them: a mirror, an archive. The restored journal has the
 * identity of the first one and every event as it was: position, entity, version, type, id, time, schema version, metadata, payload,
 * commit and epoch. It begins a new epoch where they end, because positions behind them may have been given out before.
 *
 * <p>Commits are appended in their order; {@link #complete} makes the folder a journal. Before that nothing else opens it, and a restore
 * that was closed or killed in between, also by a power cut, goes on at {@link #endPosition} when it is opened again.
 *
 * <p>Not promised: that the files are the same, byte for byte, as the first journal's; that checkpoints of subscriptions are there.
 * Whether the first journal is in use somewhere is not known here: never append to both. One thread.
 */
public final class JournalRestore implements AutoCloseable {

    private final RestoringJournal journal;
    private final UUID identity;
    private final DerivedId derived;

    private JournalRestore(RestoringJournal journal, UUID identity) {
        this.journal = journal;
        this.identity = identity;
        derived = new DerivedId(identity);
    }

    /**
     * Begins in a folder that is missing or empty, or goes on with what was begun there.
     *
     * @param identity of the journal
     * @throws UnsupportedFormatException if the folder holds something else: a journal, the begun restore of another one, or one with other
     *                                    fixed settings
     * @throws JournalInUseException      if another restore is at work in it
     * @throws JournalDamagedException    if events that were on the device are not there
     * @throws NoSpaceException           if the disk has no room for an index
     * @throws MissingJvmFlagsException   if the JVM lacks flags
     * @throws UncheckedIOException       if the folder cannot be made, read or written
     */
    public static JournalRestore open(Path folder, UUID identity, StoreSettings settings) {
        Objects.requireNonNull(identity, "identity");
        StoreSettings concluded = settings.conclude();
        try {
            return new JournalRestore(Uninterrupted.call(() -> RestoringJournal.open(folder, identity, concluded)), identity);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal cannot be restored: folder=" + folder, e);
        }
    }

    /** The position that the next event must have; also the number of events that are there. */
    public long endPosition() {
        return journal.endPosition();
    }

    /** Reads what is there, in the order of positions. */
    public Cursor readAll(StartFrom from) {
        Objects.requireNonNull(from, "from");
        return journal.reads().journal(from, Filter.all(), ReadRange.all(), endPosition());
    }

    /**
     * Appends a commit. It is on the device at the latest when {@link #complete} has returned.
     *
     * @param commit all its events, in their order
     * @param epoch  in which it was written
     * @throws IllegalArgumentException if it does not follow on what is there, or cannot be a commit of a journal; nothing was written
     * @throws NoSpaceException         if the disk has no room
     * @throws DaybookException         if a fault below could not be settled; open it again to go on
     */
    public void append(List<RecordedEvent> commit, int epoch) {
        requireFollows(commit, epoch);
        Commit made = Commit.create();
        Map<String, Long> versions = new HashMap<>();
        for (RecordedEvent event : commit) {
            Long before = versions.put(event.entity(), event.version());
            if (before == null) {
                made.expect(event.entity(), event.version() == 0 ? Expected.absent() : Expected.exactly(event.version() - 1));
            } else if (event.version() != before + 1) {
                throw refusal("Versions are not dense", event, "version=" + event.version() + " expected=" + (before + 1));
            }
            made.append(event.entity(), new NewEvent(isDerived(event, epoch) ? null : event.id(), event.type(), event.schemaVersion(),
                    event.metadata(), event.payload()));
        }
        try {
            journal.append(made, commit.get(0).timeNs(), epoch);
        } catch (ConflictException e) {
            throw refusal("Versions are not dense", commit.get(0), "conflicting=" + e.entity() + " expected=" + e.expected() + " actual="
                    + e.actual());
        } catch (IOException e) {
            throw new UncheckedIOException("The epoch cannot be written: epoch=" + epoch, e);
        }
    }

    /** Then it is not stored, as it was not at first. */
    private boolean isDerived(RecordedEvent event, int epoch) {
        return event.id().getMostSignificantBits() == derived.high(event.position())
                && event.id().getLeastSignificantBits() == derived.low(epoch);
    }

    private void requireFollows(List<RecordedEvent> commit, int epoch) {
        if (commit.isEmpty()) {
            throw new IllegalArgumentException("A commit needs an event");
        }
        long first = endPosition();
        RecordedEvent begin = commit.get(0);
        for (int i = 0; i < commit.size(); i++) {
            RecordedEvent event = commit.get(i);
            if (event.position() != first + i || event.commitPosition() != first || event.commitSize() != commit.size()) {
                throw refusal("The event is not the next one of the journal, in a whole commit", event, "expected=" + (first + i)
                        + " commitPosition=" + event.commitPosition() + " commitSize=" + event.commitSize() + " events=" + commit.size());
            }
            if (event.timeNs() != begin.timeNs()) {
                throw refusal("The events of a commit have several times", event, "timeNs=" + event.timeNs() + " first=" + begin.timeNs());
            }
            if (event.version() < 0) {
                throw refusal("A version is 0 or more", event, "version=" + event.version());
            }
        }
        if (first > 0 && begin.timeNs() < journal.endTimeNs()) {
            throw refusal("The time goes back", begin, "timeNs=" + begin.timeNs() + " before=" + journal.endTimeNs());
        }
        if (epoch < Math.max(1, journal.endEpoch()) || epoch > CommitDescriptor.MAX_EPOCH) {
            throw refusal("The epoch goes back, or is none", begin, "epoch=" + epoch + " before=" + journal.endEpoch());
        }
    }

    private static IllegalArgumentException refusal(String what, RecordedEvent event, String facts) {
        return new IllegalArgumentException(what + ": position=" + event.position() + " entity=" + event.entity() + " " + facts);
    }

    /**
     * Forces everything to the device, begins an epoch behind the newest event, and makes the folder a journal, which it is when this
     * returns. Closes the restore.
     *
     * @param epoch above that of every event, and every one that the journal is known to have had
     * @throws IllegalArgumentException if it is not, or is more than a journal can have
     * @throws DurabilityException      if the device failed
     * @throws UncheckedIOException     if the last files could not be written: open it again to go on
     */
    public JournalId complete(int epoch) {
        uninterrupted(() -> journal.complete(epoch), "The journal is restored but for its last files; open the restore again");
        return new JournalId(identity, epoch);
    }

    /** Leaves what is not complete for later. A second call does nothing. */
    @Override
    public void close() {
        uninterrupted(journal::close, "The restore was not closed cleanly; the next open recovers it");
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void uninterrupted(Work work, String problem) {
        boolean interrupted = Thread.interrupted(); // would close the channels
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(problem, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
