package io.daybook.journal;

import io.daybook.envelope.Address;
import io.daybook.host.Memory;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.io.ReferenceCounted;
import net.openhft.chronicle.core.io.ReferenceOwner;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs ahead of the writer: reserves space and touches the pages that it will write next, through the writer's own mapping, so that
 * page faults and block allocation happen on another thread; where the journal is forced often, it also writes them to the device. An
 * append that comes to a page first does without. How far ahead follows the pace, about as much as is written in 40 ms: touched pages
 * are written to the device as zeros, and where every core has work many at once take one of them away for milliseconds.
 *
 * <p>A touch compares a word with zero and sets it to zero, atomically: it dirties the page and changes nothing, whatever the writer does
 * meanwhile. Each stretch that Chronicle maps is reserved while it is touched, and the next one until the writer has come to it: it
 * would be unmapped under our hands otherwise. Internal: not part of the API.
 *
 * <p>The writer calls {@link #follow}, {@link #reached} and {@link #isDue} under the store's lock; one other thread calls {@link #run} and
 * then {@link #close}.
 */
final class PageToucher {

    private static final int PAGE_BYTES = 4096;
    private static final int SLICE_BYTES = 64 * PAGE_BYTES;
    private static final long LEAST_AHEAD = 256 << 10;
    private static final long MOST_AHEAD = 32 << 20;
    private static final long MOST_BYTES_A_FORCE = 256 << 10;
    private static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private record Followed(int cycle, MappedFile file) {
    }

    private final Room room;
    private final long cycleBytes;
    private final UnsafeBuffer pages = new UnsafeBuffer(0, 0);
    private final ReferenceOwner owner = ReferenceOwner.temporary("page-toucher");
    private final AtomicLong writerAt = new AtomicLong();
    private volatile Followed followed;
    private volatile long dueAt; // an address, so that any in a later file is behind it
    private Followed held;
    private MappedBytesStore current;
    private MappedBytesStore next;
    private long touchedUpTo;
    private long lastRunAt;
    private boolean oftenForced;
    private boolean failed;
    private boolean advised;
    private long advisedStart;
    private long ahead = LEAST_AHEAD;
    private long lastRunNs = System.nanoTime();

    PageToucher(Room room, long cycleBytes) {
        this.room = room;
        this.cycleBytes = cycleBytes;
    }

    /** The writer begins a file, or goes on in one. */
    void follow(int cycle, MappedFile file, long offset) {
        reached(cycle, offset);
        followed = new Followed(cycle, file);
    }

    /** The writer has come here. */
    void reached(int cycle, long offset) {
        writerAt.lazySet(Address.of(cycle, offset));
    }

    /** True if {@link #run} should be called soon. */
    boolean isDue() {
        return writerAt.get() > dueAt;
    }

    /**
     * Reserves and touches what lies ahead of the writer; {@code forces}: how often the journal was forced since the last call. Answers
     * false if the device failed.
     */
    boolean run(long forces) {
        Followed now = followed;
        failed = false;
        if (now == null) {
            return true;
        }
        try {
            if (now != held) {
                hold(now);
            }
            adaptToForces(forces);
            touchAhead();
        } catch (Throwable e) {
            // Chronicle closed the file, or cannot map it, or its disk fails: the writer does without, in this file.
            dueAt = Address.of(now.cycle + 1, 0);
        }
        return !failed;
    }

    /**
     * Where little is written between two forces, their time is what counts: pages come one by one ({@link Memory#singlePages}) and are on
     * the device before they are needed, so that a force finds blocks that are written already and has nothing to tell the file system.
     */
    private void adaptToForces(long forces) {
        long at = writerAt();
        oftenForced = forces > 0 && (at - lastRunAt) / forces < MOST_BYTES_A_FORCE;
        lastRunAt = at;
    }

    private void hold(Followed now) {
        release();
        now.file.reserve(owner);
        held = now;
        touchedUpTo = 0;
        lastRunAt = 0;
        advised = false;
    }

    private void touchAhead() throws IOException {
        if (Address.cycle(writerAt.get()) != held.cycle) {
            return; // the writer has left the file, and is about to tell of the next one
        }
        adaptToPace();
        long at = writerAt();
        if (at >= cycleBytes) {
            return;
        }
        long end = Math.min(at + ahead, cycleBytes);
        end = Math.min(end, room.reserveAhead(held.cycle, at, end));
        long from = at;
        while (from < end && followed == held && !failed) {
            from = touchSlice(from, end);
        }
        dueAt = Address.of(held.cycle, at + ahead / 2);
    }

    private void adaptToPace() {
        long nowNs = System.nanoTime();
        if (nowNs - lastRunNs < SOON_NS) {
            ahead = Math.min(MOST_AHEAD, 2 * ahead);
        } else if (nowNs - lastRunNs > LATE_NS) {
            ahead = Math.max(LEAST_AHEAD, ahead / 4);
        }
        lastRunNs = nowNs;
    }

    private long touchSlice(long asked, long end) throws IOException {
        long from = Math.max(asked, Math.max(touchedUpTo, writerAt())) & -PAGE_BYTES;
        if (from >= end) {
            return end;
        }
        MappedBytesStore stretch = stretch(from);
        long sliceEnd = Math.min(Math.min(end, stretch.safeLimit()), from + SLICE_BYTES);
        advise(stretch);
        pages.wrap(stretch.addressForWrite(from), (int) (sliceEnd - from));
        for (int page = 0; page + Long.BYTES <= pages.capacity(); page += PAGE_BYTES) {
            pages.compareAndSetLong(page, 0, 0);
        }
        failed |= oftenForced && !Memory.write(pages.addressOffset(), pages.capacity());
        touchedUpTo = sliceEnd;
        return sliceEnd;
    }

    private void advise(MappedBytesStore stretch) {
        if (advised != oftenForced || stretch.start() != advisedStart) {
            Memory.singlePages(stretch.addressForWrite(stretch.start()), stretch.capacity(), oftenForced);
            advised = oftenForced;
            advisedStart = stretch.start();
        }
    }

    private long writerAt() {
        long address = writerAt.get();
        return Address.cycle(address) == held.cycle ? Address.offset(address) : cycleBytes;
    }

    /** The mapping through which this offset is written. */
    private MappedBytesStore stretch(long offset) throws IOException {
        if (next != null && next.inside(writerAt())) {
            release(current);
            current = next;
            next = null;
        }
        if (current != null && current.inside(offset)) {
            return current;
        }
        if (next == null || !next.inside(offset)) {
            release(next);
            next = null;
            next = held.file.acquireByteStore(owner, offset, null, MappedBytesStore::create);
        }
        return next;
    }

    private void release(ReferenceCounted reserved) {
        if (reserved != null) {
            reserved.release(owner);
        }
    }

    private void release() {
        release(current);
        release(next);
        release(held == null ? null : held.file);
        current = null;
        next = null;
        held = null;
    }

    /** Lets go of all memory. */
    void close() {
        followed = null;
        release();
    }
}
