package io.daybook.journal;

import io.daybook.JournalDamagedException;
import io.daybook.NoSpaceException;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.host.Space;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Opens Chronicle's queue over files that a crash, a full disk or a hostile hand may have left. Chronicle's own table, which is derived,
 * is made anew if Chronicle fails with the one that is there. Its lock is cleared: ownership of the folder is ours to decide, and a lock
 * that holds a process id outlives a kill.
 */
final class QueueOpening {

    /** The queue, and its one appender. */
    record Opened(SingleChronicleQueue queue, ExcerptAppender appender) {
    }

    // Chronicle maps so much at a time and a quarter more; the quarter must hold the largest commit.
    private static final long BLOCK_BYTES = 512L << 20;
    private static final long TABLE_BYTES = 128 << 10;
    private static final long UNLOCKED = Long.MIN_VALUE;
    private static final long NEVER_LIST_FOLDER_MS = Long.MAX_VALUE / 2;

    private final JournalFolder folder;
    private final TimeProvider cycle;
    private final long mostFileBytes;

    /** {@code cycle}: what Chronicle takes for the time, and knows the cycle by; {@code cycleBytes}: a file is full when it has so many. */
    QueueOpening(JournalFolder folder, TimeProvider cycle, long cycleBytes) {
        this.folder = folder;
        this.cycle = cycle;
        mostFileBytes = cycleBytes + StoreSettings.MAX_COMMIT_BYTES + 2 * BLOCK_BYTES;
    }

    /**
     * Opens it; the journal ends at this address.
     *
     * @throws JournalDamagedException if Chronicle fails twice, and not by a fault of the device: its part of the newest files is damaged
     * @throws NoSpaceException        if the disk has no room for the table
     */
    Opened open(long endAddress) throws IOException {
        if (Files.exists(folder.queueMetadata()) && !ChronicleTable.isWellFormed(folder.queueMetadata())) {
            Files.delete(folder.queueMetadata());
        }
        requireSoundFiles(endAddress);
        Throwable first;
        try {
            return openOnce();
        } catch (NoSpaceException e) {
            throw e;
        } catch (Exception | AssertionError e) { // also checked ones, which Chronicle throws undeclared, and what it asserts of its file
            first = e;
            Files.deleteIfExists(folder.queueMetadata());
        }
        try {
            return openOnce();
        } catch (NoSpaceException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            e.addSuppressed(first);
            if (isDevicesFault(e)) {
                throw new IOException("Chronicle cannot make, map or write its files: folder=" + folder.queue(), e);
            }
            JournalDamagedException damaged = new JournalDamagedException("Chronicle Queue cannot open the journal's newest file: cause="
                    + e, newest().toString(), 0);
            damaged.initCause(e);
            throw damaged;
        }
    }

    private Path newest() {
        int[] cycles = folder.cycles();
        return cycles.length == 0 ? folder.queue() : folder.cycleFile(cycles[cycles.length - 1]);
    }

    /** Chronicle opens the newest file, and older ones up to one that has its end mark. One without a description it passes over. */
    private void requireSoundFiles(long endAddress) throws IOException {
        int[] cycles = folder.cycles();
        boolean ended = false;
        for (int i = cycles.length - 1; i >= 0 && !ended; i--) {
            if (JournalFolder.hasFirstHeader(folder.cycleFile(cycles[i]))) {
                ended = hasSoundEnd(cycles[i], endOf(cycles[i], endAddress));
            }
        }
    }

    /** Behind the journal's end there may be a file that a roll that failed has begun. */
    private static long endOf(int number, long endAddress) {
        if (number == Address.cycle(endAddress)) {
            return Address.offset(endAddress);
        }
        return number < Address.cycle(endAddress) ? WrittenUpTo.END_MARK : WrittenUpTo.BEGINNING;
    }

    /** Answers whether it has its end mark. */
    private boolean hasSoundEnd(int number, long end) throws IOException {
        Path file = folder.cycleFile(number);
        if (!ChronicleHeader.namesOnlyItsOwnTypes(file)) {
            throw new JournalDamagedException("The header of a journal file is damaged", file.toString(), 0);
        }
        boolean ended = new WrittenUpTo(folder, number, end).mend();
        long damage = ChronicleIndex.findDamage(file, mostFileBytes);
        if (damage >= 0) {
            throw new JournalDamagedException("Chronicle's index in a journal file is damaged", file.toString(), damage);
        }
        return ended;
    }

    /** Where Chronicle cannot write its table it goes on as one that only reads, which shows when its locks are cleared. */
    private static boolean isDevicesFault(Throwable fault) {
        boolean found = fault instanceof UnsupportedOperationException && "Read only".equals(fault.getMessage());
        for (Throwable cause = fault; cause != null && !found; cause = cause.getCause()) {
            found = cause instanceof IOException && !(cause instanceof StreamCorruptedException); // that is what it calls damage
        }
        return found;
    }

    private Opened openOnce() throws IOException {
        takeRoomForTable();
        SingleChronicleQueue queue = null;
        try {
            queue = SingleChronicleQueueBuilder.binary(folder.queue())
                    .rollCycle(RollCycles.FAST_DAILY).blockSize(BLOCK_BYTES)
                    .timeProvider(cycle).forceDirectoryListingRefreshIntervalMs(NEVER_LIST_FOLDER_MS).build();
            requireCyclesOfFolder(queue);
            clear(queue, "chronicle.write.lock");
            clear(queue, "chronicle.append.lock");
            leaveEndedFilesAlone(queue);
            return new Opened(queue, queue.createAppender());
        } catch (Throwable e) {
            if (queue != null) {
                queue.close();
            }
            throw e;
        }
    }

    /** It takes its first and its last cycle from the table: a changed bit there would send the next document to another place. */
    private void requireCyclesOfFolder(SingleChronicleQueue queue) throws IOException {
        int[] cycles = folder.cycles();
        if (cycles.length > 0 && (queue.firstCycle() != cycles[0] || queue.lastCycle() != cycles[cycles.length - 1])) {
            throw new StreamCorruptedException("Chronicle's table names other cycles than there are: firstCycle=" + queue.firstCycle()
                    + " expected=" + cycles[0] + " lastCycle=" + queue.lastCycle() + " expected=" + cycles[cycles.length - 1]);
        }
    }

    /** Chronicle writes it through a mapping: on a full disk the JVM would die. */
    private void takeRoomForTable() throws IOException {
        if (Files.exists(folder.queueMetadata())) {
            Space.require(folder.queueMetadata(), 0, TABLE_BYTES);
        } else {
            Space.create(folder.queueMetadata(), TABLE_BYTES);
        }
    }

    /**
     * Every file before the one that is written to has its end mark, put there at the roll or by recovery. Chronicle would look for it from
     * its note of how far it has written, of which those in older files are not mended, and might write into the middle of a commit.
     */
    private static void leaveEndedFilesAlone(SingleChronicleQueue queue) {
        try (LongValue ended = queue.metaStore().acquireValueFor("normalisedEOFsTo", 0)) {
            ended.setOrderedValue(queue.cycle());
        }
    }

    private static void clear(SingleChronicleQueue queue, String lock) {
        try (LongValue value = queue.metaStore().acquireValueFor(lock, UNLOCKED)) {
            value.setOrderedValue(UNLOCKED);
        }
    }
}
