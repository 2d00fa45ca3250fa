package io.daybook.journal;

import io.daybook.NoSpaceException;
import io.daybook.envelope.Address;
import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes {@link Space} for the journal's newest file before it is written, in steps that grow with the file. Thread-safe. */
final class Room implements AutoCloseable {

    private static final long LEAST_STEP = 1 << 20;
    private static final long LONGEST_STEP = 64 << 20;
    /** Chronicle writes index pages of its own between our documents. */
    private static final long MARGIN = 256 << 10;

    private final JournalFolder folder;
    private final long cycleBytes;
    private volatile long reservedUpTo = Address.of(0, 0);
    private boolean onlyFree;
    private int openCycle;
    private int descriptor = -1;
    private boolean closed;

    /** For files of this size. */
    Room(JournalFolder folder, long cycleBytes) {
        this.folder = folder;
        this.cycleBytes = cycleBytes;
    }

    /** Makes the file of a cycle, empty, unless it is there, with room for Chronicle's own pages and a document of this length. */
    synchronized void requireForNewFile(int cycle, long length) {
        Path file = folder.cycleFile(cycle);
        long bytes = length + 4 * MARGIN;
        try {
            boolean isNew = !Files.exists(file);
            if (isNew) {
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
            }
            try {
                requireRoom(reserve(cycle, 0, bytes), bytes);
            } catch (NoSpaceException e) {
                if (isNew) {
                    closeFile();
                    Files.delete(file);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes sure of this many bytes of a cycle's file, from this offset on. */
    void require(int cycle, long offset, long length) {
        if (!holds(cycle, offset + length + MARGIN)) {
            requireReserved(cycle, offset, offset + length + MARGIN);
        }
    }

    private synchronized void requireReserved(int cycle, long offset, long end) {
        if (holds(cycle, end)) {
            return;
        }
        Space.Outcome outcome = reserveWithStep(cycle, offset, end);
        if (outcome != Space.Outcome.RESERVED) {
            requireRoom(outcome, end - offset + 4 * LEAST_STEP);
            onlyFree = true;
            reservedUpTo = Address.of(cycle, end + step(offset));
        }
    }

    /** Reserves up to an offset, if it can be; answers up to where the file has its space. Any thread. */
    synchronized long reserveAhead(int cycle, long offset, long end) {
        if (!holds(cycle, end + MARGIN) && reserveWithStep(cycle, offset, end + MARGIN) == Space.Outcome.RESERVED) {
            return end;
        }
        return !onlyFree && Address.cycle(reservedUpTo) == cycle ? Address.offset(reservedUpTo) : 0;
    }

    private Space.Outcome reserveWithStep(int cycle, long offset, long end) {
        long withStep = Math.max(end, Math.min(end + step(offset), cycleBytes + MARGIN)); // what lies behind the file's end is never used
        Space.Outcome outcome = reserve(cycle, offset, withStep);
        return outcome == Space.Outcome.RESERVED || withStep == end ? outcome : reserve(cycle, offset, end);
    }

    private static long step(long offset) {
        return Math.max(LEAST_STEP, Math.min(LONGEST_STEP, offset / 4));
    }

    private boolean holds(int cycle, long end) {
        long reserved = reservedUpTo;
        return Address.cycle(reserved) == cycle && Address.offset(reserved) >= end;
    }

    private Space.Outcome reserve(int cycle, long offset, long end) {
        long from = !onlyFree && Address.cycle(reservedUpTo) == cycle ? Math.max(offset, Address.offset(reservedUpTo)) : offset;
        if (end <= from) {
            return Space.Outcome.RESERVED;
        }
        Space.Outcome outcome = isOpen(cycle) ? Space.reserve(folder.root(), descriptor, from, end - from) : Space.Outcome.CANNOT;
        if (outcome == Space.Outcome.RESERVED) {
            onlyFree = false;
            reservedUpTo = Address.of(cycle, end);
        }
        return outcome;
    }

    /** The file stays open until the next one: opening it for each step would make garbage. */
    private boolean isOpen(int cycle) {
        if (closed) {
            return false;
        }
        if (openCycle != cycle || descriptor < 0) {
            closeFile();
            descriptor = Space.open(folder.cycleFile(cycle));
            openCycle = cycle;
        }
        return descriptor >= 0;
    }

    private void closeFile() {
        if (descriptor >= 0) {
            Space.close(descriptor);
            descriptor = -1;
        }
    }

    /** Reserves nothing more. */
    @Override
    public synchronized void close() {
        closed = true;
        closeFile();
    }

    private void requireRoom(Space.Outcome outcome, long bytes) {
        try {
            Space.requireRoom(outcome, folder.root(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
