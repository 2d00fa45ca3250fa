package io.daybook;

import io.daybook.append.AppendPath;
import io.daybook.append.WriteSide;
import io.daybook.host.Uninterrupted;
import io.daybook.index.EntityHash;
import io.daybook.index.EntityIndex;
import io.daybook.journal.JournalFolder;
import io.daybook.read.EndlessCursor;
import io.daybook.recovery.OpenJournal;
import io.daybook.recovery.OwnedJournal;
import io.daybook.recovery.ReadingJournal;
import io.daybook.subscribe.Checkpoint;
import io.daybook.subscribe.Follower;
import io.daybook.subscribe.Followers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * An event store in a folder: one journal, which is the only truth, and an index of its entities. Thread-safe.
 *
 * <p>One store owns the journal and writes; it may be used by any number of threads, also virtual ones. Others, in any process, may read
 * it meanwhile ({@link #openReadOnly}). When {@code append} or {@code commit} returns, every read of this store sees the events. When one
 * of them throws, nothing was written; the one exception is {@link DurabilityException}, which carries where the commit stands.
 *
 * <p>Once the store is closed all methods but {@link #close}, {@link #id} and {@link #recovery} throw {@link StoreClosedException}. Methods
 * that look into the journal, and the cursors that they answer, throw {@link JournalDamagedException} if bytes are not the ones that were
 * written, and those that look for an entity {@link EntityHashException} if another one has its hash.
 *
 * <p>A store that is not closed leaves the journal as a killed process would: nothing acknowledged is lost, and the next open takes a
 * little longer.
 */
public final class EventStore implements AutoCloseable {

    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(100 * 365);

    private final OpenJournal journal;
    private final Durability rung;
    private final long lowSpaceBytes;
    private final Followers followers;

    private interface Opening {
        OpenJournal open(JournalFolder folder, StoreSettings settings) throws IOException;
    }

    private EventStore(OpenJournal journal, StoreSettings settings) {
        this.journal = journal;
        rung = settings.durability();
        lowSpaceBytes = settings.lowSpaceBytes();
        followers = new Followers(settings.threadFactory(), journal.growth());
    }

    /** Opens the journal in this folder with the default settings; see {@link #open(Path, StoreSettings)}. */
    public static EventStore open(Path folder) {
        return open(folder, StoreSettings.create());
    }

    /**
     * Opens the journal in this folder for writing, and makes it if the folder is missing or empty. Recovers what a crash left.
     *
     * @throws JournalInUseException      if another store owns the journal
     * @throws JournalDamagedException    if events that were on the device are not there
     * @throws UnsupportedFormatException if the folder holds something else, a newer format, or a journal with other fixed settings
     * @throws NoSpaceException           if the disk has no room for an index that must be made
     * @throws MissingJvmFlagsException   if the JVM lacks flags
     * @throws UncheckedIOException        if the folder cannot be made, read or written
     */
    public static EventStore open(Path folder, StoreSettings settings) {
        return open(folder, settings, (EntityHash) null);
    }

    static EventStore open(Path folder, StoreSettings settings, EntityHash hash) {
        return open(folder, settings, (journal, concluded) -> OwnedJournal.open(journal, concluded, hash));
    }

    private static EventStore open(Path folder, StoreSettings settings, Opening opening) {
        StoreSettings concluded = settings.conclude();
        try {
            return new EventStore(Uninterrupted.call(() -> opening.open(new JournalFolder(folder), concluded)), concluded);
        } catch (IOException e) {
            throw new UncheckedIOException("The journal cannot be opened: folder=" + folder, e);
        }
    }

    /**
     * Opens an existing journal for reading, beside its owner or without one. Writes nothing but checkpoints of named subscriptions. Each
     * read sees what is visible when it is opened: it first catches up, one read at a time. Costs 85 to 170 bytes of memory, without a
     * bound, for every entity that changed since the heads were published that it found when it opened.
     *
     * @throws UnsupportedFormatException if the folder holds no journal, or one of another format
     * @throws JournalDamagedException    if a commit is damaged that was not read before
     */
    public static EventStore openReadOnly(Path folder, StoreSettings settings) {
        return open(folder, settings, (journal, concluded) -> ReadingJournal.open(journal, concluded, null));
    }

    /**
     * Appends events of one entity, atomically, on the rung of the settings.
     *
     * @throws ConflictException        if the entity is not as expected
     * @throws EventIdReusedException   if an id belongs to another event
     * @throws IllegalArgumentException if a name, an event or the commit is over a limit
     * @throws NoSpaceException         if the disk has no room
     * @throws StoreClosedException     if the store was closed
     * @throws IllegalStateException    if the store only reads, or the rung is {@link Durability#REPLICATED} and no bridge is running
     * @throws DurabilityException      if the commit was written but the rung not reached
     * @throws DaybookException         if a fault below could not be settled: the message says whether nothing was written, or that it is
     *                                  not known until the next open; no append is taken until then
     */
    public AppendResult append(String entity, Expected expected, NewEvent... events) {
        Objects.requireNonNull(entity, "entity");
        Objects.requireNonNull(expected, "expected");
        return path().append(entity, expected, events, rung);
    }

    /** The same on the given rung. */
    public AppendResult append(String entity, Expected expected, List<NewEvent> events, Durability onRung) {
        Objects.requireNonNull(entity, "entity");
        Objects.requireNonNull(expected, "expected");
        return path().append(entity, expected, events, Objects.requireNonNull(onRung, "onRung"));
    }

    /** Appends events of several entities, all or none, on the rung of the settings; see {@link #append(String, Expected, NewEvent...)}. */
    public AppendResult commit(Commit commit) {
        return path().append(Objects.requireNonNull(commit, "commit"), rung);
    }

    /** The same on the given rung. */
    public AppendResult commit(Commit commit, Durability onRung) {
        return path().append(Objects.requireNonNull(commit, "commit"), Objects.requireNonNull(onRung, "onRung"));
    }

    /** An appender for one thread, which makes no garbage. */
    public Appender appender() {
        return new Appender(path(), rung);
    }

    /**
     * Returns once everything up to and including this position is on the rung. Waits for a force that others began, and forces on the
     * calling thread where that is not enough, for all that wait; the timeout bounds the first, not the second.
     *
     * @return false after the timeout, or at once if the position is not written yet
     * @throws DurabilityException   if the device failed
     * @throws IllegalStateException if the store only reads, or the rung is {@link Durability#REPLICATED} and no bridge is running
     */
    public boolean awaitDurable(long position, Durability onRung, Duration timeout) {
        if (position < 0) {
            throw new IllegalArgumentException("A position is 0 or more: position=" + position);
        }
        Objects.requireNonNull(onRung, "onRung");
        Objects.requireNonNull(timeout, "timeout");
        if (onRung == Durability.REPLICATED) {
            throw withoutBridge();
        }
        AppendPath path = path();
        return position < endPosition() && (onRung == Durability.PROCESS || path.force(position + 1, nanos(timeout)));
    }

    /** Version of the newest event of an entity; -1 if it has none. */
    public long version(String entity) {
        Objects.requireNonNull(entity, "entity");
        endPosition();
        return journal.reads().version(entity);
    }

    /** The position that the next event gets; also the number of events. */
    public long endPosition() {
        requireOpen();
        return journal.catchUp();
    }

    /** Everything before this position is on the rung. */
    public long endPosition(Durability onRung) {
        requireOpen();
        return switch (onRung) {
            case PROCESS -> endPosition();
            case DISK -> journal.durablePosition();
            case REPLICATED -> throw withoutBridge();
        };
    }

    /** Reads all events of an entity, oldest first. An entity without events gives none. */
    public Cursor read(String entity) {
        return read(entity, ReadRange.all());
    }

    /** Reads events of an entity. */
    public Cursor read(String entity, ReadRange range) {
        Objects.requireNonNull(entity, "entity");
        Objects.requireNonNull(range, "range");
        endPosition();
        return journal.reads().entity(entity, range);
    }

    /** Reads the journal in the order of positions. A start past the end gives nothing. */
    public Cursor readAll(StartFrom from, Filter filter) {
        return readAll(from, filter, ReadRange.all());
    }

    /**
     * Reads a part of the journal; backwards, from the newest event down to where {@code from} says. Versions in the range are not looked
     * at.
     */
    public Cursor readAll(StartFrom from, Filter filter, ReadRange range) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(range, "range");
        long end = endPosition();
        return journal.reads().journal(from, filter, range, end);
    }

    /**
     * Follows the journal on a thread of the subscription's own: what is there first, then what is appended, by this store or, if it only
     * reads, by the journal's owner, its successors too.
     *
     * @throws IllegalArgumentException if the start lies behind the journal's end, or the name belongs to another filter
     * @throws IllegalStateException    if {@link Durability#REPLICATED} is asked for and no bridge is running
     * @throws JournalInUseException    if a subscription of this name is running, in whatever process
     * @throws EpochException           if the checkpoint is of another journal, or of events that were lost or are not there yet
     * @throws JournalDamagedException  if the checkpoint is damaged; {@link UnsupportedFormatException} if its format is a newer one
     * @throws UncheckedIOException     if the checkpoint cannot be read or written
     */
    public Subscription subscribe(Follow follow, EventHandler handler) {
        IdleStrategy idle = follow.idle() == null ? null : Objects.requireNonNull(follow.idle().get(), "idle");
        return new Subscription(followers.start(follower(follow, handler), idle));
    }

    /** The same in the caller's duty cycle, without a thread. */
    public Poller poller(Follow follow, EventHandler handler) {
        return new Poller(follower(follow, handler), followers);
    }

    private Follower follower(Follow follow, EventHandler handler) {
        Objects.requireNonNull(handler, "handler");
        if (follow.visible() == Durability.REPLICATED) {
            throw withoutBridge();
        }
        requireOpen();
        boolean interrupted = Thread.interrupted(); // would close the channels of the checkpoint
        try {
            return follow.name() == null ? new Follower(endless(follow, follow.start()), handler, null) : named(follow, handler);
        } finally {
            restore(interrupted);
        }
    }

    private Follower named(Follow follow, EventHandler handler) {
        Checkpoint checkpoint = Checkpoint.take(journal.folder(), follow.name(), follow.filter());
        try {
            EndlessCursor cursor = endless(follow, checkpoint.start(id(), endPosition(), follow.start()));
            checkpoint.begin(cursor.position());
            return new Follower(cursor, handler, checkpoint);
        } catch (Throwable e) {
            checkpoint.close();
            throw e;
        }
    }

    private EndlessCursor endless(Follow follow, StartFrom start) {
        LongSupplier bound = follow.visible() == Durability.PROCESS ? journal.visible() : journal.durable();
        LongSupplier end = follow.visible() == Durability.PROCESS ? this::endPosition : bound;
        long endNow = endPosition();
        return journal.reads().endless(start, follow.filter(), new EndlessCursor.Visible(bound, end), endNow);
    }

    /** A look at the store's numbers. Lists the folder: not for a hot path. */
    public StoreStats stats() {
        long position = endPosition();
        EntityIndex index = journal.index();
        int[] cycles = journal.folder().cycles();
        WriteSide.Counts counts = journal instanceof OwnedJournal owned ? owned.writeSide().counts() : WriteSide.Counts.NONE;
        long free = journal.folder().freeBytes();
        return new StoreStats(position, endPosition(Durability.DISK), index.entities(), counts.commits(), counts.conflicts(),
                counts.duplicates(), counts.forces(), cycles.length, journal.journalBytes(cycles), index.watermark(),
                index.headsInMemory(), index.tableBytes(), counts.longestForceNs(), free, free < lowSpaceBytes, counts.clockJumps());
    }

    /** What open found and did; a reading store has nothing to report. */
    public RecoveryReport recovery() {
        if (journal instanceof OwnedJournal owned) {
            return owned.report();
        }
        throw new IllegalStateException("A store that only reads recovers nothing");
    }

    /** Which journal this is. */
    public JournalId id() {
        return journal.id();
    }

    /** The largest payload that this journal takes, in bytes: {@link StoreSettings#maxPayloadBytes(int)} of when it was made. */
    public int maxPayloadBytes() {
        return journal.fixed().maxPayloadBytes();
    }

    /**
     * Stops all subscriptions (a handler that does not return is waited for no longer than five seconds), forces everything to the device,
     * brings the index up to date and gives the journal up. Reads that are open end with {@link StoreClosedException}. A second call does
     * nothing.
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            try {
                followers.close();
            } finally {
                journal.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The journal was not closed cleanly; the next open recovers it", e);
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private AppendPath path() {
        if (journal instanceof OwnedJournal owned) {
            requireOpen();
            return owned.writeSide().path();
        }
        throw new IllegalStateException("The store was opened for reading only");
    }

    private void requireOpen() {
        if (journal.isClosed()) {
            throw new StoreClosedException("The store was closed");
        }
    }

    private static IllegalStateException withoutBridge() {
        return new IllegalStateException("The rung REPLICATED needs the Kafka bridge, which is not running");
    }

    private static long nanos(Duration timeout) {
        return timeout.compareTo(LONGEST_TIMEOUT) > 0 ? Long.MAX_VALUE : timeout.toNanos();
    }
}
