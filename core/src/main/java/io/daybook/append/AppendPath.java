package io.daybook.append;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Durability;
import io.daybook.DurabilityException;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreClosedException;
import io.daybook.metrics.AppendEvent;
import io.daybook.metrics.FlightEvents;
import io.daybook.metrics.RollEvent;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The append path: {@link #appendInSteps} shows the whole sequence. Any thread.
 *
 * <p>Under the lock there is no user code, no log line, and no page of the past. Guarantees 3, 5 and 10 are kept here. Internal: not part
 * of the API.
 */
public final class AppendPath {

    private static final int KEPT_COMMITS = 16;

    private enum Outcome { WRITTEN, REFUSED, LOOK_AGAIN }

    private final JournalEnd end;
    private final StoreAgent agent;
    private final RepeatLookup repeats;
    private final int maxPayloadBytes;
    private final AppendLock lock;
    private final AtomicReferenceArray<PendingCommit> spare = new AtomicReferenceArray<>(KEPT_COMMITS);
    private volatile boolean closed;
    private long commits;
    private final LongAdder conflicts = new LongAdder();
    private final LongAdder duplicates = new LongAdder();

    AppendPath(JournalEnd end, StoreAgent agent, RepeatLookup repeats, int maxPayloadBytes, AppendLock lock) {
        this.end = end;
        this.agent = agent;
        this.repeats = repeats;
        this.maxPayloadBytes = maxPayloadBytes;
        this.lock = lock;
    }

    /** Appends events of one entity. */
    public AppendResult append(String entity, Expected expected, NewEvent[] events, Durability rung) {
        return append(entity, expected, Arrays.asList(events), rung);
    }

    /** Appends events of one entity. */
    public AppendResult append(String entity, Expected expected, Iterable<NewEvent> events, Durability rung) {
        PendingCommit commit = borrow();
        try {
            commit.fill(entity, expected, events);
            return result(commit, append(commit, rung));
        } finally {
            giveBack(commit);
        }
    }

    /** Appends a commit. */
    public AppendResult append(Commit events, Durability rung) {
        PendingCommit commit = borrow();
        try {
            commit.fill(events);
            return result(commit, append(commit, rung));
        } finally {
            giveBack(commit);
        }
    }

    /** A commit of the caller's own, for one thread. */
    public PendingCommit newCommit() {
        return new PendingCommit(end.index(), maxPayloadBytes);
    }

    /** The same way for commits that were written elsewhere, for one thread. */
    public RestorePath restorePath() {
        return new RestorePath(end, agent, lock, maxPayloadBytes);
    }

    /** Appends what was filled in; answers whether it is a repeat. */
    public boolean append(PendingCommit commit, Durability rung) {
        return FlightEvents.appends() ? appendRecorded(commit, rung) : appendInSteps(commit, rung);
    }

    private boolean appendRecorded(PendingCommit commit, Durability rung) {
        if (commit.recorded == null) {
            commit.recorded = new AppendEvent();
        }
        AppendEvent event = commit.recorded;
        event.begin();
        commit.firstPosition = -1;
        String outcome = null;
        try {
            boolean duplicate = appendInSteps(commit, rung);
            outcome = duplicate ? "REPEAT" : "WRITTEN";
            return duplicate;
        } catch (Throwable e) {
            outcome = e.getClass().getSimpleName();
            throw e;
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.journal = end.writer().journal();
                event.position = commit.firstPosition;
                event.events = commit.encoder().events();
                event.entities = commit.entities();
                event.bytes = commit.encoder().paddedLength();
                event.durability = rung.name();
                event.outcome = outcome;
                event.commit();
            }
        }
    }

    /**
     * Encoded and summed already: find the heads, take the lock, judge the conditions, write and publish, store the heads, let go of
     * the lock; a refused commit may be a repeat; then the rung.
     */
    private boolean appendInSteps(PendingCommit commit, Durability rung) {
        requireReachable(rung);
        Outcome outcome;
        do {
            agent.awaitRoom();
            commit.findHeads();
            lock.lock();
            try {
                outcome = judge(commit);
            } finally {
                lock.unlock();
            }
        } while (outcome == Outcome.LOOK_AGAIN);
        boolean duplicate = outcome == Outcome.REFUSED;
        if (duplicate) {
            requireRepeat(commit);
        }
        recordRoll(commit);
        agent.signalIfDue();
        if (rung != Durability.PROCESS) {
            force(commit, duplicate);
        }
        return duplicate;
    }

    private Outcome judge(PendingCommit commit) {
        if (closed) {
            throw new StoreClosedException("The store was closed");
        }
        end.requireWritable();
        if (!commit.findHeadsLocked()) {
            return Outcome.LOOK_AGAIN;
        }
        commit.failedEntity = commit.firstFailed();
        boolean idKnown = commit.hasKnownId(end.ids());
        if (!idKnown) {
            commit.knownIdPosition = -1;
        }
        if (idKnown || commit.failedEntity >= 0) {
            return Outcome.REFUSED;
        }
        end.write(commit);
        takeRoll(commit);
        commits++;
        return Outcome.WRITTEN;
    }

    private void takeRoll(PendingCommit commit) {
        if (FlightEvents.rolls()) {
            commit.roll = end.writer().takeRoll();
        }
    }

    private void recordRoll(PendingCommit commit) {
        if (FlightEvents.rolls() && commit.roll != null) {
            RollEvent event = commit.roll;
            commit.roll = null;
            event.position = commit.firstPosition;
            event.commit();
        }
    }

    private void requireRepeat(PendingCommit commit) {
        if (repeats.isRepeat(commit, commit.knownIdPosition)) {
            duplicates.increment();
            return;
        }
        conflicts.increment();
        int entity = commit.failedEntity;
        throw new ConflictException(commit.name(entity), commit.condition(entity), commit.actual(entity));
    }

    private static void requireReachable(Durability rung) {
        if (rung == Durability.REPLICATED) {
            throw new IllegalStateException("The rung REPLICATED needs the Kafka bridge, which is not running");
        }
    }

    private void force(PendingCommit commit, boolean duplicate) {
        try {
            end.force(commit.firstPosition + commit.encoder().events(), Long.MAX_VALUE);
        } catch (Throwable e) {
            throw new DurabilityException("The commit is in the journal, but was not forced to the device: position="
                    + commit.firstPosition,
                    result(commit, duplicate), e);
        }
    }

    /** Forces everything before this position; false if others' forces took longer than the time that is given. */
    public boolean force(long position, long timeoutNs) {
        try {
            return end.force(position, timeoutNs);
        } catch (Throwable e) {
            throw new DurabilityException("The journal was not forced to the device: position=" + position, null, e);
        }
    }

    /** Where the commit stands. */
    private static AppendResult result(PendingCommit commit, boolean duplicate) {
        return new AppendResult(commit.firstPosition, commit.firstPosition
                + commit.encoder().events() - 1, commit.lastVersion, commit.timeNs,
                duplicate);
    }

    private PendingCommit borrow() {
        PendingCommit commit = spare.getAndSet(slot(), null);
        return commit == null ? newCommit() : commit;
    }

    private void giveBack(PendingCommit commit) {
        commit.begin(); // lets go of the memory of an unusually large one
        spare.lazySet(slot(), commit);
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & KEPT_COMMITS - 1;
    }

    /** Position of the commit that was appended last through this object. */
    public long position(PendingCommit commit) {
        return commit.firstPosition;
    }

    /** Refuses appends from now on; waits for the one that is under way. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Commits written since open. */
    public long commits() {
        lock.lock();
        try {
            return commits;
        } finally {
            lock.unlock();
        }
    }

    /** Commits refused for a conflict since open. */
    public long conflicts() {
        return conflicts.sum();
    }

    /** Repeats since open. */
    public long duplicates() {
        return duplicates.sum();
    }
}
