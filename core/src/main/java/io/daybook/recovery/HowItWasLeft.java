package io.daybook.recovery;

import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import java.io.IOException;
import java.util.UUID;

/**
 * How the owner before left a journal, by its state file.
 *
 * @param record          what the state file says; null if there is none, or none that is whole
 * @param fresh           no file and no position says that anything was written
 * @param clean           it was closed, or is fresh and has no record
 * @param machineStopped  it was not, and the machine was started since, or nobody knows
 * @param durablePosition everything before this position was forced
 * @param seenPosition    everything before this position was visible, and no machine stopped since to take it
 */
record HowItWasLeft(StateFile.Record record, boolean fresh, boolean clean, boolean machineStopped, long durablePosition,
                    long seenPosition) {

    static HowItWasLeft look(JournalFolder folder, UUID bootId) throws IOException {
        StateFile.Record record = StateFile.peek(folder.stateFile());
        long end = StateFile.peekEnd(folder.stateFile());
        boolean fresh = folder.cycles().length == 0 && (record == null || record.endPosition() == 0) && end == 0;
        // The state file is forced before the first append: where it says open, events may have been seen and lost, also all of them.
        boolean clean = record == null ? fresh : record.closed();
        boolean machineStopped = !clean && (record == null || !record.bootId().equals(bootId));
        return new HowItWasLeft(record, fresh, clean, machineStopped, StateFile.peekDurable(folder.stateFile()),
                clean || machineStopped ? 0 : end);
    }

    /** The owner ended without a close, and the machine went on. */
    boolean ownerKilled() {
        return !clean && !machineStopped;
    }

    /** How it was closed; null if it was not, or nobody knows. */
    StateFile.Record closedAt() {
        return clean ? record : null;
    }
}
