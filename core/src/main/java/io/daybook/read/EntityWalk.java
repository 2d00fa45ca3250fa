package io.daybook.read;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.envelope.SkipRule;
import io.daybook.index.Head;
import io.daybook.journal.StoredEvent;
import io.daybook.journal.Windows;

/**
 * Walks an entity's events back from its head. Pointers are followed unchecked but for the version that each must lead to; what is handed
 * out has its sum and its name checked, so a wrong pointer gives an error and never another event. One thread at a time; used again.
 * Internal: not part of the API.
 */
public final class EntityWalk {

    private final StoredEvent event;
    private final SideBySideWalk sideBySide;
    private final long[] head = new long[Head.WORDS];
    private long[] addresses = new long[16];
    private int looks;

    /** Over these files. */
    public EntityWalk(Windows windows) {
        event = new StoredEvent(windows);
        sideBySide = new SideBySideWalk(windows);
    }

    /** Starts from a head; it is copied. */
    public void from(long[] heads, int at) {
        System.arraycopy(heads, at, head, 0, Head.WORDS);
        event.leave(); // or an error would be laid to an event of the read before
        looks = 0;
    }

    /** The newest version; -1 if there is none. */
    public long newestVersion() {
        return Head.version(head, 0);
    }

    /** Goes to this version, in few steps, and answers the event: its pointers are to be trusted no more than described above. */
    public StoredEvent seek(long version) {
        long newest = newestVersion();
        long at = newest;
        long address = Head.newest(head, 0);
        for (int level = 0; level < SkipRule.LEVELS; level++) {
            long last = newest & -SkipRule.multiple(level);
            if (last >= version) {
                at = last;
                address = Head.level(head, 0, level);
            }
        }
        moveTo(address, at);
        while (at > version) {
            long target = SkipRule.target(at);
            if (target >= version) {
                address = event.skip();
                at = target;
            } else {
                address = event.previous();
                at--;
            }
            moveTo(address, at);
        }
        return event;
    }

    /**
     * The newest version whose event lies at or before this position and this time; -1 if there is none. Goes by the same pointers as
     * {@link #seek}: where one leads to an event that is not too new, the walk takes the small step instead.
     */
    long newestWithin(EntityCursor.Name name, long position, long timeNs) {
        long at = newestVersion();
        boolean unbounded = position == Long.MAX_VALUE && timeNs == Long.MAX_VALUE;
        if (at < 0 || unbounded || isWithin(name, Head.newest(head, 0), at, position, timeNs)) {
            return at;
        }
        long newest = at;
        long address = Head.newest(head, 0);
        for (int level = 0; level < SkipRule.LEVELS; level++) {
            long last = newest & -SkipRule.multiple(level);
            if (isWithin(name, Head.level(head, 0, level), last, position, timeNs)) {
                break;
            }
            at = last;
            address = Head.level(head, 0, level);
        }
        while (at > 0) {
            moveTo(address, at);
            long previous = event.previous();
            long skip = event.skip();
            long target = SkipRule.target(at);
            if (!isWithin(name, skip, target, position, timeNs)) {
                at = target;
                address = skip;
            } else if (target == at - 1 || isWithin(name, previous, at - 1, position, timeNs)) {
                return at - 1;
            } else {
                at--;
                address = previous;
            }
        }
        return -1;
    }

    /** With its sum and its name checked, for what is decided here is not looked at again. */
    private boolean isWithin(EntityCursor.Name name, long address, long version, long position, long timeNs) {
        moveTo(address, version);
        checked(name.bytes(), 0, name.length());
        return event.timeNs() <= timeNs && event.commitPosition() + event.index() <= position;
    }

    /** Events that were looked at since the walk was given its head: a measure of how well it searches. */
    int looks() {
        return looks;
    }

    /** Goes one version back from where the walk stands. */
    public StoredEvent back() {
        moveTo(event.previous(), event.version() - 1);
        return event;
    }

    /** Addresses of the versions {@code from} to {@code to}, in the order of the versions; valid until the next call. */
    long[] addresses(long from, long to) {
        seek(to);
        if (addressesBefore(from) == null || !isThere(addresses[0], from)) {
            seek(to);
            for (int i = (int) (to - from) - 1; i >= 0; i--) {
                addresses[i] = back().address(); // which tells what pointer is wrong
            }
        }
        return addresses;
    }

    private boolean isThere(long address, long version) {
        try {
            moveTo(address, version);
            return true;
        } catch (JournalDamagedException e) {
            return false;
        }
    }

    /** The same up to the event that the walk stands on, and it stays there. Null if a pointer before it leads to where it should not. */
    long[] addressesBefore(long from) {
        int count = (int) (event.version() - from + 1);
        if (count > addresses.length) {
            addresses = new long[Math.max(count, 2 * addresses.length)];
        }
        addresses[count - 1] = event.address();
        return sideBySide.find(addresses, from, event.version()) ? addresses : null;
    }

    /** Goes to an address that must hold this version. */
    StoredEvent moveTo(long address, long version) {
        looks++;
        long from = event.address();
        try {
            event.moveTo(address);
            if (event.version() != version) {
                throw event.damaged("A pointer leads to another version than it should");
            }
            return event;
        } catch (JournalDamagedException e) {
            if (from != Address.NONE) {
                event.moveTo(from);
                event.verify(); // names the event whose pointer is damaged, if that is the reason
            }
            throw e;
        }
    }

    /** The event that the walk stands on, with its sum and its name checked. */
    public StoredEvent checked(byte[] name, int nameOffset, int nameLength) {
        event.verify();
        if (!event.isNamed(name, nameOffset, nameLength)) {
            throw event.damaged("An event of another entity stands where one of this entity should");
        }
        return event;
    }
}
