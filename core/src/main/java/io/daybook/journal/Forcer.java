package io.daybook.journal;

import io.daybook.envelope.Address;
import io.daybook.host.Holes;
import io.daybook.host.Uninterrupted;
import io.daybook.metrics.FlightEvents;
import io.daybook.metrics.ForceEvent;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Forces the journal to the device: through a mapping of our own and only the range that was written, which ignores interrupts, throws on
 * I/O errors and leaves alone what others wrote. Oldest file first, the folder before the first acknowledgement in a new file.
 * Thread-safe. Callers share forces: one of them forces everything that is written by then, those who come meanwhile wait, and then one of
 * these forces for all of them. Internal: not part of the API.
 */
public final class Forcer {

    /**
     * A place up to which the journal is written.
     *
     * @param position the position behind it
     * @param address  its address
     */
    public record Mark(long position, long address) {
    }

    private static final long WINDOW = 256L << 20;
    private static final int PAGE_BYTES = 4096;

    private final JournalFolder folder;
    private final StateFile state;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean underWay;
    private long forcedAddress; // whose turn it is reads it without the lock
    private int listedCycle;
    private long doubtedUpTo;
    private MappedByteBuffer mapping;
    private int mappedCycle = -1;
    private long mappedBase;
    private long forcedBytes; // of the force under way
    private volatile long forcedPosition;
    private volatile long forces;
    private volatile long longestNs;
    private volatile Throwable failure;

    /** Everything before this position, which lies before this address, is known to be forced. */
    public Forcer(JournalFolder folder, StateFile state, long forcedPosition, long forcedAddress) {
        this.folder = folder;
        this.state = state;
        this.forcedPosition = forcedPosition;
        this.forcedAddress = forcedAddress;
        listedCycle = -1;
    }

    /**
     * What lies before this address was written by an owner before, who did not close. If a force of his failed, Linux keeps the pages and
     * calls them clean, and would answer the next force without writing them: so they are made dirty again before they are forced.
     */
    public void doubt(long upTo) {
        doubtedUpTo = upTo;
    }

    /**
     * Returns once everything before {@code position} is on the device. {@code written} tells how far the journal is, at least that far;
     * it is asked when a force begins, so that the force is for all who wait. The time bounds the waiting for others, not a force of one's
     * own.
     *
     * @return false if the time was over first
     * @throws IOException if the device failed, now or earlier: then nothing is known of what it holds, and no later call succeeds. The
     *                     JVM's own {@code force} may throw a runtime exception or an error instead
     */
    public boolean force(long position, Supplier<Mark> written, long timeoutNs) throws IOException {
        if (forcedPosition >= position) {
            return true;
        }
        if (!takeTurn(position, timeoutNs)) {
            return forcedPosition >= position;
        }
        Mark mark = null;
        Throwable thrown = null;
        try {
            mark = written.get();
            if (mark.address > forcedAddress) {
                forceUpTo(mark);
            }
        } catch (Throwable e) {
            thrown = e;
            throw e;
        } finally {
            endTurn(mark, thrown);
        }
        if (failure != null && forcedPosition < position) {
            throw new IOException("An earlier force failed", failure); // beside this one
        }
        return true;
    }

    /** True if the caller must force; false if another's force was enough, or the time is over. */
    private boolean takeTurn(long position, long timeoutNs) throws IOException {
        boolean interrupted = Thread.interrupted();
        long leftNs = timeoutNs;
        lock.lock();
        try {
            while (underWay && failure == null && forcedPosition < position && leftNs > 0) {
                try {
                    leftNs = ended.awaitNanos(leftNs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (forcedPosition >= position) {
                return false;
            }
            if (failure != null) {
                throw new IOException("An earlier force failed", failure);
            }
            boolean mine = !underWay;
            underWay = true;
            return mine;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How many wait for others' forces. */
    int waiting() {
        lock.lock();
        try {
            return lock.getWaitQueueLength(ended);
        } finally {
            lock.unlock();
        }
    }

    private void endTurn(Mark mark, Throwable thrown) {
        lock.lock();
        try {
            if (thrown != null) {
                failure = thrown;
            } else if (failure == null && mark.position > forcedPosition) {
                forcedAddress = mark.address;
                forcedPosition = mark.position;
                state.durablePosition(mark.position);
            }
            underWay = false;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The device failed elsewhere: what it holds of the journal is not known either. */
    public void fail(Throwable cause) {
        lock.lock();
        try {
            failure = failure == null ? cause : failure;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void forceUpTo(Mark mark) throws IOException {
        ForceEvent event = FlightEvents.beginForce();
        long startNs = System.nanoTime();
        forcedBytes = 0;
        try {
            Uninterrupted.call(() -> forceRange(mark.address));
        } catch (Throwable e) {
            record(event, mark, e);
            throw e;
        }
        forces++;
        longestNs = Math.max(longestNs, System.nanoTime() - startNs);
        record(event, mark, null);
    }

    private void record(ForceEvent event, Mark mark, Throwable thrown) {
        if (event != null) {
            event.end();
            event.journal = folder.root().toString();
            event.position = mark.position;
            event.events = mark.position - forcedPosition;
            event.bytes = forcedBytes;
            event.failure = thrown == null ? null : thrown.toString();
            event.commit();
        }
    }

    private Void forceRange(long endAddress) throws IOException {
        int last = Address.cycle(endAddress);
        for (int cycle = Address.cycle(forcedAddress); cycle <= last; cycle++) {
            long from = cycle == Address.cycle(forcedAddress) ? Address.offset(forcedAddress) : 0;
            // Whoever looks at a file between its writes makes the kernel note the time of each of them in the file, and force that, too.
            long to = cycle == last ? Address.offset(endAddress) : Long.MAX_VALUE;
            if (from < to && (cycle == last || cycle == mappedCycle || folder.cycleFile(cycle).toFile().exists())) {
                forceFile(cycle, from, to);
            }
        }
        if (listedCycle != last && Address.offset(endAddress) > 0) { // else the file is yet to be made
            JournalFolder.force(folder.queue());
            JournalFolder.force(folder.root());
            listedCycle = last;
        }
        return null;
    }

    private void forceFile(int cycle, long from, long to) throws IOException {
        long at = from;
        while (at < to) {
            long base = at / WINDOW * WINDOW;
            long end = Math.min(to, base + WINDOW);
            if (cycle != mappedCycle || base != mappedBase || mapping.capacity() < Math.min(end - base, WINDOW)) {
                map(cycle, base);
            }
            long mappedEnd = Math.min(end, base + mapping.capacity());
            if (mappedEnd <= at) {
                requireAll(cycle, at, to);
                return;
            }
            if (Address.of(cycle, at) < doubtedUpTo) {
                dirty(cycle, at, cycle == Address.cycle(doubtedUpTo) ? Math.min(mappedEnd, Address.offset(doubtedUpTo)) : mappedEnd);
            }
            mapping.force((int) (at - base), (int) (mappedEnd - at));
            forcedBytes += mappedEnd - at;
            at = mappedEnd;
        }
    }

    /** A file that is followed by another one ends where it ends; what was written into the newest must be there. */
    private void requireAll(int cycle, long end, long to) throws IOException {
        if (to != Long.MAX_VALUE) {
            throw new IOException("A journal file is shorter than what was written into it: file=" + folder.cycleFile(cycle) + " bytes="
                    + end + " writtenBytes=" + to);
        }
    }

    private void dirty(int cycle, long from, long to) {
        UnsafeBuffer pages = new UnsafeBuffer(mapping);
        try (Holes holes = Holes.of(folder.cycleFile(cycle))) {
            for (long at = holes.pass(from & -PAGE_BYTES); at < to; at = holes.pass((at & -PAGE_BYTES) + PAGE_BYTES)) {
                int word = (int) ((at & -PAGE_BYTES) - mappedBase);
                if (word + Long.BYTES <= pages.capacity()) {
                    long value = pages.getLongVolatile(word);
                    pages.compareAndSetLong(word, value, value);
                }
            }
        }
    }

    private void map(int cycle, long base) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.cycleFile(cycle), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long length = Math.max(0, Math.min(WINDOW, channel.size() - base));
            mapping = channel.map(FileChannel.MapMode.READ_WRITE, base, length);
            mappedCycle = cycle;
            mappedBase = base;
        }
    }

    /** Everything before this position is visible: after a kill it must be there. Under the store's lock. */
    public void visible(long endPosition) {
        state.endPosition(endPosition);
    }

    /** Everything before this position is forced. */
    public long forcedPosition() {
        return forcedPosition;
    }

    /** How often the device was asked. */
    public long forces() {
        return forces;
    }

    /** How long the longest one took. */
    public long longestNs() {
        return longestNs;
    }

    /** Why a force failed; null as long as none did. */
    public Throwable failure() {
        return failure;
    }
}
