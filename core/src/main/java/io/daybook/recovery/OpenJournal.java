package io.daybook.recovery;

import io.daybook.JournalId;
import io.daybook.envelope.Address;
import io.daybook.index.EntityIndex;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.read.Reads;
import java.io.IOException;
import java.util.function.LongSupplier;

/** A journal that is open: what those who own it and those who only read it have in common. Any thread. Internal: not part of the API. */
public sealed interface OpenJournal extends AutoCloseable permits OwnedJournal, ReadingJournal {

    /** Sees what is visible now; answers the position behind it. */
    long catchUp();

    /** Everything before this position is forced. */
    long durablePosition();

    /**
     * A bound for readers that follow: what lies before it and is there may be handed out. Cheap. It asks the journal anew each time, so
     * whoever keeps it keeps no mapping.
     */
    LongSupplier visible();

    /** The same for what is on the device. */
    LongSupplier durable();

    /** A number that grows with the journal and with what of it is on the device; null if none is cheap to look at. */
    LongSupplier growth();

    /** Everything that reads. */
    Reads reads();

    /** The index of entities. */
    EntityIndex index();

    /** Identity and epoch. */
    JournalId id();

    /** The folder. */
    JournalFolder folder();

    /** What was fixed when the journal was made. */
    JournalFile fixed();

    /** Bytes of these files up to their ends; all but the newest count as full. */
    default long journalBytes(int[] cycles) {
        return Math.max(0, cycles.length - 1) * fixed().cycleBytes() + Address.offset(index().endAddress());
    }

    /** True once closing began. */
    boolean isClosed();

    @Override
    void close() throws IOException;
}
