package io.daybook.journal;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Forces the journal to the device: through a mapping of our own and only the range that was written, which ignores interrupts, throws on
 * I/O errors and leaves alone what others wrote. Oldest file first, the folder before the first acknowledgement in a new file.
 * Thread-safe; one force at a time, and who finds his position forced by another's has nothing to do. Internal: not part of the API.
 */
public final class Forcer {

    private static final long WINDOW = 256L << 20;

    private final JournalFolder folder;
    private final StateFile state;
    private final ReentrantLock lock = new ReentrantLock();
    private long forcedAddress;
    private int listedCycle;
    private MappedByteBuffer mapping;
    private int mappedCycle = -1;
    private long mappedBase;
    private volatile long forcedPosition;
    private volatile long forces;
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
     * Returns once everything before {@code position} is on the device. The caller names an end that is at least that far.
     *
     * @throws IOException if the device failed, now or earlier: then nothing is known of what it holds, and no later call succeeds. The
     *                     JVM's own {@code force} may throw a runtime exception or an error instead
     */
    public void force(long position, long endPosition, long endAddress) throws IOException {
        if (forcedPosition >= position) {
            return;
        }
        lock.lock();
        try {
            if (failure != null) {
                throw new IOException("An earlier force failed", failure);
            }
            if (forcedPosition >= position || Long.compare(endAddress, forcedAddress) <= 0) {
                return;
            }
            Uninterrupted.call(() -> forceRange(endAddress));
            forcedAddress = endAddress;
            forcedPosition = endPosition;
            state.durablePosition(endPosition);
            forces++;
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private Void forceRange(long endAddress) throws IOException {
        int last = Address.cycle(endAddress);
        for (int cycle = Address.cycle(forcedAddress); cycle <= last; cycle++) {
            long from = cycle == Address.cycle(forcedAddress) ? Address.offset(forcedAddress) : 0;
            if (!folder.cycleFile(cycle).toFile().exists()) {
                continue;
            }
            forceFile(cycle, from, cycle == last ? Address.offset(endAddress) : Long.MAX_VALUE);
        }
        if (listedCycle != last) {
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
                return;
            }
            mapping.force((int) (at - base), (int) (mappedEnd - at));
            at = mappedEnd;
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

    /** Everything before this position is forced. */
    public long forcedPosition() {
        return forcedPosition;
    }

    /** How often the device was asked. */
    public long forces() {
        return forces;
    }

    /** Why a force failed; null as long as none did. */
    public Throwable failure() {
        return failure;
    }
}
