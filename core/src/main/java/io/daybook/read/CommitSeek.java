package io.daybook.read;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.envelope.CommitView;
import io.daybook.index.PositionTable;
import io.daybook.journal.DocumentScanner;
import io.daybook.journal.Windows;

/**
 * Finds and steps through commits of the journal up to a known end: by the position table to within 1,024 commits, from there document by
 * document. One thread. Internal: not part of the API.
 */
public final class CommitSeek {

    private final Windows windows;
    private final PositionTable table;
    private final DocumentScanner scanner;
    private CommitView commit;
    private long nextPosition;

    /** Over these files, with this table. */
    public CommitSeek(Windows windows, PositionTable table) {
        this.windows = windows;
        this.table = table;
        scanner = new DocumentScanner(windows);
    }

    /** Goes to the commit that holds this position, which must be below the end. Its header only was looked at. */
    public CommitView toPosition(long position) {
        toEntry(table.findPosition(position));
        do {
            step();
        } while (nextPosition <= position);
        return commit;
    }

    /** The first position whose commit is at this time or later; {@code end} if there is none below. */
    long positionOfTime(long timeNs, long end) {
        long entry = table.findBeforeTime(timeNs);
        if (entry < 0) {
            return 0;
        }
        toEntry(entry);
        while (nextPosition < end) {
            if (step().timeNs() >= timeNs) {
                return commit.position();
            }
        }
        return end;
    }

    /** Stands before the commit that holds this position; where the journal ends now, if the position is its end. */
    void before(long position) {
        if (position == 0) {
            scanner.moveTo(Address.of(windows.firstCycle(), 0));
            nextPosition = 0;
            return;
        }
        toPosition(position - 1);
        if (nextPosition > position) {
            toDocument(scanner.documentAddress(), commit.position());
        }
    }

    /** Goes to the next commit, if it is there already; null if it is not. Looks at its header only. */
    CommitView tryStep() {
        DocumentScanner.Step step = scanner.next();
        boolean none = step == DocumentScanner.Step.END || step == DocumentScanner.Step.CLOSED || step == DocumentScanner.Step.INCOMPLETE;
        return none ? null : stepped(step);
    }

    /** Stands before the commit of an entry of the table. */
    void toEntry(long entry) {
        scanner.moveTo(table.address(entry));
        nextPosition = table.position(entry);
    }

    /** Stands before the commit at this address, which must be of this position. */
    void toDocument(long address, long position) {
        scanner.moveTo(address);
        nextPosition = position;
    }

    /** Goes to the next commit, which must be there; looks at its header only. */
    public CommitView step() {
        return stepped(scanner.next());
    }

    private CommitView stepped(DocumentScanner.Step step) {
        if (step != DocumentScanner.Step.DOCUMENT) {
            throw new JournalDamagedException("A commit that was there is not: step=" + step + " position="
                    + nextPosition, scanner.fileName(),
                    Address.offset(scanner.nextAddress()));
        }
        commit = scanner.commit();
        if (!commit.readHeader() || commit.position() != nextPosition) {
            throw damaged("A commit of another position stands where this one should");
        }
        nextPosition += commit.events();
        return commit;
    }

    /** Checks the sums of the commit's events, which vouch for its header too. */
    public void verify() {
        if (!commit.eventsAreWhole()) {
            throw damaged("A commit's sum is wrong");
        }
    }

    private JournalDamagedException damaged(String what) {
        return new JournalDamagedException(what, scanner.fileName(), Address.offset(scanner.documentAddress()));
    }

    /** Position of the commit that a step would go to. */
    long nextPosition() {
        return nextPosition;
    }

    /** Where a step would look. */
    long nextAddress() {
        return scanner.nextAddress();
    }

    /** Address of the commit's document. */
    long documentAddress() {
        return scanner.documentAddress();
    }

    /** The commit stood on; its bytes lie in {@link #window()}. */
    CommitView commit() {
        return commit;
    }

    /** The window that the commit lies in. */
    io.daybook.journal.Window window() {
        return scanner.window();
    }

    PositionTable table() {
        return table;
    }
}
