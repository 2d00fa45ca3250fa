package io.daybook.journal;

import static io.daybook.envelope.CommitDescriptor.ORDER;

import io.daybook.JournalDamagedException;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitDescriptor;
import io.daybook.envelope.CommitView;
import io.daybook.envelope.EntityNames;
import io.daybook.envelope.EventDescriptor;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One event, found by its address. {@link #moveTo} trusts nothing and follows nothing that does not fit; {@link #verify} then checks the
 * sum, which vouches for the event and for position and time of its commit. One thread; used again and again. Internal: not part of the
 * API.
 */
public final class StoredEvent {

    private final Windows windows;
    private final CommitView commit = new CommitView();
    private Window window;
    private long address;
    private int offset;
    private int length;
    private long versionWord;
    private long placeWord;
    private short nameField;

    /** Stands nowhere until {@link #moveTo}. */
    public StoredEvent(Windows windows) {
        this.windows = windows;
    }

    /** Goes to an address and reads the event's header. */
    public void moveTo(long newAddress) {
        int cycle = Address.cycle(newAddress);
        long fileOffset = Address.offset(newAddress);
        if (newAddress <= 0) {
            throw damaged("An event's address is not one", cycle, fileOffset);
        }
        address = newAddress;
        if (window == null || window.cycle() != cycle || !window.holds(fileOffset, EventDescriptor.HEADER_LENGTH)) {
            window = windows.require(cycle, fileOffset, EventDescriptor.HEADER_LENGTH);
        }
        UnsafeBuffer buffer = window.buffer();
        offset = window.index(fileOffset);
        length = buffer.getInt(offset + EventDescriptor.LENGTH_OFFSET, ORDER);
        if (length < EventDescriptor.HEADER_LENGTH || length > StoreSettings.MAX_COMMIT_BYTES) {
            throw damaged("An event's length cannot be right", cycle, fileOffset);
        }
        if (!window.holds(fileOffset, length)) {
            window = windows.require(cycle, fileOffset, length);
            buffer = window.buffer();
            offset = window.index(fileOffset);
        }
        versionWord = buffer.getLong(offset + EventDescriptor.VERSION_OFFSET, ORDER);
        placeWord = buffer.getLong(offset + EventDescriptor.PLACE_OFFSET, ORDER);
        nameField = buffer.getShort(offset + EventDescriptor.NAME_OFFSET, ORDER);
        if (CommitView.leastLength(nameField, versionWord, placeWord) > length) {
            throw damaged("An event's parts are longer than the event", cycle, fileOffset);
        }
    }

    /** Forgets where it stands, so that it is not taken for the event that led to the next one. */
    public void leave() {
        address = Address.NONE;
    }

    /** Checks the event's sum, and reads what its commit's header says. */
    public void verify() {
        int cycle = Address.cycle(address);
        long eventOffset = Address.offset(address);
        long commitOffset = eventOffset - EventDescriptor.distance(placeWord);
        if (commitOffset < 0) {
            throw damaged("An event's distance to its commit cannot be right", cycle, eventOffset);
        }
        int headerLength = CommitDescriptor.HEADER_LENGTH + EventDescriptor.HEADER_LENGTH;
        Window commitWindow = window.holds(commitOffset, headerLength) ? window : windows.require(cycle, commitOffset, headerLength);
        commit.wrap(commitWindow.buffer(), commitWindow.index(commitOffset), headerLength);
        boolean known = commit.readHeader();
        commit.sumHeader();
        if (!known || index() >= commit.events() || !commit.eventIsWhole(window.buffer(), offset, length)) {
            throw damaged("An event's sum is wrong", cycle, eventOffset);
        }
    }

    /** An error that names this event's file and offset. */
    public JournalDamagedException damaged(String what) {
        return damaged(what, Address.cycle(address), Address.offset(address));
    }

    private JournalDamagedException damaged(String what, int cycle, long fileOffset) {
        return new JournalDamagedException(what, windows.fileName(cycle), fileOffset);
    }

    /** Address of the event. */
    public long address() {
        return address;
    }

    /** The bytes; everything below is an offset or a length in them. */
    public UnsafeBuffer buffer() {
        return window.buffer();
    }

    /** Where the event begins. */
    public int offset() {
        return offset;
    }

    /** Length of the event. */
    public int length() {
        return length;
    }

    /** Version of the event. */
    public long version() {
        return EventDescriptor.version(versionWord);
    }

    /** Number of the event within its commit. */
    public int index() {
        return EventDescriptor.index(placeWord);
    }

    /** Address of the commit's first event. */
    public long firstEventAddress() {
        return address - EventDescriptor.distance(placeWord) + CommitDescriptor.HEADER_LENGTH;
    }

    /** Address of the entity's previous event. */
    public long previous() {
        return window.buffer().getLong(offset + EventDescriptor.PREVIOUS_OFFSET, ORDER);
    }

    /** Address of an older event of the entity. */
    public long skip() {
        return window.buffer().getLong(offset + EventDescriptor.SKIP_OFFSET, ORDER);
    }

    /** True if the name in the event is this one. */
    public boolean isNamed(byte[] names, int nameOffset, int nameLength) {
        return EventDescriptor.nameLength(nameField) == nameLength
                && EntityNames.isAt(window.buffer(), offset + EventDescriptor.HEADER_LENGTH, names, nameOffset, nameLength);
    }

    /** Position of the commit's first event; after {@link #verify}. */
    public long commitPosition() {
        return commit.position();
    }

    /** Number of events of the commit; after {@link #verify}. */
    public int commitEvents() {
        return commit.events();
    }

    /** Time of the commit; after {@link #verify}. */
    public long timeNs() {
        return commit.timeNs();
    }

    /** Epoch of the commit; after {@link #verify}. */
    public int epoch() {
        return commit.epoch();
    }
}
