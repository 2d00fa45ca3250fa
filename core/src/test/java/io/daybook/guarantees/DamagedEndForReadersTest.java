package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.guarantees.KnownJournal.Left;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guarantee 8 for who only reads: a place where the commits end is the end only if nothing was known behind it. */
class DamagedEndForReadersTest extends DamagedFolderTest {

    private KnownJournal journal;

    @BeforeEach
    void make() throws Exception {
        journal = KnownJournal.make(damaged.resolve("made"), 30);
    }

    private JournalDamagedException refused() {
        JournalDamagedException e = assertThrows(JournalDamagedException.class,
            () -> EventStore.openReadOnly(folder, KnownJournal.settings()).close());
        assertTrue(e.file().endsWith(".cq4"), e.getMessage());
        return e;
    }

    /** Of eight commits: what was closed, seen by a process of this machine, or forced must be there. */
    @ParameterizedTest
    @CsvSource({"CLOSED, 7, 10", "CLOSED, 0, 0", "KILLED, 7, 10", "KILLED, 5, 7", "STOPPED, 2, 2"})
    void aCommitThatIsGoneIsNotTakenForTheEnd(Left left, int commit, long position) throws Exception {
        journal.putBack(left, folder);
        Path cycle = KnownJournal.cycle(folder);
        List<JournalFiles.Document> commits = KnownJournal.commits(cycle);
        Damages.zero(cycle, commits.get(commits.size() - 8 + commit).offset(), 4);
        assertTrue(refused().getMessage().contains("position=" + position + " "), refused().getMessage());
    }

    @Test
    void whatAStopOfTheMachineMayHaveTakenIsNotMissed() throws Exception {
        journal.putBack(Left.STOPPED, folder);
        Path cycle = KnownJournal.cycle(folder);
        List<JournalFiles.Document> commits = KnownJournal.commits(cycle);
        Damages.zero(cycle, commits.get(commits.size() - 1).offset(), 4);
        try (EventStore reader = EventStore.openReadOnly(folder, KnownJournal.settings())) {
            assertEquals(journal.everything.subList(0, journal.everything.size() - 1), Events.all(reader));
        }
    }
}
