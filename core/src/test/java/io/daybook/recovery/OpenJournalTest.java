package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.NewEvent;
import io.daybook.StoreClosedException;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What readers and followers ask of a journal that is open, of its owner's and of one that only reads. */
class OpenJournalTest {

    @TempDir
    private Path temp;
    private JournalFolder folder;

    @BeforeEach
    void choose() {
        folder = new JournalFolder(temp.resolve("journal"));
    }

    private static void append(OwnedJournal journal, Durability rung) {
        Commit commit = Commit.create().append("e", NewEvent.of("T", new byte[100])).append("f", NewEvent.of("T", new byte[100]));
        journal.writeSide().path().append(commit, rung);
    }

    /** Whoever sleeps until there is something new looks at one number, which must grow with both. */
    @Test
    void theOwnersBoundsGrowWithAppendsAndForces() throws IOException {
        try (OwnedJournal journal = OwnedJournal.open(folder, LeftJournal.SETTINGS, null)) {
            LongSupplier visible = journal.visible();
            LongSupplier durable = journal.durable();
            LongSupplier growth = journal.growth();
            assertEquals(0, growth.getAsLong());
            append(journal, Durability.PROCESS);
            assertEquals(2, visible.getAsLong());
            assertEquals(0, durable.getAsLong());
            assertEquals(2, growth.getAsLong());
            append(journal, Durability.DISK);
            assertEquals(4, visible.getAsLong());
            assertEquals(4, durable.getAsLong());
            assertEquals(8, growth.getAsLong());
            assertEquals(4, journal.catchUp());
            assertEquals(4, journal.durablePosition());
        }
    }

    @Test
    void theOwnerTellsWhatItOwns() throws IOException {
        OwnedJournal journal = OwnedJournal.open(folder, LeftJournal.SETTINGS, null);
        append(journal, Durability.PROCESS);
        assertEquals(1 << 20, journal.fixed().cycleBytes());
        assertEquals(folder.root(), journal.folder().root());
        assertEquals(1, journal.id().epoch());
        int[] several = new int[4];
        assertEquals(3 * (1 << 20), journal.journalBytes(several) - journal.journalBytes(folder.cycles()));
        assertTrue(journal.journalBytes(folder.cycles()) > 200);
        assertFalse(journal.isClosed());
        journal.close();
        assertTrue(journal.isClosed());
        assertThrows(StoreClosedException.class, journal::writeSide);
        assertThrows(StoreClosedException.class, journal::reads);
        assertThrows(StoreClosedException.class, journal::index);
        journal.close();
    }

    @Test
    void whoOnlyReadsFindsWhatIsThereWhenItLooks() throws IOException {
        try (OwnedJournal owner = OwnedJournal.open(folder, LeftJournal.SETTINGS, null)) {
            append(owner, Durability.DISK);
            append(owner, Durability.PROCESS);
            ReadingJournal reading = ReadingJournal.open(folder, LeftJournal.SETTINGS, null);
            LongSupplier durable = reading.durable();
            assertEquals(2, durable.getAsLong());
            assertEquals(2, reading.durablePosition());
            append(owner, Durability.DISK);
            assertEquals(6, durable.getAsLong(), "not bounded by what was read");
            assertEquals(4, reading.durablePosition(), "bounded by what was read");
            assertEquals(6, reading.catchUp());
            assertEquals(6, reading.durablePosition());
            assertEquals(Long.MAX_VALUE, reading.visible().getAsLong(), "whatever is found");
            assertNull(reading.growth(), "nothing is cheap to look at");
            assertEquals(2, reading.reads().version("e"));
            assertEquals(owner.id(), reading.id());
            assertEquals(1 << 20, reading.fixed().cycleBytes());
            assertEquals(folder.root(), reading.folder().root());
            assertEquals(owner.journalBytes(folder.cycles()), reading.journalBytes(folder.cycles()));
            assertFalse(reading.isClosed());
            reading.close();
            assertTrue(reading.isClosed());
        }
    }
}
