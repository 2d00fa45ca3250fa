package io.daybook.index;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.EntityHashException;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.EventDescriptor;
import java.util.concurrent.locks.Lock;
import org.agrona.DirectBuffer;

/**
 * Finds an entity's newest events: {@link HeadTable} for those used last, {@link HeadMap} behind it for all, {@link PositionTable} for
 * positions and times. Everything here is derived. The append path and the replay at open call the same {@link #put} and {@link #applied};
 * what the disk gets, and when, is {@link IndexDisk}'s affair.
 *
 * <p>Heads are written under the store's lock only. Internal: not part of the API.
 */
public final class EntityIndex {

    private final Lock lock;
    private final EntityHash hash;
    private final HeadTable table;
    private final PositionTable positions;
    private final HeadsOnDisk disk;
    private final long replayPosition;
    private final long replayAddress;
    private long endPosition;
    private long endAddress;
    private long endTimeNs;
    private long entities;
    private final ReplayedEvents replayed = new ReplayedEvents();

    EntityIndex(Lock lock, IndexSettings settings, HeadsOnDisk disk) {
        this.lock = lock;
        this.disk = disk;
        hash = settings.hash();
        table = new HeadTable(settings.tableBytes());
        positions = disk.positions();
        HeadsOnDisk.State start = disk.start();
        replayPosition = start.position();
        replayAddress = start.address();
        endPosition = replayPosition;
        endAddress = replayAddress;
        endTimeNs = start.timeNs();
        entities = start.entities();
    }

    /** Puts the hash of a name, and an empty head with its fingerprint, at this place. */
    public void prepare(byte[] names, int offset, int length, long[] heads, int at) {
        hash.hash(names, offset, length, heads, at);
        if (HeadSlots.marksEmpty(heads[at], heads[at + 1])) {
            heads[at + 1] = 1;
        }
        Head.clear(heads, at, Head.fingerprint(names, offset, length));
    }

    /** Prefetches the line of a prepared head, without waiting for it. Any thread that will append, without the lock. */
    public void prefetch(long[] heads, int at) {
        table.prefetch(heads[at], heads[at + 1]);
    }

    /**
     * Completes a prepared head as far as it is known now. Any thread, without the lock.
     *
     * @throws EntityHashException if another name has the same hash; the head must be prepared anew then
     */
    public void find(long[] heads, int at) {
        long prepared = heads[at + Head.META];
        Head.clear(heads, at, Head.fingerprintOf(prepared)); // an earlier look may have left a head here
        if (table.read(heads, at) || mayBeOnDisk(heads, at) && disk.get(heads, at)) {
            requireSameName(prepared, heads[at + Head.META]);
        }
    }

    /** Where nothing was on disk at first and nothing was dropped since, memory has everything. */
    private boolean mayBeOnDisk(long[] heads, int at) {
        return replayPosition > 0 || table.evictions(heads[at]) > 0;
    }

    /** What {@link #findLocked} needs to know of the time before {@link #find}. */
    public long token(long[] heads, int at) {
        return table.token(heads[at]);
    }

    /**
     * Makes sure of a head under the lock, without looking at the disk: what was found holds as long as its part of the table has not
     * changed since the token was taken, or has but neither dropped a head nor holds this one. False: heads were dropped and this one is
     * not in memory; {@link #find} must be called again, without the lock. Others' appends alone never make it false: nobody starves.
     */
    public boolean findLocked(long[] heads, int at, long token) {
        long now = table.token(heads[at]);
        if (now == token) {
            return true;
        }
        long found = heads[at + Head.META];
        if (table.readLocked(heads, at)) {
            requireSameName(found, heads[at + Head.META]);
            return true;
        }
        return !HeadTable.droppedBetween(token, now);
    }

    private static void requireSameName(long prepared, long found) {
        if (Head.fingerprintOf(prepared) != Head.fingerprintOf(found)) {
            throw new EntityHashException("Two entities have the same hash: fingerprints=" + Head.fingerprintOf(prepared) + ","
                    + Head.fingerprintOf(found));
        }
    }

    /** Stores a head to which events were added; says whether the entity is new. Under the lock. */
    public void put(long[] heads, int at, boolean isNew) {
        table.put(heads, at);
        if (isNew) {
            entities++;
        }
    }

    /** Tells of a commit whose heads were put. Under the lock. */
    public void applied(long position, int events, long timeNs, long documentAddress, long nextAddress) {
        positions.add(position, timeNs, documentAddress);
        endPosition = position + events;
        endAddress = nextAddress;
        endTimeNs = timeNs;
    }

    /**
     * Brings the index up by one commit that was read from the journal, under the lock. Some of its events may wait for others, until
     * {@link #endReplay}.
     *
     * @throws IndexDamagedException if the index does not fit the journal: it must be rebuilt
     */
    public void replay(CommitView commit, long dataAddress, long nextAddress) {
        DirectBuffer buffer = commit.buffer();
        int offset = commit.firstEventOffset();
        for (int i = 0; i < commit.events(); i++) {
            if (replayed.isFull()) {
                endReplay();
            }
            replayed.add(this, buffer, offset, dataAddress + (offset - commit.offset()));
            offset += buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        }
        applied(commit.position(), commit.events(), commit.timeNs(), dataAddress - Integer.BYTES, nextAddress);
    }

    /**
     * Brings the index up by the events that were left waiting: before the lock is let go, and before more are replayed. Where this throws
     * it throws again: nothing is passed over.
     *
     * @throws IndexDamagedException as {@link #replay}
     */
    public void endReplay() {
        replayed.fetch(table);
        while (replayed.hasNext()) {
            apply(replayed.heads(), replayed.next() * Head.WORDS);
            replayed.applied();
        }
    }

    private void apply(long[] heads, int at) {
        long version = replayed.version();
        long prepared = heads[at + Head.META];
        boolean known = table.readLocked(heads, at) || version > 0 && mayBeOnDisk(heads, at) && disk.getAlone(heads, at);
        if (known) {
            requireSameName(prepared, heads[at + Head.META]);
        }
        long newest = Head.version(heads, at);
        if (version <= newest && !(replayPosition == 0 && disk.rebuilt())) {
            return; // the index on disk may be newer than it says; one that was empty cannot
        }
        if (version != newest + 1 || replayed.previous() != Head.newest(heads, at)) {
            throw new IndexDamagedException("The index does not fit the journal: version=" + version + " newestInIndex=" + newest);
        }
        Head.add(heads, at, replayed.address());
        put(heads, at, version == 0);
    }

    /** Where the replay must begin: everything before is in the index already. */
    public long replayPosition() {
        return replayPosition;
    }

    /** The address that belongs to it. */
    public long replayAddress() {
        return replayAddress;
    }

    /** Time of the last commit that the index knows of. */
    public long endTimeNs() {
        return endTimeNs;
    }

    /** Where the scan goes on behind the last commit that the index knows of. */
    public long endAddress() {
        return endAddress;
    }

    /** True if nothing usable was found on disk. */
    public boolean rebuilt() {
        return disk.rebuilt();
    }

    /** True if more heads are dirty than the memory should hold: whoever appends must wait for a flush, without the lock. */
    public boolean isFull() {
        return table.dirty() > table.bound();
    }

    /** True if it will be full before long. */
    public boolean isHalfFull() {
        return table.dirty() > table.bound() / 2;
    }

    /** Events that the index on disk does not have yet. */
    public long behind() {
        return endPosition - disk.watermark();
    }

    /** The table of positions and times. */
    public PositionTable positions() {
        return positions;
    }

    /** Number of entities. */
    public long entities() {
        return entities;
    }

    /** The index on disk holds everything before this position. */
    public long watermark() {
        return disk.watermark();
    }

    /** Heads in memory. */
    public long headsInMemory() {
        return table.heads();
    }

    /** Bytes of the table in memory. */
    public long tableBytes() {
        return table.bytes();
    }

    /** Brings the index on disk up to date if it {@link #isFull}. As {@link #flush()}. */
    public void flushIfFull() {
        if (isFull()) {
            flush();
        }
    }

    /** Brings the index on disk up to date. One thread at a time; takes the lock for a moment only. */
    public void flush() {
        flush(() -> { });
    }

    /** The same; {@code between} is run after every few heads, for a flush takes long. */
    public void flush(Runnable between) {
        int complete;
        HeadsOnDisk.State state;
        lock.lock();
        try {
            complete = table.beginFlush();
            state = new HeadsOnDisk.State(endPosition, endAddress, endTimeNs, entities);
        } finally {
            lock.unlock();
        }
        disk.flush(table, state, between);
        table.endFlush(complete);
    }

    /** True if so much happened since the last heads file that a new one is due. */
    public boolean headsFileIsDue() {
        return disk.headsFileIsDue();
    }

    /** Publishes a heads file, as of the last flush; everything flushed must be forced in the journal. The thread that flushes calls. */
    public void publishHeads() {
        disk.publishHeads();
    }

    /** Flushes, forces and closes. The journal must be forced to its end. */
    public void close() {
        flush();
        if (disk.headsFileIsDue()) {
            disk.publishHeads();
        }
        disk.close(true);
    }

    /** Closes without bringing anything to disk. */
    public void abandon() {
        disk.close(false);
    }
}
