package io.daybook.append;

import io.daybook.DaybookException;
import io.daybook.NoSpaceException;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitView;
import io.daybook.index.EntityIndex;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.Forcer;
import io.daybook.journal.JournalWriter;
import io.daybook.journal.Windows;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/**
 * The growing end of the journal and all that moves with it: position, address, time, index, window of ids. {@link #write} is the one
 * place where a commit becomes visible. Under the store's lock, unless said otherwise. Internal: not part of the API.
 */
public final class JournalEnd {

    /**
     * The parts that move together.
     *
     * @param writer  the journal
     * @param windows its files, for reading the tail again
     * @param forcer  forces it
     * @param index   of its entities
     */
    public record Parts(JournalWriter writer, Windows windows, Forcer forcer, EntityIndex index) {
    }

    private static final VarHandle POSITION;

    static {
        try {
            POSITION = MethodHandles.lookup().findVarHandle(JournalEnd.class, "position", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Parts parts;
    private final CommitClock clock;
    private final IdWindow ids;
    private final int epoch;
    private final AppendLock lock;
    private final DocumentScanner pages;
    private final Supplier<Forcer.Mark> written = this::written;
    private volatile long position;
    private long address;
    private Throwable broken;

    JournalEnd(Parts parts, CommitClock clock, IdWindow ids, int epoch, AppendLock lock) {
        this.parts = parts;
        this.clock = clock;
        this.ids = ids;
        this.epoch = epoch;
        this.lock = lock;
        pages = new DocumentScanner(parts.windows);
    }

    /** Starts at this position and this address. */
    void startAt(long firstPosition, long firstAddress) {
        position = firstPosition;
        address = firstAddress;
    }

    /** Refuses to go on after a failed force, or when what the journal holds is not known. */
    void requireWritable() {
        if (parts.forcer.failure() != null) {
            throw new DaybookException("An earlier force of the journal failed, so nothing more is written until it is opened again",
                    parts.forcer.failure());
        }
        if (broken != null) {
            throw new DaybookException("An earlier append failed below the store, so nothing more is written until it is opened again",
                    broken);
        }
    }

    /** Writes a commit whose conditions hold: visible to all when this returns, not written at all when it throws. */
    void write(PendingCommit commit) {
        write(commit, clock.nextNs(), epoch);
    }

    /** The same with the time and in the epoch that it had elsewhere. */
    void write(PendingCommit commit, long timeNs, int inEpoch) {
        long first = position;
        int events = commit.encoder().events();
        int length = commit.encoder().paddedLength();
        if (first + events > CommitDescriptor.MAX_POSITION) {
            throw new IllegalStateException("The journal has as many events as a journal can have: position=" + first);
        }
        long documentAddress = 0;
        long nextAddress = 0;
        boolean publishing = false;
        boolean misplaced = false;
        try {
            long dataAddress = parts.writer.open(length);
            documentAddress = dataAddress - Integer.BYTES;
            misplaced = isMisplaced(documentAddress);
            if (misplaced) {
                throw new IllegalStateException("Chronicle answered with a document where none may begin: address=" + documentAddress);
            }
            commit.stamp(dataAddress);
            commit.encoder().head(first, timeNs, inEpoch, parts.forcer.forcedPosition());
            commit.encoder().seal();
            parts.writer.write(commit.encoder().bytes());
            publishing = true;
            parts.writer.publish();
            nextAddress = parts.writer.nextAddress();
        } catch (Throwable e) {
            broken = misplaced ? e : broken;
            nextAddress = settle(commit, documentAddress, publishing, e);
        }
        commit.firstPosition = first;
        commit.timeNs = timeNs;
        try {
            commit.putHeads();
            parts.index.applied(first, events, timeNs, documentAddress, nextAddress);
            commit.addIds(ids);
        } catch (Throwable e) {
            broken = e; // the commit is in the journal: say so to its caller, and stop before a stale head decides a version
        }
        address = nextAddress;
        parts.forcer.visible(first + events);
        POSITION.setRelease(this, first + events); // a full fence would wait for the commit's bytes, and the lock's end does that anyway
    }

    /**
     * Not where readers look for it: in another file than was asked for, which may have its end mark already; before the end; or behind
     * something that is neither a page of Chronicle's nor an end mark, which Chronicle passes over and readers do not.
     */
    private boolean isMisplaced(long documentAddress) {
        if (documentAddress == address) {
            return !parts.writer.isWhereAsked();
        }
        pages.moveTo(address);
        return !parts.writer.isWhereAsked() || pages.next() == DocumentScanner.Step.DOCUMENT || pages.nextAddress() != documentAddress;
    }

    /** After a throwable from below: reads the tail. Answers where it goes on if the commit is there; throws if nothing was written. */
    private long settle(PendingCommit commit, long documentAddress, boolean publishing, Throwable cause) {
        try {
            if (!publishing) {
                if (!(cause instanceof RuntimeException)) {
                    // Chronicle cleans up after runtime exceptions only, and throws others undeclared: its document may be half open.
                    broken = cause;
                }
                parts.writer.abandon();
            } else {
                DocumentScanner scanner = new DocumentScanner(parts.windows).moveTo(documentAddress);
                if (scanner.next() == DocumentScanner.Step.DOCUMENT && scanner.documentAddress() == documentAddress) {
                    CommitView stored = scanner.commit();
                    if (stored.isWhole() && stored.position() == position && stored.events() == commit.encoder().events()) {
                        broken = cause;
                        return scanner.nextAddress();
                    }
                }
                broken = cause;
            }
        } catch (Throwable e) {
            cause.addSuppressed(e);
            broken = cause;
            throw new DaybookException("Whether the commit was written is not known until the next open: position=" + position,
                    cause);
        }
        if (cause instanceof NoSpaceException noSpace) {
            throw noSpace;
        }
        throw new DaybookException("The commit was not written: position=" + position + " offset="
                + Address.offset(documentAddress), cause);
    }

    /** Returns once everything before this position is on the device, or false after so long; see {@link Forcer}. Without the lock. */
    boolean force(long before, long timeoutNs) throws IOException {
        return parts.forcer.force(before, written, timeoutNs);
    }

    /** The device failed elsewhere: nothing is written any more. */
    void forceFailed(Throwable cause) {
        parts.forcer.fail(cause);
    }

    private Forcer.Mark written() {
        lock.lock();
        try {
            return new Forcer.Mark(position, address);
        } finally {
            lock.unlock();
        }
    }

    /** Begins a new journal file with the next commit. Any thread. */
    void askRoll() {
        parts.writer.askRoll();
    }

    JournalWriter writer() {
        return parts.writer;
    }

    EntityIndex index() {
        return parts.index;
    }

    IdWindow ids() {
        return ids;
    }

    /** True if what the journal holds is known; once no append is under way. */
    public boolean isSound() {
        return broken == null;
    }

    /** The position that the next event gets. Any thread. */
    public long position() {
        return position;
    }

    /** Where the next document begins. Under the lock. */
    public long address() {
        return address;
    }

    /** Everything before this position is forced. Any thread. */
    public long durablePosition() {
        return parts.forcer.forcedPosition();
    }

    /** How often the device was asked. Any thread. */
    long forces() {
        return parts.forcer.forces();
    }

    /** How long the longest of them took. Any thread. */
    long longestForceNs() {
        return parts.forcer.longestNs();
    }

    /** Jumps of the wall clock that were not followed. Any thread. */
    long clockJumps() {
        return clock.jumps();
    }

    long lastClockJumpNs() {
        return clock.lastJumpNs();
    }
}
