package io.daybook.append;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.EventIdReusedException;
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
     * True if the commit is a repeat: then it says where the first one stands. False: none of its ids is known. A commit whose events
     * came without ids is told from its conditions alone; the journal is not read for it.
     *
     * @param idPosition position at which the window found an id of the commit; -1 if it found none
     * @throws EventIdReusedException if ids are known, but from something else
     */
    boolean isRepeat(PendingCommit commit, long idPosition) {
        if (!commit.hasGivenId()) {
            return false;
        }
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
        if (entity < 0 || commit.actual(entity) <= commit.namedVersion(entity)) {
            return -1;
        }
        EntityWalk walk = reads.borrow();
        try {
            walk.from(commit.heads(), entity * Head.WORDS);
            walk.seek(commit.namedVersion(entity) + 1);
            StoredEvent event = walk.checked(commit.nameBytes(), commit.nameOffset(entity), commit.nameLength(entity));
            return event.commitPosition();
        } finally {
            reads.giveBack(walk);
        }
    }

    /** Same entities, ids, types, schema versions and bytes in the same order, and the versions that the conditions name. */
    private boolean equal(PendingCommit commit, CommitView stored) {
        if (commit.encoder().events() != stored.events()) {
            return false;
        }
        boolean[] seen = new boolean[commit.entities()];
        int offset = stored.firstEventOffset();
        for (int i = 0; i < stored.events(); i++) {
            int entity = commit.entityOf(i);
            long named = commit.namedVersion(entity);
            if (!sameId(commit.encoder(), i, stored, offset) || !sameContent(commit.encoder(), i, stored.buffer(), offset)
                    || !seen[entity] && named >= -1 && versionWord(stored.buffer(), offset, true) != named + 1) {
                return false;
            }
            seen[entity] = true;
            offset += stored.buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
        return true;
    }

    /** An event without an id is never the same. The stored id may be a derived one that was given back. */
    private boolean sameId(CommitEncoder encoder, int event, CommitView stored, int offset) {
        return encoder.idGiven(event) && encoder.idHigh(event) == idHigh(stored, event, offset)
                && encoder.idLow(event) == idLow(stored, offset);
    }

    private long idHigh(CommitView stored, int event, int offset) {
        return idGiven(stored.buffer(), offset) ? stored.buffer().getLong(bodyEnd(stored.buffer(), offset), ORDER)
                : derived.high(stored.position() + event);
    }

    private long idLow(CommitView stored, int offset) {
        return idGiven(stored.buffer(), offset) ? stored.buffer().getLong(bodyEnd(stored.buffer(), offset) + 8, ORDER)
                : derived.low(stored.epoch());
    }

    private static boolean sameContent(CommitEncoder encoder, int event, DirectBuffer stored, int offset) {
        DirectBuffer own = encoder.buffer();
        int ownOffset = encoder.offset(event);
        int length = bodyEnd(stored, offset) - offset;
        if (versionWord(own, ownOffset, false) != versionWord(stored, offset, false)
                || metadataLength(own, ownOffset) != metadataLength(stored, offset)
                || nameLength(own, ownOffset) != nameLength(stored, offset) || bodyEnd(own, ownOffset) - ownOffset != length) {
            return false;
        }
        for (int i = EventDescriptor.HEADER_LENGTH; i < length; i++) {
            if (own.getByte(ownOffset + i) != stored.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean idGiven(DirectBuffer buffer, int offset) {
        return EventDescriptor.idGiven(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER));
    }

    private static int nameLength(DirectBuffer buffer, int offset) {
        return EventDescriptor.nameLength(buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER));
    }

    /** Where the payload ends and, if one was given, the id begins. */
    private static int bodyEnd(DirectBuffer buffer, int offset) {
        return offset + buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER)
                - (idGiven(buffer, offset) ? EventDescriptor.ID_LENGTH : 0);
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
        int offset = stored.firstEventOffset();
        for (int i = 0; i < stored.events(); i++) {
            long high = idHigh(stored, i, offset);
            long low = idLow(stored, offset);
            for (int j = 0; j < commit.encoder().events(); j++) {
                if (commit.encoder().idGiven(j) && commit.encoder().idHigh(j) == high && commit.encoder().idLow(j) == low) {
                    throw new EventIdReusedException(commit.idOf(j), stored.position() + i);
                }
            }
            offset += stored.buffer().getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
    }
}
