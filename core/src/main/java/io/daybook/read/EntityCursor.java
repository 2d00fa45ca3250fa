package io.daybook.read;

import io.daybook.ReadRange;
import io.daybook.journal.StoredEvent;

/**
 * Hands out one entity's events. It collects the addresses of a stretch of versions first ({@link SideBySideWalk}); stretches double, so
 * that whoever stops early pays little and memory stays bounded. Backwards the first is short, unless it is known how many are wanted:
 * often somebody looks for the newest event of a type.
 */
final class EntityCursor extends ReadCursor {

    private static final int FIRST_STRETCH = 128;
    private static final int FIRST_STRETCH_BACK = 8;
    private static final int LONGEST_STRETCH = 4096;

    /** The entity's name, as it stands in the journal. */
    record Name(byte[] bytes, int length) {
    }

    private final Name name;
    private final ReadRange range;
    private EntityWalk walk;
    private final long last;
    private long nextVersion;
    private long left;
    private long[] addresses;
    private int stretch;
    private long stretchFrom;
    private long stretchTo = -1;
    private boolean standsBehind; // backwards: the walk is at the event behind the next one

    /** Up to {@code newest}, which the range's bounds have been looked up for. */
    EntityCursor(Reads reads, EntityWalk walk, Name name, ReadRange range, long newest) {
        super(reads);
        this.walk = walk;
        this.name = name;
        this.range = range;
        nextVersion = range.backwards() ? newest : range.fromVersion();
        last = range.backwards() ? range.fromVersion() : newest;
        left = range.limit();
        stretch = !range.backwards() ? FIRST_STRETCH : left == Long.MAX_VALUE ? FIRST_STRETCH_BACK : LONGEST_STRETCH;
    }

    @Override
    boolean step() {
        if (left <= 0 || (range.backwards() ? nextVersion < last : nextVersion > last)) {
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
            long to = Math.min(last, nextVersion + Math.min(stretch, left) - 1);
            addresses = walk.addresses(nextVersion, to);
            stretchFrom = nextVersion;
            stretchTo = to;
            stretch = Math.min(LONGEST_STRETCH, 2 * stretch);
        }
        StoredEvent event = walk.moveTo(addresses[(int) (nextVersion - stretchFrom)], nextVersion);
        nextVersion++;
        return event;
    }

    private StoredEvent stepBack() {
        long version = nextVersion;
        StoredEvent event;
        if (version >= stretchFrom && version <= stretchTo) {
            event = walk.moveTo(addresses[(int) (version - stretchFrom)], version);
        } else {
            event = standsBehind ? walk.back() : walk.seek(version);
            long from = Math.max(last, version - Math.min(stretch, left) + 1);
            addresses = walk.addressesBefore(from);
            stretchFrom = addresses == null ? version : from; // then one by one, up to the pointer that is damaged
            stretchTo = version;
            stretch = Math.min(LONGEST_STRETCH, 2 * stretch);
            standsBehind = true;
        }
        nextVersion--;
        return event;
    }

    @Override
    public void close() {
        super.close();
        if (walk != null) {
            reads.giveBack(walk);
            walk = null;
        }
    }
}
