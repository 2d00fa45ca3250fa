package io.daybook.read;

import io.daybook.Cursor;
import io.daybook.EventView;
import io.daybook.ReadRange;
import io.daybook.journal.StoredEvent;

/** Hands out one entity's events. Forwards it collects the addresses of a stretch of versions
 * first; stretches double, so that whoever stops early pays little and memory stays bounded. */
final class EntityCursor implements Cursor {

    private static final int FIRST_STRETCH = 32;
    private static final int LONGEST_STRETCH = 4096;

    private final Reads reads;
    private final byte[] name;
    private final int nameLength;
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

    EntityCursor(Reads reads, EntityWalk walk, byte[] name, int nameLength, ReadRange range) {
        this.reads = reads;
        this.walk = walk;
        this.name = name;
        this.nameLength = nameLength;
        this.range = range;
        view = new VisibleEvent(reads.derivedIds());
        long newest = Math.min(range.toVersion(), walk.newestVersion());
        nextVersion = range.backwards() ? newest : range.fromVersion();
        last = range.backwards() ? range.fromVersion() : newest;
        left = range.limit();
    }

    @Override
    public boolean next() {
        view.invalidate();
        reads.requireOpen();
        while (walk != null && left > 0 && (range.backwards() ? nextVersion >= last : nextVersion <= last)) {
            StoredEvent event = range.backwards() ? stepBack() : stepForward();
            walk.checked(name, 0, nameLength);
            if (event.commitPosition() + event.index() <= range.toPosition() && event.timeNs() <= range.toTimeNs()) {
                view.show(event.buffer(), event.offset());
                view.commit(event.commitPosition(), event.commitEvents(), event.timeNs(), event.epoch());
                left--;
                return true;
            }
            if (!range.backwards()) {
                left = 0;
            }
        }
        return false;
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
