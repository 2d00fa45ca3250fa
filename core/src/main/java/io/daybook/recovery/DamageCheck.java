package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.index.PositionTable;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import io.daybook.journal.Windows;
import java.util.Arrays;

/** Tells a damaged journal from one that was merely left unfinished: guarantee 8. A damaged one is not opened for writing. */
final class DamageCheck {

    private final JournalFolder folder;
    private final Windows windows;

    DamageCheck(JournalFolder folder, Windows windows) {
        this.folder = folder;
        this.windows = windows;
    }

    /** A torn tail is cut off; anything else at the end is damage. {@code durable}: everything before this position was forced. */
    void requireNotDamaged(Tail tail, HowItWasLeft left, long durable) {
        StateFile.Record closedAt = left.closedAt();
        long seen = left.seenPosition();
        boolean cutShort = closedAt != null && (tail.position() != closedAt.endPosition() || !tail.isPlain());
        boolean another = closedAt != null && !cutShort && tail.position() > 0 && tail.timeNs() != closedAt.lastTimeNs();
        int[] cycles = folder.cycles();
        boolean goesOnBehind = cycles.length > 0 && cycles[cycles.length - 1] > Address.cycle(tail.address());
        boolean notTorn = !left.machineStopped() && (!tail.isPlain() || goesOnBehind);
        if (cutShort || another || notTorn || Math.max(durable, seen) > tail.position()) {
            throw damaged(tail, durable, seen, closing(closedAt, tail, another));
        }
    }

    /**
     * For who only reads: all that was forced, or visible to a process of this machine, is there, and a journal that is closed ends as it
     * was closed; {@code now} is the same, looked at behind the tail. What follows may be about to be written.
     */
    void requireWhatWasSeen(Tail tail, HowItWasLeft left, HowItWasLeft now) {
        StateFile.Record closedAt = left.closedAt();
        boolean closed = closedAt != null && closedAt.equals(now.record());
        boolean another = closed && (tail.position() != closedAt.endPosition()
                || tail.position() > 0 && tail.timeNs() != closedAt.lastTimeNs());
        long seen = Math.max(left.seenPosition(), closedAt == null ? 0 : closedAt.endPosition());
        if (another || Math.max(left.durablePosition(), seen) > tail.position()) {
            throw damaged(tail, left.durablePosition(), seen, closing(closedAt, tail, another));
        }
    }

    private static String closing(StateFile.Record closedAt, Tail tail, boolean another) {
        return (closedAt == null ? "" : " closedAtPosition=" + closedAt.endPosition())
                + (another ? " timeNs=" + tail.timeNs() + " closedAtTimeNs=" + closedAt.lastTimeNs() : "");
    }

    private JournalDamagedException damaged(Tail tail, long durable, long seen, String closing) {
        return new JournalDamagedException("The journal is damaged: it has no valid commit where one must be: position="
                + tail.position() + " found=" + tail.reason() + " durablePosition=" + durable
                + (seen > tail.position() ? " visiblePosition=" + seen : "") + closing,
                windows.fileName(Address.cycle(tail.address())), Address.offset(tail.address()));
    }

    /** The table of positions names every file that holds a commit: one that was lost is noticed now, not when it is read. */
    void requireEveryFile(PositionTable table) {
        int[] cycles = folder.cycles();
        if (cycles.length > 0 && cycles[cycles.length - 1] == cycles.length - 1) {
            return;
        }
        for (long entry = 0; entry < table.entries(); entry++) {
            int cycle = Address.cycle(table.address(entry));
            if (Arrays.binarySearch(cycles, cycle) < 0) {
                throw new JournalDamagedException("A file of the journal is missing: position=" + table.position(entry),
                        windows.fileName(cycle), 0);
            }
        }
    }

    /** What was in the index, up to a commit of this time, was in the journal, and no machine stopped in between to take it. */
    void requireIndexed(long position, long timeNs) {
        Tail tail = Replay.endOf(folder, windows, position);
        if (tail.position() != position || position > 0 && tail.timeNs() != timeNs) {
            throw new JournalDamagedException("The journal is damaged: it has no valid commit where one must be: position="
                    + tail.position() + " found=" + tail.reason() + " indexedPosition=" + position,
                    windows.fileName(Address.cycle(tail.address())), Address.offset(tail.address()));
        }
    }
}
