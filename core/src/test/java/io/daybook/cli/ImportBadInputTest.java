package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.Effort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guarantee 9 on the command line: bad input gets a clear error and changes nothing; malformed rows tell line and column. */
class ImportBadInputTest {

    private static final String GOOD = "{\"who\":\"a\",\"kind\":\"K\",\"tx\":1,\"at\":1,\"id\":\"i1\",\"n\":0}\n";

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("ImportBadInputTest");
    }

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private Shell.Outcome run(String name, String content) throws IOException {
        return run(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Shell.Outcome run(String name, byte[] content) throws IOException {
        Path file = Files.write(folder.resolve(name), content);
        return Shell.run("import", "--journal", journal, "--json", "--entity", "who", "--type", "kind", "--commit", "tx", "--time", "at",
            "--id", "id",
            "--expected-count", "n", file);
    }

    /** Each: a malformed second commit of two rows, the second of which is wrong; where; and why. */
    static List<List<String>> malformedCsv() {
        return List.of(
            List.of("b,K,2,2,i3", "line=4 column=n", "the row has 5 columns, the header 6"),
            List.of("b,K,2,2,i3,1,x", "line=4 column=7", "the row has 7 columns, the header 6"),
            List.of("b,K,2,2,i3,one", "line=4 column=n", "not a whole number value=\"one\""),
            List.of("b,K,2,2,i3,-1", "line=4 column=n", "negative"),
            List.of("b,K,2,2,i3,0", "line=4 column=n", "does not count on from line 3"),
            List.of("b,K,2,soon,i3,1", "line=4 column=at", "neither seconds nor an RFC 3339 time value=\"soon\""),
            List.of("b,K,2,-7,i3,1", "line=4 column=at", "before 1970"),
            List.of(",K,2,2,i3,1", "line=4 column=who", "it is empty"),
            List.of("b,,2,2,i3,1", "line=4 column=kind", "it is empty"),
            List.of("b,K,2,2,,1", "line=4 column=id", "it is empty"),
            List.of("b\u0007,K,2,2,i3,1", "line=4 column=who", "control character value=\"b\uFFFD\""),
            List.of("b".repeat(513) + ",K,2,2,i3,1", "line=4 column=who", "it is too long: bytes=513 most=512"),
            List.of("b," + "K".repeat(256) + ",2,2,i3,1", "line=4 column=kind", "it is too long: bytes=256 most=255"),
            List.of("b,\"K\"x,2,2,i3,1", "line=4 column=1", "after closing quote"),
            List.of("b,\"K,2,2,i3,1", "line=4 column=1", "Unclosed"));
    }

    @ParameterizedTest
    @MethodSource("malformedCsv")
    void aMalformedRowOfCsvTellsLineAndColumn(List<String> malformed) throws IOException {
        Shell.Outcome outcome = run("rows.csv", "who,kind,tx,at,id,n\na,K,1,1,i1,0\nb,K,2,2,i2,0\n" + malformed.get(0)
            + "\nc,K,3,3,i4,0\n");
        expectOnlyTheFirstCommit(outcome, malformed.get(1), malformed.get(2));
    }

    static List<List<String>> malformedNdjson() {
        return List.of(
            List.of("{\"who\":\"b\"", "line=3 column=", "not JSON"),
            List.of("not json", "line=3 column=", "not JSON"),
            List.of("[1]", "line=3 column=1", "not a JSON object"),
            List.of("{\"who\":\"b\"} {}", "line=3 column=", "more than one JSON value"),
            List.of("{\"who\":\"b\",\"who\":\"c\"}", "line=3 column=", "Duplicate"),
            List.of("{\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":3,\"n\":1}", "line=3 column=who", "missing or null"),
            List.of("{\"who\":null,\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":3,\"n\":1}", "line=3 column=who", "missing or null"),
            List.of("{\"who\":{},\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":3,\"n\":1}", "line=3 column=who", "neither text nor a number"),
            List.of("{\"who\":\"b\\ud800\",\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":3,\"n\":1}", "line=3 column=who", "half a character"),
            List.of("{\"who\":\"b\",\"kind\":\"K\",\"tx\":2,\"at\":true,\"id\":3,\"n\":1}", "line=3 column=at", "neither seconds nor"),
            List.of("{\"who\":\"b\",\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":3,\"n\":1.5}", "line=3 column=n", "not a whole number"));
    }

    @ParameterizedTest
    @MethodSource("malformedNdjson")
    void aMalformedRowOfNdjsonTellsLineAndColumn(List<String> malformed) throws IOException {
        String second = "{\"who\":\"b\",\"kind\":\"K\",\"tx\":2,\"at\":2,\"id\":2,\"n\":0}\n";
        expectOnlyTheFirstCommit(run("rows.ndjson", GOOD + second + malformed.get(0) + "\n" + second), malformed.get(1), malformed.get(2));
    }

    @Test
    void anotherEncodingTellsLineAndColumn() throws IOException {
        byte[] csv = "who,kind,tx,at,id,n\na,K,1,1,i1,0\nb,K,2,2,i2,0\nb,K,2,2,caf\u00E9,1\n".getBytes(StandardCharsets.ISO_8859_1);
        expectOnlyTheFirstCommit(run("rows.csv", csv), "line=4 column=12", "not UTF-8");
        journal = folder.resolve("of ndjson");
        byte[] ndjson = (GOOD + GOOD.replace("1", "2") + "{\"who\":\"caf\u00E9\"}\n").getBytes(StandardCharsets.ISO_8859_1);
        expectOnlyTheFirstCommit(run("rows.ndjson", ndjson), "line=3 column=12", "not UTF-8");
    }

    @Test
    void whatPrecedesAMalformedRowThatIsACommitOfItsOwnIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), "who,n\na,1\nb,2\nc\n");
        Shell.Outcome outcome = Shell.run("import", "--journal", journal, "--json", "--entity", "who", file).expect(1);
        assertEquals(2, outcome.object().path("commits").asInt());
        assertEquals(2, Shell.events(journal).size());
    }

    @Test
    void aGzipThatIsCutShortIsNoEndOfTheInput() throws IOException {
        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream out = new java.util.zip.GZIPOutputStream(packed)) {
            out.write(("who,kind,tx,at,id,n\n").getBytes(StandardCharsets.UTF_8));
            java.util.Random random = new java.util.Random(1);
            for (int n = 0; n < 20_000; n++) out.write(("a,K," + n + "," + n + "," + random.nextLong() + "," + n
                + "\n").getBytes(StandardCharsets.UTF_8));
        }
        byte[] cut = java.util.Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
        Shell.Outcome outcome = run("rows.csv.gz", cut).expect(1);
        assertTrue(outcome.said().startsWith("The input cannot be read on: line="), outcome.said());
        assertFalse(outcome.object().path("complete").asBoolean());
        run("rows.csv.gz", packed.toByteArray()).expect(0);
        assertEquals(20_000, Shell.events(journal).size());
    }

    @Test
    void twoColumnsOfOneNameAreRefused() throws IOException {
        Shell.Outcome outcome = run("rows.csv", "who,kind,tx,at,id,n,who\na,K,1,1,i1,0,a\n").expect(1);
        assertTrue(outcome.said().contains("line=1 column=who"), outcome.said());
        assertFalse(Files.exists(journal));
    }

    @Test
    void anUnknownColumnIsMisuse() throws IOException {
        Shell.Outcome outcome = run("rows.csv", "who,kind,tx,at,id\na,K,1,1,i1\n").expect(2);
        assertTrue(outcome.err().contains("column=n columns=[who, kind, tx, at, id]"), outcome.err());
        assertFalse(Files.exists(journal));
    }

    @Test
    void aFirstRowThatIsMalformedMakesNoJournal() throws IOException {
        run("rows.csv", "who,kind,tx,at,id,n\na,K\n").expect(1);
        assertFalse(Files.exists(journal));
    }

    @Test
    void aPayloadOrCommitOverTheLimitIsRefused() throws IOException {
        String row = "{\"who\":\"a\",\"kind\":\"K\",\"tx\":2,\"at\":1,\"id\":2,\"n\":1,\"long\":\"" + "x".repeat(1 << 20) + "\"}\n";
        Shell.Outcome outcome = run("rows.ndjson", GOOD + row);
        expectOnlyTheFirstCommit(outcome, "line=2 lastLine=2", "problem=");
        journal = folder.resolve("many");
        StringBuilder many = new StringBuilder("who,kind,tx,at,id,n\na,K,1,1,i1,0\n");
        for (int n = 0; n <= 65_536; n++) many.append("b,K,2,1,").append(n).append(',').append(n).append('\n');
        expectOnlyTheFirstCommit(run("rows.csv", many.toString()), "line=65539 column=tx", "rows=65537");
    }

    @Test
    void anIdOfAnotherEventIsRefused() throws IOException {
        Shell.Outcome outcome = run("rows.csv", "who,kind,tx,at,id,n\na,K,1,1,i1,0\nb,K,2,2,i1,0\n");
        expectOnlyTheFirstCommit(outcome, "line=3", "position=0");
    }

    private void expectOnlyTheFirstCommit(Shell.Outcome outcome, String where, String why) {
        outcome.expect(1);
        assertTrue(outcome.said().contains(where) && outcome.said().contains(why), () -> "wanted: " + where + " and " + why + "\nsaid: "
            + outcome.said());
        assertEquals(1, outcome.said().lines().count(), outcome.said());
        JsonNode result = outcome.object();
        assertFalse(result.path("complete").asBoolean());
        assertEquals(1, result.path("commits").asInt());
        assertEquals(List.of("a"), Shell.events(journal).stream().map(e -> e.path("entity").asText()).toList());
    }
}
