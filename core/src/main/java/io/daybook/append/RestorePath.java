package io.daybook.append;

import io.daybook.Commit;
import io.daybook.ConflictException;

/**
 * The append path of a journal that is put together anew: commits keep the time and the epoch that they had, and no id is looked for,
 * because whether it was a repeat was decided when the commit was first written. One thread. Internal: not part of the API.
 */
public final class RestorePath {

    private final JournalEnd end;
    private final StoreAgent agent;
    private final AppendLock lock;
    private final PendingCommit pending;

    RestorePath(JournalEnd end, StoreAgent agent, AppendLock lock, int maxPayloadBytes) {
        this.end = end;
        this.agent = agent;
        this.lock = lock;
        pending = new PendingCommit(end.index(), maxPayloadBytes);
    }

    /**
     * Appends a commit at the end.
     *
     * @throws ConflictException if an entity is not as the commit expects it
     */
    public void append(Commit commit, long timeNs, int epoch) {
        try {
            pending.fill(commit);
            boolean written;
            do {
                agent.awaitRoom();
                pending.findHeads();
                lock.lock();
                try {
                    written = write(timeNs, epoch);
                } finally {
                    lock.unlock();
                }
            } while (!written);
            agent.signalIfDue();
        } finally {
            pending.begin(); // lets go of the memory of an unusually large one
        }
    }

    /** False: heads were dropped meanwhile, look again. */
    private boolean write(long timeNs, int epoch) {
        end.requireWritable();
        if (!pending.findHeadsLocked()) {
            return false;
        }
        int failed = pending.firstFailed();
        if (failed >= 0) {
            throw new ConflictException(pending.name(failed), pending.condition(failed), pending.actual(failed));
        }
        end.write(pending, timeNs, epoch);
        return true;
    }
}
