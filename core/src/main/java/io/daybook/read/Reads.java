package io.daybook.read;

import io.daybook.Cursor;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import io.daybook.envelope.DerivedId;
import io.daybook.envelope.EntityNames;
import io.daybook.index.EntityIndex;
import io.daybook.index.Head;
import io.daybook.journal.Windows;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/** Opens finite reads: of an entity, of the journal. Any thread. Internal: not part of the API. */
public final class Reads {

    private static final int KEPT_WALKS = 16;
    private static final int NAME_ROOM = 512;

    private final Windows windows;
    private final EntityIndex index;
    private final DerivedId derived;
    private final BooleanSupplier closed;
    private final AtomicReferenceArray<EntityWalk> walks = new AtomicReferenceArray<>(KEPT_WALKS);

    /** Over these files with this index; {@code closed} says when all reads must end. */
    public Reads(Windows windows, EntityIndex index, DerivedId derived, BooleanSupplier closed) {
        this.windows = windows;
        this.index = index;
        this.derived = derived;
        this.closed = closed;
    }

    /** A read of one entity. */
    public Cursor entity(String entity, ReadRange range) {
        byte[] name = new byte[Math.min(NAME_ROOM, 4 * entity.length())];
        int nameLength = EntityNames.putEntity(name, 0, entity);
        long[] head = new long[Head.WORDS];
        index.prepare(name, 0, nameLength, head, 0);
        index.find(head, 0);
        EntityWalk walk = borrow();
        walk.from(head, 0);
        EntityCursor.Name stored = new EntityCursor.Name(name, nameLength);
        long newest = Math.min(range.toVersion(), walk.newestWithin(stored, range.toPosition(), range.toTimeNs()));
        return new EntityCursor(this, walk, stored, range, newest);
    }

    /** The newest version of an entity; -1 if it has no event. */
    public long version(String entity) {
        requireOpen();
        byte[] name = new byte[Math.min(NAME_ROOM, 4 * entity.length())];
        int nameLength = EntityNames.putEntity(name, 0, entity);
        long[] head = new long[Head.WORDS];
        index.prepare(name, 0, nameLength, head, 0);
        index.find(head, 0);
        return Head.version(head, 0);
    }

    /** A read of the journal as it is at the position {@code end}. */
    public Cursor journal(StartFrom from, Filter filter, ReadRange range, long end) {
        CommitSeek seek = seek();
        EventFilter wanted = new EventFilter(filter);
        long first = from instanceof StartFrom.Position position ? position.first()
                : seek.positionOfTime(((StartFrom.Time) from).ns(), end);
        long bound = range.toPosition() >= end ? end : range.toPosition() + 1;
        if (!range.backwards()) {
            return new PositionCursor(this, seek, wanted, range, new Stretch(first, bound));
        }
        long timeBound = range.toTimeNs() == Long.MAX_VALUE ? bound : Math.min(bound, seek.positionOfTime(range.toTimeNs() + 1, end));
        return new BackwardCursor(this, seek, wanted, range.limit(), new Stretch(first, timeBound));
    }

    /** Finds commits by position; for one thread. */
    public CommitSeek seek() {
        return new CommitSeek(windows, index.positions());
    }

    /** A walk to use alone, until {@link #giveBack}. */
    public EntityWalk borrow() {
        int slot = (int) Thread.currentThread().getId() & KEPT_WALKS - 1;
        EntityWalk walk = walks.getAndSet(slot, null);
        return walk == null ? new EntityWalk(windows) : walk;
    }

    /** Ends the use of a walk. */
    public void giveBack(EntityWalk walk) {
        walks.lazySet((int) Thread.currentThread().getId() & KEPT_WALKS - 1, walk);
    }

    /** A read that does not end, of a journal that ends here now. */
    public EndlessCursor endless(StartFrom from, Filter filter, EndlessCursor.Visible visible, long endNow) {
        return new EndlessCursor(this, from, filter, visible, endNow);
    }

    boolean isClosed() {
        return closed.getAsBoolean();
    }

    DerivedId derivedIds() {
        return derived;
    }

    void requireOpen() {
        if (closed.getAsBoolean()) {
            throw new StoreClosedException("The store was closed during the read");
        }
    }
}
