package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on files, and the second act. */
class DemoTest {

    private static final String EVENTS = "global_seq\tcommit_no\tepoch_s\tentity_path\texpected_version\tstatus"
        + "\told_mode\told_blob\tnew_mode\tnew_blob\n"
        + "1\t2\t100\ta\t0\tA\t000000\t00\t100644\ta1\n"
        + "2\t2\t100\tb \"q\"\t0\tA\t000000\t00\t100644\tb1\n"
        + "3\t5\t101\ta\t1\tM\t100644\ta1\t100755\ta2\n"
        + "4\t7\t101\tb \"q\"\t1\tD\t100644\tb1\t000000\t00\n"
        + "5\t9\t102\tb \"q\"\t2\tA\t000000\t00\t100644\tb3\n";
    private static final String ORACLE = "commit_no\tcommit\tentity_path\tmode\tblob\n"
        + "2\txx\ta\t100644\ta1\n2\txx\tb \"q\"\t100644\tb1\n"
        + "7\tyy\ta\t100755\ta2\n"
        + "9\tzz\ta\t100755\ta2\n9\tzz\tb \"q\"\t100644\tb3\n";

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private Shell.Outcome demo(String events, String oracle) throws IOException {
        return demo(Files.writeString(folder.resolve("events.tsv"), events), Files.writeString(folder.resolve("oracle.tsv"), oracle));
    }

    private Shell.Outcome demo(Path events, Path oracle) {
        return Shell.run("demo", "--events", events, "--oracle", oracle, "--journal", journal, "--transfers", "0", "--ticks", "0",
            "--json");
    }

    @Test
    void theTreesThatComeOutAreThoseOfTheOracle() throws IOException {
        JsonNode result = demo(EVENTS, ORACLE).expect(0).object();
        assertEquals(4, result.path("commits").asInt());
        assertEquals(5, result.path("events").asInt());
        assertEquals(3, result.path("treesEqual").asInt());
        assertEquals("b \"q\"", result.path("longestEntity").asText());
        assertEquals(3, result.path("longestEntityEvents").asInt());
        assertEquals(0, demo(EVENTS, ORACLE).expect(0).object().path("events").asInt());
    }

    @Test
    void everyKindOfDifferenceIsFound() throws IOException {
        List<List<String>> differences = List.of(
            List.of(EVENTS, ORACLE.replace("9\tzz\ta\t100755\ta2", "9\tzz\ta\t100644\ta2"), "The tree differs: commit=9 entity=a"),
            List.of(EVENTS, ORACLE.replace("b3", "b4"), "The tree differs: commit=9 entity=b \"q\" expected=100644 b4 found=100644 b3"),
            List.of(EVENTS, ORACLE.replace("7\tyy\ta", "7\tyy\tc"), "The tree differs: commit=7 entity=c"),
            List.of(EVENTS, ORACLE.replace("9\tzz\ta\t100755\ta2\n", ""), "The tree has other paths: commit=9 expected=1 found=2"),
            List.of(EVENTS, ORACLE + "11\tzz\ta\t100755\ta2\n", "never came to a commit that must be compared: commit=11"),
            List.of(EVENTS, ORACLE.replace("7\tyy", "6\tyy"), "never came to a commit that must be compared: commit=6"),
            List.of(EVENTS.replace("1\tD\t100644\tb1", "1\tD\t100644\tb0"), ORACLE, "is not as the event says: position=3 entity=b \"q\""),
            List.of(EVENTS.replace("2\tA\t000000\t00", "2\tA\t100644\tb1"), ORACLE, "is not as the event says: position=4 entity=b \"q\""));
        for (int n = 0; n < differences.size(); n++) {
            journal = folder.resolve("journal" + n);
            Shell.Outcome outcome = demo(differences.get(n).get(0), differences.get(n).get(1)).expect(1);
            assertTrue(outcome.said().contains(differences.get(n).get(2)), outcome.said());
            assertFalse(outcome.object().path("ok").asBoolean());
        }
    }

    @Test
    void eventsThatConflictOrAreMalformedEndWithOne() throws IOException {
        expectFailure(EVENTS.replace("\ta\t1\tM", "\ta\t2\tM"), ORACLE,
            "The history conflicts with the journal: commit=5 entity=a expected=exactly(1) actual=0");
        expectFailure(EVENTS.replace("\tM\t", "\tX\t"), ORACLE, "line=4 column=status");
        expectFailure(EVENTS.replace("\t101\ta", "\tlater\ta"), ORACLE, "line=4 column=epoch_s");
        expectFailure(EVENTS.replace("epoch_s", "epoch"), ORACLE, "column=epoch_s");
        expectFailure(EVENTS, ORACLE.replace("blob", "blub"), "column=blob");
    }

    private void expectFailure(String events, String oracle, String why) throws IOException {
        journal = folder.resolve("journal of " + why.hashCode());
        Shell.Outcome outcome = demo(events, oracle).expect(1);
        assertTrue(outcome.said().contains(why), outcome.said());
    }

    @Test
    void theSharedHistoryComesOutRightAtAllTwelveCommits() {
        Path data = Path.of(System.getProperty("user.dir")).resolve("../../shared/data").normalize();
        Path events = data.resolve("git_commons_lang_events.tsv.gz");
        boolean there = Files.isReadable(events);
        if (!there) System.out.println("Left out, the shared history does not stand beside the project: file=" + events);
        assumeTrue(there, "the shared history does not stand beside the project");

        JsonNode result = demo(events, data.resolve("git_commons_lang_oracle.tsv.gz")).expect(0).object();
        assertEquals(9_062, result.path("commits").asInt());
        assertEquals(26_593, result.path("events").asInt());
        assertEquals(26_593, result.path("foldedEvents").asInt());
        assertEquals(12, result.path("treesCompared").asInt());
        assertEquals(12, result.path("treesEqual").asInt());
        assertEquals(1_546, result.path("longestEntityEvents").asInt());
        assertEquals(0, demo(events, data.resolve("git_commons_lang_oracle.tsv.gz")).expect(0).object().path("events").asInt());
    }

    @Test
    void theBooksOfTheSecondActBalance() throws IOException {
        JsonNode first = second(500).expect(0).objects().get(1);
        assertEquals("transfers", first.path("act").asText());
        assertEquals(500, first.path("appended").asInt());
        assertTrue(first.path("booksBalance").asBoolean());
        JsonNode more = second(2_000).expect(0).objects().get(1);
        assertEquals(1_500, more.path("appended").asInt());
        assertEquals(10_000 + 4_000, more.path("replayedEvents").asInt());
        assertEquals(0, second(100).expect(0).objects().get(1).path("appended").asInt());
    }

    @Test
    void aTransferTooManyIsFound() throws IOException {
        second(100).expect(0);
        Provenance source = new Provenance(TransferPlan.fingerprint());
        try (EventStore store = EventStore.open(journal)) {
            store.append("account-5", Expected.present(), NewEvent.json("Deposited",
                "{\"transfer\":101,\"cents\":1}").withMetadata(source.metadata(10_100)));
        }
        Shell.Outcome outcome = second(100).expect(1);
        assertTrue(outcome.said().contains("The books do not balance"), outcome.said());
        assertFalse(outcome.objects().get(1).path("booksBalance").asBoolean());
    }

    private Shell.Outcome second(int transfers) throws IOException {
        Path events = Files.writeString(folder.resolve("events.tsv"), EVENTS);
        Path oracle = Files.writeString(folder.resolve("oracle.tsv"), ORACLE);
        return Shell.run("demo", "--events", events, "--oracle", oracle, "--journal", journal, "--transfers", transfers, "--ticks", "0",
            "--json");
    }

    @Test
    void theTextTellsEveryPartOfTheStory() throws IOException {
        Path events = Files.writeString(folder.resolve("events.tsv"), EVENTS);
        Path oracle = Files.writeString(folder.resolve("oracle.tsv"), ORACLE);
        Shell.Outcome outcome = Shell.run("demo", "--events", events, "--oracle", oracle, "--transfers", "50", "--ticks", "20").expect(0);
        for (String part : List.of("Act one", "appended", "events/s", "p99.9", "conflict", "repeat", "story", "replayed", "checked",
            "equal", "Act two", "books", "Last act", "caught up with", "there       20 ticks arrived after p50")) {
            assertTrue(outcome.out().contains(part), () -> part + " is missing in\n" + outcome.out());
        }
        assertTrue(outcome.err().contains("Transferring"), outcome.err());
        assertNotNull(outcome);
    }

    @Test
    void withoutAJournalNothingIsLeftBehind() throws IOException {
        Path events = Files.writeString(folder.resolve("events.tsv"), EVENTS);
        Path oracle = Files.writeString(folder.resolve("oracle.tsv"), ORACLE);
        String before = System.getProperty("java.io.tmpdir");
        Path place;
        try (TemporaryFolder temporary = TemporaryFolder.in(Path.of(before))) {
            place = temporary.path();
            assertTrue(place.startsWith(before));
            Files.createDirectories(place.resolve("a/b"));
            Files.writeString(place.resolve("a/b/c"), "x");
        }
        assertFalse(Files.exists(place));
        Shell.run("demo", "--events", events, "--oracle", oracle, "--transfers", "0", "--ticks", "0").expect(0);
        try (var left = Files.list(place.getParent())) {
            assertEquals(0, left.filter(file -> file.getFileName().toString().startsWith("daybook-demo-")).count());
        }
    }
}
