package io.daybook.recovery;

import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import io.daybook.index.EntityIndex;
import io.daybook.index.IndexDamagedException;
import io.daybook.index.PositionTable;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.Windows;
import java.util.concurrent.locks.Lock;

/**
 * Reads the journal from where the index stands to where the valid commits end, and brings the index along. Recovery at open and the
 * catching up of reading processes are both this. Internal: not part of the API.
 */
final class Replay {

    private static final int COMMITS_A_LOCK = 256;

    private final EntityIndex index;
    private final Lock lock;
    private final DocumentScanner scanner;
    private long position;
    private long address;
    private long timeNs;
    private long durablePosition;
    private long replayed;

    Replay(JournalFolder folder, Windows windows, EntityIndex index, Lock lock) {
        this.index = index;
        this.lock = lock;
        scanner = new DocumentScanner(windows);
        position = index.replayPosition();
        timeNs = index.endTimeNs();
        address = index.replayAddress();
        if (position == 0) {
            int[] cycles = folder.cycles();
            address = Address.of(cycles.length == 0 ? 0 : cycles[0], 0);
        }
        requireFits();
    }

    /** Where the valid commits end, or reach this position; found without an index. */
    static Tail endOf(JournalFolder folder, Windows windows, long until) {
        int[] cycles = folder.cycles();
        DocumentScanner scanner = new DocumentScanner(windows).moveTo(Address.of(cycles.length == 0 ? 0 : cycles[0], 0));
        long position = 0;
        long timeNs = Long.MIN_VALUE;
        DocumentScanner.Step step = scanner.next();
        while (step == DocumentScanner.Step.DOCUMENT && position < until) {
            CommitView commit = scanner.commit();
            if (!commit.isWhole() || commit.position() != position) {
                return new Tail(position, scanner.documentAddress(), timeNs, 0, DocumentScanner.Step.BROKEN, 0);
            }
            position += commit.events();
            timeNs = commit.timeNs();
            step = scanner.next();
        }
        return new Tail(position, scanner.nextAddress(), timeNs, 0, step, 0);
    }

    /** The index must stand at the end of a commit: the table of positions leads to within 1,024 commits before it. */
    private void requireFits() {
        if (position == 0) {
            return;
        }
        PositionTable table = index.positions();
        long entry = table.findPosition(position - 1);
        long at = entry < 0 ? -1 : table.position(entry);
        long lastNs = Long.MIN_VALUE;
        if (at >= 0) {
            scanner.moveTo(table.address(entry));
        }
        while (at >= 0 && at < position) {
            CommitView commit = scanner.next() == DocumentScanner.Step.DOCUMENT ? scanner.commit() : null;
            at = commit != null && commit.readHeader() && commit.position() == at && commit.isWhole() ? at + commit.events() : -1;
            lastNs = commit == null ? lastNs : commit.timeNs();
        }
        if (at != position || scanner.nextAddress() != address || lastNs != timeNs) {
            throw new IndexDamagedException("The index does not end where a commit ends: position=" + position);
        }
    }

    /** Goes as far as there are valid commits; may be called again when there are more. */
    Tail run(Runnable everyLock) {
        DocumentScanner.Step step;
        scanner.moveTo(address);
        do {
            everyLock.run();
            lock.lock();
            try {
                step = some();
            } finally {
                lock.unlock();
            }
        } while (step == DocumentScanner.Step.DOCUMENT);
        return new Tail(position, address, timeNs, durablePosition, step, replayed);
    }

    private DocumentScanner.Step some() {
        index.endReplay(); // what failed before fails again
        try {
            return steps();
        } finally {
            index.endReplay();
        }
    }

    private DocumentScanner.Step steps() {
        for (int i = 0; i < COMMITS_A_LOCK; i++) {
            DocumentScanner.Step step = scanner.next();
            address = step == DocumentScanner.Step.DOCUMENT ? scanner.documentAddress() : scanner.nextAddress();
            if (step != DocumentScanner.Step.DOCUMENT) {
                return step;
            }
            CommitView commit = scanner.commit();
            if (!commit.isWhole() || commit.position() != position || commit.timeNs() < timeNs) {
                return DocumentScanner.Step.BROKEN;
            }
            index.replay(commit, address + Integer.BYTES, scanner.nextAddress());
            position += commit.events();
            replayed += commit.events();
            timeNs = commit.timeNs();
            durablePosition = Math.max(durablePosition, commit.durablePosition());
            address = scanner.nextAddress();
        }
        return DocumentScanner.Step.DOCUMENT;
    }

    /** The position behind the last commit that was replayed. */
    long position() {
        return position;
    }
}
