package io.daybook.kafka;

/** Is told how far a restore is, on its thread, after every commit: it must be fast. What it throws ends the restore. */
@FunctionalInterface
public interface RestoreProgress {

    /**
     * A commit is in the journal.
     *
     * @param position all events before it are
     * @param end      the position that the journal will end at
     */
    void reached(long position, long end);
}
