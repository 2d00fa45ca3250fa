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
    private final long[] head = new long[Head.WORDS];
    private long[] addresses = new long[16];

    /** Over these files. */
    public EntityWalk(Windows windows) {
        event = new StoredEvent(windows);
    }

    /** Starts from a head; it is copied. */
    public void from(long[] heads, int at) {
        System.arraycopy(heads, at, head, 0, Head.WORDS);
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

    /** Goes one version back from where the walk stands. */
    public StoredEvent back() {
        moveTo(event.previous(), event.version() - 1);
        return event;
    }

    /** Addresses of the versions {@code from} to {@code to}, in the order of the versions; valid until the next call. */
    long[] addresses(long from, long to) {
        int count = (int) (to - from + 1);
        if (count > addresses.length) {
            addresses = new long[Math.max(count, 2 * addresses.length)];
        }
        seek(to);
        addresses[count - 1] = event.address();
        for (int i = count - 2; i >= 0; i--) {
            addresses[i] = back().address();
        }
        return addresses;
    }

    /** Goes to an address that must hold this version. */
    StoredEvent moveTo(long address, long version) {
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
