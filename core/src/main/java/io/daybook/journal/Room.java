package io.daybook.journal;

import io.daybook.NoSpaceException;
import io.daybook.envelope.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/**
 * Reserves space for the journal before it is written: under a memory map a full disk otherwise shows as a lost write or a dead JVM.
 * Space is reserved by fallocate without changing the file's size, in steps that grow with the file. Where the file system cannot,
 * free space is asked for instead, which others may use up meanwhile. Thread-safe. Internal: not part of the API.
 */
final class Room implements AutoCloseable {

    private static final int KEEP_SIZE = 1;
    private static final long LEAST_STEP = 1 << 20;
    private static final long LONGEST_STEP = 64 << 20;
    /** Chronicle writes index pages of its own between our documents. */
    private static final long MARGIN = 256 << 10;

    private final JournalFolder folder;
    private final long cycleBytes;
    private final FileStore store;
    private final boolean canReserve = !(PosixAPI.posix() instanceof NoOpPosixAPI);
    private volatile long reservedUpTo = Address.of(0, 0);
    private boolean onlyFree;
    private int openCycle;
    private int descriptor = -1;
    private boolean closed;

    /** For files of this size. */
    Room(JournalFolder folder, long cycleBytes) throws IOException {
        this.folder = folder;
        this.cycleBytes = cycleBytes;
        store = Files.getFileStore(folder.root());
    }

    /** Makes sure that a new file with a document of this length can be made. */
    void requireForNewFile(long length) {
        requireFree(length + 4 * MARGIN);
    }

    /** Makes sure of this many bytes of a cycle's file, from this offset on. */
    void require(int cycle, long offset, long length) {
        if (!holds(cycle, offset + length + MARGIN)) {
            requireReserved(cycle, offset, offset + length + MARGIN);
        }
    }

    private synchronized void requireReserved(int cycle, long offset, long end) {
        if (holds(cycle, end) || reserveWithStep(cycle, offset, end)) {
            return;
        }
        requireFree(end - offset + 4 * LEAST_STEP);
        onlyFree = true;
        reservedUpTo = Address.of(cycle, end + step(offset));
    }

    /** Reserves up to an offset, if it can be; answers up to where the file has its space. Any thread. */
    synchronized long reserveAhead(int cycle, long offset, long end) {
        if (!holds(cycle, end + MARGIN) && reserveWithStep(cycle, offset, end + MARGIN)) {
            return end;
        }
        return !onlyFree && Address.cycle(reservedUpTo) == cycle ? Address.offset(reservedUpTo) : 0;
    }

    private boolean reserveWithStep(int cycle, long offset, long end) {
        long withStep = Math.max(end, Math.min(end + step(offset), cycleBytes + MARGIN)); // what lies behind the file's end is never used
        return canReserve && (reserve(cycle, offset, withStep) || reserve(cycle, offset, end));
    }

    private static long step(long offset) {
        return Math.max(LEAST_STEP, Math.min(LONGEST_STEP, offset / 4));
    }

    private boolean holds(int cycle, long end) {
        long reserved = reservedUpTo;
        return Address.cycle(reserved) == cycle && Address.offset(reserved) >= end;
    }

    private boolean reserve(int cycle, long offset, long end) {
        long from = !onlyFree && Address.cycle(reservedUpTo) == cycle ? Math.max(offset, Address.offset(reservedUpTo)) : offset;
        try {
            if (!isOpen(cycle) || PosixAPI.posix().fallocate(descriptor, KEEP_SIZE, from, end - from) != 0) {
                return false;
            }
        } catch (RuntimeException e) {
            return false;
        }
        onlyFree = false;
        reservedUpTo = Address.of(cycle, end);
        return true;
    }

    /** The file stays open until the next one: opening it for each step would make garbage. */
    private boolean isOpen(int cycle) {
        if (closed) {
            return false;
        }
        if (openCycle != cycle || descriptor < 0) {
            closeFile();
            descriptor = PosixAPI.posix().open(folder.cycleFile(cycle).toString(), OpenFlag.O_RDWR, 0);
            openCycle = cycle;
        }
        return descriptor >= 0;
    }

    private void closeFile() {
        if (descriptor >= 0) {
            PosixAPI.posix().close(descriptor);
            descriptor = -1;
        }
    }

    /** Reserves nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        closeFile();
    }

    private void requireFree(long bytes) {
        long free;
        try {
            free = store.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (free < bytes) {
            throw new NoSpaceException("There is no room for the commit, and nothing was written: neededBytes=" + bytes
                    + " freeBytes=" + free + " folder=" + folder.root());
        }
    }
}
