package io.daybook.append;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.EventIdReusedException;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitEncoder;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EventDescriptor;
import io.daybook.index.Head;
import io.daybook.journal.StoredEvent;
import io.daybook.read.CommitSeek;
import io.daybook.read.EntityWalk;
import io.daybook.read.Reads;
import org.agrona.DirectBuffer;

/**
 * Decides whether a commit that was refused is a repeat of one that is stored. Reads the journal, hence outside the lock. Thread-safe.
 * Guarantee 4 is kept here.
 */
final class RepeatLookup {

    private final Reads reads;
    private final DerivedId derived;

    RepeatLookup(Reads reads, DerivedId derived) {
        this.reads = reads;
        this.derived = derived;
    }

    /**
     * True if the commit is a repeat: then it says where the first one stands. False: none of its ids is known.
     *
     * @param idPosition position at which the window found an id of the commit; -1 if it found none
     * @throws EventIdReusedException if ids are known, but from something else
     */
    boolean isRepeat(PendingCommit commit, long idPosition) {
        long candidate = candidate(commit);
        if (candidate < 0) {
            candidate = idPosition;
        }
        if (candidate >= 0) {
            CommitSeek seek = reads.seek();
            CommitView stored = seek.toPosition(candidate);
            seek.verify();
            if (equal(commit, stored)) {
                takeResult(commit, stored);
                return true;
            }
            refuseSharedIds(commit, stored);
        }
        if (idPosition >= 0) {
            throw new EventIdReusedException(commit.idOf(commit.knownIdEvent), idPosition);
        }
        return false;
    }

    /** The position at which the first repetition would have written the first entity whose version is named; -1 if there is none. */
    private long candidate(PendingCommit commit) {
        int entity = commit.firstNamingVersion();
        if (entity < 0 || commit.actual(entity) < commit.firstOwnVersion(entity)) {
            return -1;
        }
        EntityWalk walk = reads.borrow();
        try {
            walk.from(commit.heads(), entity * Head.WORDS);
            walk.seek(commit.firstOwnVersion(entity));
            StoredEvent event = walk.checked(commit.nameBytes(), commit.nameOffset(entity), commit.nameLength(entity));
            return event.commitPosition();
        } finally {
            reads.giveBack(walk);
        }
    }

    /** Same entities, ids, types, schema versions and bytes in the same order, and the versions that the conditions name. */
    private static boolean equal(PendingCommit commit, CommitView stored) {
        CommitEncoder encoder = commit.encoder();
        if (encoder.events() != stored.events()) {
            return false;
        }
        boolean[] seen = new boolean[commit.entities()];
        int offset = stored.firstEventOffset();
        for (int i = 0; i < encoder.events(); i++) {
            int length = encoder.eventLength(i);
            if (!encoder.idGiven(i) || length != stored.buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER)
                    || !sameEvent(encoder, i, stored.buffer(), offset, length)) {
                return false;
            }
            int entity = commit.entityOf(i);
            long named = commit.firstOwnVersion(entity);
            if (!seen[entity] && named >= 0 && versionWord(stored.buffer(), offset, true) != named) {
                return false;
            }
            seen[entity] = true;
            offset += length;
        }
        return true;
    }

    private static boolean sameEvent(CommitEncoder encoder, int event, DirectBuffer stored, int offset, int length) {
        int own = encoder.offset(event);
        if (versionWord(encoder.buffer(), own, false) != versionWord(stored, offset, false)
                || metadataLength(encoder.buffer(), own) != metadataLength(stored, offset)
                || encoder.buffer().getShort(own + EventDescriptor.NAME_OFFSET) != stored.getShort(offset + EventDescriptor.NAME_OFFSET)) {
            return false;
        }
        for (int i = EventDescriptor.HEADER_LENGTH; i < length; i++) {
            if (encoder.buffer().getByte(own + i) != stored.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** The version, or all else that shares a word with it. */
    private static long versionWord(DirectBuffer buffer, int offset, boolean version) {
        long word = buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER);
        return version ? EventDescriptor.version(word) : word & ~EventDescriptor.MAX_VERSION;
    }

    private static int metadataLength(DirectBuffer buffer, int offset) {
        return EventDescriptor.metadataLength(buffer.getLong(offset + EventDescriptor.PLACE_OFFSET, ORDER));
    }

    private static void takeResult(PendingCommit commit, CommitView stored) {
        commit.firstPosition = stored.position();
        commit.timeNs = stored.timeNs();
        int offset = stored.firstEventOffset();
        for (int i = 0; i < stored.events(); i++) {
            commit.lastVersion = versionWord(stored.buffer(), offset, true);
            offset += stored.buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
    }

    private void refuseSharedIds(PendingCommit commit, CommitView stored) {
        DirectBuffer buffer = stored.buffer();
        int offset = stored.offset() + CommitDescriptor.HEADER_LENGTH;
        for (int i = 0; i < stored.events(); i++) {
            int length = buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
            boolean given = EventDescriptor.idGiven(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER));
            int idAt = offset + length - EventDescriptor.ID_LENGTH;
            long high = given ? buffer.getLong(idAt, ORDER) : derived.high(stored.position() + i);
            long low = given ? buffer.getLong(idAt + 8, ORDER) : derived.low(stored.epoch());
            for (int j = 0; j < commit.encoder().events(); j++) {
                if (commit.encoder().idGiven(j) && commit.encoder().idHigh(j) == high && commit.encoder().idLow(j) == low) {
                    throw new EventIdReusedException(commit.idOf(j), stored.position() + i);
                }
            }
            offset += length;
        }
    }
}
