package io.daybook.journal;

import io.daybook.NoSpaceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/**
 * Reserves space for the journal before it is written: under a memory map a full disk otherwise shows as a lost write or a dead JVM.
 * Space is reserved by fallocate without changing the file's size, in steps that grow with the file. Where the file system cannot,
 * free space is asked for instead, which others may use up meanwhile. Under the store's lock. Internal: not part of the API.
 */
final class Room {

    private static final int KEEP_SIZE = 1;
    private static final long LEAST_STEP = 1 << 20;
    private static final long LONGEST_STEP = 64 << 20;
    /** Chronicle writes index pages of its own between our documents. */
    private static final long MARGIN = 256 << 10;

    private final JournalFolder folder;
    private final FileStore store;
    private final boolean canReserve = !(PosixAPI.posix() instanceof NoOpPosixAPI);
    private int cycle = -1;
    private long reservedUpTo;

    Room(JournalFolder folder) throws IOException {
        this.folder = folder;
        store = Files.getFileStore(folder.root());
    }

    /** Makes sure that a new file with a document of this length can be made. */
    void requireForNewFile(long length) {
        requireFree(length + 4 * MARGIN);
    }

    /** Makes sure of this many bytes of a cycle's file, from this offset on. */
    void require(int inCycle, long offset, long length) {
        long end = offset + length + MARGIN;
        if (inCycle == cycle && end <= reservedUpTo) {
            return;
        }
        long from = inCycle == cycle ? reservedUpTo : offset;
        long step = Math.max(LEAST_STEP, Math.min(LONGEST_STEP, offset / 4));
        if (canReserve && (reserve(inCycle, from, end + step - from) || reserve(inCycle, from, end - from))) {
            return;
        }
        requireFree(end - from + 4 * LEAST_STEP);
        cycle = inCycle;
        reservedUpTo = end + step;
    }

    private boolean reserve(int inCycle, long from, long length) {
        Path file = folder.cycleFile(inCycle);
        PosixAPI posix = PosixAPI.posix();
        int descriptor = posix.open(file.toString(), OpenFlag.O_RDWR, 0);
        if (descriptor < 0) {
            return false;
        }
        try {
            if (posix.fallocate(descriptor, KEEP_SIZE, from, length) != 0) {
                return false;
            }
        } catch (RuntimeException e) {
            return false;
        } finally {
            posix.close(descriptor);
        }
        cycle = inCycle;
        reservedUpTo = from + length;
        return true;
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
