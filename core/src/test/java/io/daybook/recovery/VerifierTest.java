package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.TestClock;
import io.daybook.envelope.Address;
import io.daybook.journal.EpochFile;
import io.daybook.recovery.Verifier.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verification reads everything and says file, offset and what is wrong. */
class VerifierTest {

    @TempDir
    private Path temp;

    private static void fill(EventStore store) {
        for (int i = 0; i < 100; i++) {
            Commit commit = Commit.create();
            for (int j = 0; j <= i % 4; j++) {
                commit.append("e-" + (i * j) % 7, NewEvent.of("T", new byte[i * 400]));
            }
            store.commit(commit);
        }
    }

    private static Verifier.Report verify(Path root) throws IOException {
        List<Long> told = new ArrayList<>();
        Verifier.Report report = Verifier.verify(root, told::add);
        for (int i = 1; i < told.size(); i++) {
            assertTrue(told.get(i) >= told.get(i - 1), "progress goes on: " + told);
        }
        assertEquals(report.bytes(), told.get(told.size() - 1));
        return report;
    }

    @Test
    void aGoodJournalHasNoProblems() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        Verifier.Report report = verify(left.folder.root());
        assertEquals(List.of(), report.problems());
        assertTrue(report.indexChecked());
        assertEquals(250, report.events());
        assertEquals(100, report.commits());
        assertEquals(7, report.entities());
        assertEquals(left.folder.cycles().length, report.cycleFiles());
        assertTrue(report.cycleFiles() > 3);
    }

    /** Many commits in one file, all of one time. */
    @Test
    void progressIsToldWithinAFileToo() throws IOException {
        Path root = temp.resolve("large");
        int commits = 66_000;
        try (EventStore store = EventStore.open(root, StoreSettings.create().cycleBytes(32 << 20).clock(new TestClock()))) {
            for (int i = 0; i < commits; i++) {
                store.append("e", Expected.any(), NewEvent.json("T", "{}"));
            }
        }
        List<Long> told = new ArrayList<>();
        Verifier.Report report = Verifier.verify(root, told::add);
        assertEquals(List.of(), report.problems());
        assertEquals(commits, report.commits());
        assertEquals(1, report.cycleFiles());
        assertEquals(2, told.size(), "after 65,536 commits, and at the end");
        assertTrue(told.get(0) < report.bytes() && told.get(0) > report.bytes() / 2, () -> told + " of " + report.bytes());
    }

    @Test
    void besideItsOwnerAJournalIsVerifiedWithoutTheIndex() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        try (EventStore store = left.open()) {
            store.append("new", Expected.absent(), NewEvent.json("T", "{}"));
            Verifier.Report report = verify(left.folder.root());
            assertEquals(List.of(), report.problems());
            assertFalse(report.indexChecked());
            assertEquals(251, report.events());
        }
        assertTrue(verify(left.folder.root()).indexChecked(), "its owner still owned it, and closed it");
    }

    @Test
    void theListOfEpochsIsChecked() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        Path file = left.folder.epochFile();
        byte[] whole = Files.readAllBytes(file);
        EpochFile.write(left.folder, List.of(new EpochFile.Epoch(1, 0, 0), new EpochFile.Epoch(2, 240, 0)));
        Problem first = verify(left.folder.root()).problems().get(0);
        assertTrue(first.what().startsWith("The commit is of another epoch: expected=2 found=1"), first.what());
        byte[] flipped = whole.clone();
        flipped[20] ^= 1;
        Files.write(file, flipped);
        assertEquals(file.toString(), verify(left.folder.root()).problems().get(0).file());
        Files.delete(file);
        assertEquals(file.toString(), verify(left.folder.root()).problems().get(0).file());
        Files.write(file, whole);
        assertEquals(List.of(), verify(left.folder.root()).problems());
    }

    @Test
    void theTableOfPositionsAndTheRecordOfTheStateAreChecked() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        for (Path file : List.of(left.folder.index().resolve("positions.dbk"), left.folder.stateFile())) {
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            flipped[whole.length > 100 ? 90 : 4] ^= 1;
            Files.write(file, flipped);
            assertEquals(List.of(file.toString()), verify(left.folder.root()).problems().stream().map(Problem::file).toList());
            Files.write(file, whole);
        }
        assertEquals(List.of(), verify(left.folder.root()).problems());
    }

    @Test
    void damageIsToldWithFileAndOffset() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        List<Long> documents = left.documents();
        for (int commit : new int[] {0, 50, 99}) {
            long address = documents.get(commit);
            byte[] bytes = left.read(Address.cycle(address), Address.offset(address) + 60, Address.offset(address) + 61);
            bytes[0] ^= 8;
            left.write(Address.cycle(address), Address.offset(address) + 60, bytes);
            Problem first = verify(left.folder.root()).problems().get(0);
            assertEquals(left.folder.cycleFile(Address.cycle(address)).toString(), first.file());
            assertEquals(Address.offset(address), first.offset());
            assertTrue(first.what().contains("not the ones that were written"), first.what());
            bytes[0] ^= 8;
            left.write(Address.cycle(address), Address.offset(address) + 60, bytes);
        }
        assertEquals(List.of(), verify(left.folder.root()).problems());
    }

    @Test
    void aMissingEndIsTold() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        List<Long> documents = left.documents();
        long last = documents.get(99);
        left.zero(Address.cycle(last), Address.offset(last), Address.offset(documents.get(100)));
        List<Problem> problems = verify(left.folder.root()).problems();
        assertTrue(problems.get(0).what().contains("closed at another position: closedAt=250 found=246"), problems.toString());
        assertEquals(1, problems.size(), "the index is compared with a whole journal only");
        Files.delete(left.folder.stateFile());
        problems = verify(left.folder.root()).problems();
        assertTrue(problems.get(0).what().contains("another journal"), problems.toString());
        left.deleteIndex();
        assertEquals(List.of(), verify(left.folder.root()).problems());
    }

    @Test
    void aFileWithoutItsEndMarkIsTold() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        List<Long> documents = left.documents();
        long lastOfFirst = documents.stream().filter(a -> Address.cycle(a) == 0).max(Long::compare).orElseThrow();
        left.zero(0, Address.offset(lastOfFirst), 1 << 20);
        List<Problem> problems = verify(left.folder.root()).problems();
        assertEquals(new Problem(left.folder.cycleFile(0).toString(), Address.offset(lastOfFirst),
                "The file has no commit and no end mark here: found=END"), problems.get(0));
        assertTrue(problems.get(1).what().startsWith("Positions are not dense"), problems.toString());
    }

    @Test
    void aDamagedIndexIsTold() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, VerifierTest::fill);
        try (Stream<Path> files = Files.list(left.folder.index())) {
            Path map = files.filter(f -> f.toString().endsWith(".map")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(map);
            bytes[bytes.length / 2] ^= 1;
            Files.write(map, bytes);
        }
        Verifier.Report report = verify(left.folder.root());
        assertTrue(report.indexChecked());
        assertEquals(1, report.problems().size());
        assertTrue(report.problems().get(0).what().contains("file is damaged"), report.problems().toString());
    }

    /** Everything that a journal can contradict itself in, each in a commit that is whole. */
    @Test
    void contradictionsAreTold() throws IOException {
        Path root = temp.resolve("hand-made");
        List<String> expected = new ArrayList<>();
        List<Long> where = new ArrayList<>();
        try (HandMadeJournal journal = new HandMadeJournal(root)) {
            long first = journal.append("e", 0, 0, 0);
            long second = journal.append("e", 1, first, first);
            journal.append("e", 2, first, first);
            expected.add("The pointer to the previous event is wrong: entity=e version=2");
            where.add(journal.documentAddress());
            journal.append("f", 1, 0, 0);
            expected.add("Versions are not dense: entity=f expected=0 found=1");
            where.add(journal.documentAddress());
            journal.append("g", 0, 0, first);
            expected.add("The pointer to an older event is wrong: entity=g version=0");
            where.add(journal.documentAddress());
            journal.append("e", 3, journal.address(0), second);
            expected.add("The pointer to the previous event is wrong: entity=e version=3");
            where.add(journal.documentAddress());
            expected.add("The pointer to an older event is wrong: entity=e version=3");
            where.add(journal.documentAddress());
            journal.position += 2;
            journal.append("h", 0, 0, 0);
            expected.add("Positions are not dense: expected=6 found=8");
            where.add(journal.documentAddress());
            journal.timeNs -= 2;
            journal.append("i", 0, 0, 0);
            expected.add("The time goes back: from=1700000000000000006 to=1700000000000000005");
            where.add(journal.documentAddress());
        }
        Verifier.Report report = verify(root);
        assertEquals(expected, report.problems().stream().map(Problem::what).toList());
        assertEquals(where.stream().map(Address::offset).toList(), report.problems().stream().map(Problem::offset).toList());
        assertFalse(report.indexChecked());
    }

    @Test
    void noMoreThanAThousandProblemsAreTold() throws IOException {
        Path root = temp.resolve("hand-made");
        try (HandMadeJournal journal = new HandMadeJournal(root)) {
            for (int i = 0; i < 1100; i++) {
                journal.append("e", 7, 0, 0);
            }
        }
        assertEquals(1000, verify(root).problems().size());
    }

    @Test
    void aJournalThatContradictsItselfIsNotOpened() throws IOException {
        Path root = temp.resolve("hand-made");
        try (HandMadeJournal journal = new HandMadeJournal(root)) {
            long first = journal.append("e", 0, 0, 0);
            journal.append("e", 2, first, first);
        }
        for (int i = 0; i < 2; i++) {
            JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> EventStore.open(root));
            assertTrue(e.getMessage().contains("contradict each other") && e.getMessage().contains("version=2 newestInIndex=0"),
                    e.getMessage());
            assertThrows(JournalDamagedException.class, () -> EventStore.openReadOnly(root, LeftJournal.SETTINGS).close());
        }
    }

    @Test
    void aJournalWhosePositionsOrTimesGoWrongEndsThere() throws IOException {
        for (boolean time : new boolean[] {true, false}) {
            Path root = temp.resolve("hand-made-" + time);
            long wrong;
            try (HandMadeJournal journal = new HandMadeJournal(root)) {
                journal.append("e", 0, 0, 0);
                journal.timeNs -= time ? 2 : 0;
                journal.position += time ? 0 : 1;
                journal.append("f", 0, 0, 0);
                wrong = journal.documentAddress();
            }
            JournalDamagedException e = assertThrows(JournalDamagedException.class,
                    () -> EventStore.openReadOnly(root, LeftJournal.SETTINGS).close());
            assertEquals(Address.offset(wrong), e.offset());
            try (EventStore store = EventStore.open(root, LeftJournal.SETTINGS)) {
                assertEquals(1, store.endPosition());
                assertEquals(1, store.recovery().setAside().size(), "without a state file nobody knows whether the machine stopped");
            }
        }
    }
}
