package io.daybook.read;

import io.daybook.Cursor;
import io.daybook.EventView;
import io.daybook.ReadRange;
import io.daybook.journal.StoredEvent;

/**
 * Hands out one entity's events. Forwards it collects the addresses of a stretch of versions first ({@link SideBySideWalk}); stretches
 * double, so that whoever stops early pays little and memory stays bounded.
 */
final class EntityCursor implements Cursor {

    private static final int FIRST_STRETCH = 128;
    private static final int LONGEST_STRETCH = 4096;

    /** The entity's name, as it stands in the journal. */
    record Name(byte[] bytes, int length) {
    }

    private final Reads reads;
    private final Name name;
    private final ReadRange range;
    private final VisibleEvent view;
    private EntityWalk walk;
    private final long last;
    private long nextVersion;
    private long left;
    private long[] addresses;
    private int stretch = FIRST_STRETCH;
    private long stretchFrom;
    private long stretchTo = -1;
    private boolean steppedBack;

    /** Up to {@code newest}, which the range's bounds have been looked up for. */
    EntityCursor(Reads reads, EntityWalk walk, Name name, ReadRange range, long newest) {
        this.reads = reads;
        this.walk = walk;
        this.name = name;
        this.range = range;
        view = new VisibleEvent(reads.derivedIds());
        nextVersion = range.backwards() ? newest : range.fromVersion();
        last = range.backwards() ? range.fromVersion() : newest;
        left = range.limit();
    }

    @Override
    public boolean next() {
        view.invalidate();
        reads.requireOpen();
        if (walk == null || left <= 0 || (range.backwards() ? nextVersion < last : nextVersion > last)) {
            return false;
        }
        StoredEvent event = range.backwards() ? stepBack() : stepForward();
        walk.checked(name.bytes, 0, name.length);
        view.show(event.buffer(), event.offset());
        view.commit(event.commitPosition(), event.commitEvents(), event.timeNs(), event.epoch());
        left--;
        return true;
    }

    private StoredEvent stepForward() {
        if (nextVersion > stretchTo) {
            stretchFrom = nextVersion;
            stretchTo = Math.min(last, nextVersion + Math.min(stretch, left) - 1);
            stretch = Math.min(LONGEST_STRETCH, 2 * stretch);
            addresses = walk.addresses(stretchFrom, stretchTo);
        }
        StoredEvent event = walk.moveTo(addresses[(int) (nextVersion - stretchFrom)], nextVersion);
        nextVersion++;
        return event;
    }

    private StoredEvent stepBack() {
        StoredEvent event = steppedBack ? walk.back() : walk.seek(nextVersion);
        steppedBack = true;
        nextVersion--;
        return event;
    }

    @Override
    public EventView event() {
        view.position();
        return view;
    }

    @Override
    public long position() {
        return view.position();
    }

    @Override
    public void close() {
        view.invalidate();
        if (walk != null) {
            reads.giveBack(walk);
            walk = null;
        }
    }
}
