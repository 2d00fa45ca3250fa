package io.daybook;

import io.daybook.append.AppendPath;
import io.daybook.append.PendingCommit;
import org.agrona.MutableDirectBuffer;

/**
 * Appends one event at a time without making garbage: claim, write the payload in place, append or abort. For one thread: the one
 * that claimed appends or aborts. Any number of appenders may be in use at once. The event has no metadata and schema version 0.
 *
 * <p>The claimed buffer is memory of the appender's own, outside the journal. Do not write to it after {@link #append()}.
 */
public final class Appender {

    private final AppendPath path;
    private final Durability rung;
    private final PendingCommit commit;
    private Thread claimant;

    Appender(AppendPath path, Durability rung) {
        this.path = path;
        this.rung = rung;
        commit = path.newCommit();
    }

    /**
     * Begins an event.
     *
     * @param entity          whose event it is
     * @param expectedVersion version of the entity's newest event; -1: it has none
     * @param type            what happened
     * @param length          of the payload in bytes
     * @return where to write the payload, from index 0; its bytes are arbitrary at first
     * @throws IllegalStateException    if the last claim was neither appended nor aborted
     * @throws IllegalArgumentException if something is over a limit
     */
    public MutableDirectBuffer claim(String entity, long expectedVersion, String type, int length) {
        if (claimant != null) {
            throw new IllegalStateException("The last claim was neither appended nor aborted");
        }
        if (expectedVersion < -1) {
            throw new IllegalArgumentException("An expected version is -1 (absent) or more: version=" + expectedVersion);
        }
        MutableDirectBuffer payload = commit.claim(entity, expectedVersion, type, length);
        claimant = Thread.currentThread();
        return payload;
    }

    /** Gives the claimed event an id, so that a repetition is recognised. Returns this. */
    public Appender id(long mostSignificantBits, long leastSignificantBits) {
        requireClaim();
        commit.claimId(mostSignificantBits, leastSignificantBits);
        return this;
    }

    /**
     * Appends the claimed event.
     *
     * @return its position; that of the first one if it is a repeat
     * @throws ConflictException as {@link EventStore#append(String, Expected, NewEvent...)}; the claim is gone then
     */
    public long append() {
        requireClaim();
        claimant = null;
        commit.closeClaim();
        path.append(commit, rung);
        return path.position(commit);
    }

    /** Forgets the claimed event; nothing was written. Does nothing without a claim. */
    public void abort() {
        if (claimant != null) {
            requireClaim();
            claimant = null;
        }
    }

    private void requireClaim() {
        if (claimant != Thread.currentThread()) { // two threads would write into each other's commit, and beyond it
            throw new IllegalStateException(claimant == null ? "Nothing was claimed" : "Another thread has claimed: thread=" + claimant);
        }
    }
}
