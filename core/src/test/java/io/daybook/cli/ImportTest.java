package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an import makes of its input when all is well. */
class ImportTest {

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private Shell.Outcome run(Object... args) {
        Object[] all = new Object[args.length + 4];
        System.arraycopy(new Object[] {"import", "--journal", journal, "--json"}, 0, all, 0, 4);
        System.arraycopy(args, 0, all, 4, args.length);
        return Shell.run(all);
    }

    @Test
    void aRowOfCsvBecomesAnEventWithAllColumnsAsStrings() throws IOException {
        Path file = file("rows.csv", "who,what,note", "a,Born,\"said \"\"hi\"\",\nloudly\"", "b,Born,", "a,Died,déjà 🎉");
        JsonNode result = run("--entity", "who", "--type", "what", file).expect(0).object();
        assertTrue(result.path("complete").asBoolean());
        assertEquals(3, result.path("rows").asInt());
        assertEquals(3, result.path("commits").asInt());
        assertEquals(3, result.path("events").asInt());
        assertEquals(0, result.path("alreadyThere").asInt());

        List<JsonNode> events = Shell.events(journal);
        assertEquals(List.of("a", "b", "a"), events.stream().map(e -> e.path("entity").asText()).toList());
        assertEquals(List.of(0, 0, 1), events.stream().map(e -> e.path("version").asInt()).toList());
        assertEquals(List.of("Born", "Born", "Died"), events.stream().map(e -> e.path("type").asText()).toList());
        assertEquals("{\"who\":\"a\",\"what\":\"Born\",\"note\":\"said \\\"hi\\\",\\nloudly\"}", events.get(0).path("payload").toString());
        assertEquals("{\"who\":\"b\",\"what\":\"Born\",\"note\":\"\"}", events.get(1).path("payload").toString());
        assertEquals("déjà 🎉", events.get(2).path("payload").path("note").asText());
        assertEquals(2, events.get(1).path("metadata").path("row").asInt());
        assertEquals(result.path("source").asText(), events.get(1).path("metadata").path("source").asText());
    }

    @Test
    void tsvHasNoQuotes() throws IOException {
        Path file = file("rows.tsv", "who\tnote", "a\t\"half quoted", "\"b\"\tc,d");
        run("--entity", "who", file).expect(0);
        List<JsonNode> events = Shell.events(journal);
        assertEquals("\"half quoted", events.get(0).path("payload").path("note").asText());
        assertEquals("\"b\"", events.get(1).path("entity").asText());
        assertEquals("Imported", events.get(1).path("type").asText());
    }

    @Test
    void anObjectOfNdjsonIsThePayloadAsItIs() throws IOException {
        Path file = file("rows.ndjson", "  {\"who\" : \"a\", \"n\":1.50, \"deep\":{\"x\":[1,null]}}\r", "", "{\"who\":7,\"kind\":null}");
        run("--entity", "who", file).expect(0);
        Shell.Outcome cat = Shell.run("cat", "--journal", journal, "--json").expect(0);
        assertTrue(cat.out().contains("\"payload\":{\"who\" : \"a\", \"n\":1.50, \"deep\":{\"x\":[1,null]}}"), cat.out());
        assertEquals("7", cat.objects().get(1).path("entity").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.tsv.gz", "rows", "rows.bin"})
    void gzipIsUnpackedAndTheFormatIsFoundOut(String name) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("who\tn\na\t1\n".getBytes(StandardCharsets.UTF_8));
        }
        run("--entity", "who", file).expect(0);
        assertEquals("{\"who\":\"a\",\"n\":\"1\"}", Shell.events(journal).get(0).path("payload").toString());
    }

    @Test
    void theFormatGivenWins() throws IOException {
        run("--entity", "who", "--format", "csv", file("rows.tsv", "who,n", "a,1")).expect(0);
        assertEquals("1", Shell.events(journal).get(0).path("payload").path("n").asText());
    }

    @Test
    void stdinIsRead() {
        byte[] rows = "who,n\na,1\nb,2\n".getBytes(StandardCharsets.UTF_8);
        Shell.runWith(rows, "import", "--journal", journal, "--entity", "who", "-").expect(0);
        assertEquals(2, Shell.events(journal).size());
    }

    @Test
    void aRowIsAnEventBeforeTheNextOneComes() throws Exception {
        PipedOutputStream feed = new PipedOutputStream();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Streams streams = new Streams(new PipedInputStream(feed), nowhere, nowhere);
        EventStore.open(journal).close();
        Thread importing = new Thread(() -> Main.run(streams, "import", "--journal", journal.toString(), "--entity", "who", "--json", "-"));
        importing.start();
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            long deadline = System.nanoTime() + 30_000_000_000L;
            for (int n = 0; n < 5; n++) {
                feed.write((n == 0 ? "who\na\n" : "a\n").getBytes(StandardCharsets.UTF_8));
                feed.flush();
                while (store.endPosition() <= n && System.nanoTime() < deadline) Thread.onSpinWait();
                assertEquals(n + 1, store.endPosition());
            }
        }
        feed.close();
        importing.join();
    }

    @Test
    void consecutiveRowsWithTheSameValueAreOneCommit() throws IOException {
        Path file = file("rows.csv", "who,tx", "a,1", "b,1", "a,1", "a,2", "b,1");
        JsonNode result = run("--entity", "who", "--commit", "tx", file).expect(0).object();
        assertEquals(3, result.path("commits").asInt());
        assertEquals(5, result.path("events").asInt());
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create());
             Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            assertEquals(List.of(0L, 0L, 0L, 3L, 4L), cursor.toList().stream().map(RecordedEvent::commitPosition).toList());
        }
    }

    @Test
    void aTimeThatGoesBackIsRaisedAndCounted() throws IOException {
        Path file = file("rows.csv", "who,at,tx", "a,100,1", "a,99.5,2", "b,1970-01-01T00:01:41.25Z,3", "b,7,3", "c,101.250000001,4");
        JsonNode result = run("--entity", "who", "--time", "at", "--commit", "tx", file).expect(0).object();
        assertEquals(2, result.path("timesRaised").asInt());
        assertEquals(List.of("1970-01-01T00:01:40.000000000Z", "1970-01-01T00:01:40.000000000Z", "1970-01-01T00:01:41.250000000Z",
            "1970-01-01T00:01:41.250000000Z", "1970-01-01T00:01:41.250000001Z"),
                Shell.events(journal).stream().map(e -> e.path("time").asText()).toList());
    }

    @Test
    void aTimeBeforeTheNewestEventOfTheJournalIsRaisedToo() throws IOException {
        run("--entity", "who", "--time", "at", file("one.csv", "who,at", "a,100")).expect(0);
        JsonNode result = run("--entity", "who", "--time", "at", file("two.csv", "who,at", "b,50", "b,150")).expect(0).object();
        assertEquals(1, result.path("timesRaised").asInt());
        assertEquals("1970-01-01T00:01:40.000000000Z", Shell.events(journal).get(1).path("time").asText());
        assertEquals("1970-01-01T00:02:30.000000000Z", Shell.events(journal).get(2).path("time").asText());
    }

    @Test
    void idsAreTheOnesGivenOrMadeOfTheTextOrOfTheRow() throws IOException {
        UUID given = new UUID(0x1234567812344321L, 0x8765432187654321L);
        run("--entity", "who", "--id", "id", file("rows.csv", "who,id", "a," + given, "a,order 17")).expect(0);
        List<JsonNode> events = Shell.events(journal);
        assertEquals(given.toString(), events.get(0).path("id").asText());
        assertEquals(UUID.nameUUIDFromBytes("order 17".getBytes(StandardCharsets.UTF_8)).toString(), events.get(1).path("id").asText());

        Path plain = file("plain.csv", "who", "p", "p");
        run("--entity", "who", plain).expect(0);
        List<String> made = Shell.events(journal).subList(2, 4).stream().map(e -> e.path("id").asText()).toList();
        assertFalse(made.get(0).equals(made.get(1)));
        journal = folder.resolve("another");
        run("--entity", "who", plain).expect(0);
        assertEquals(made, Shell.events(journal).stream().map(e -> e.path("id").asText()).toList());
    }

    @Test
    void anEmptyInputIsNoErrorAndMakesNoJournal() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.csv"));
        assertEquals(0, run("--entity", "who", empty).expect(0).object().path("rows").asInt());
        assertEquals(0, run("--entity", "who", file("header.csv", "who,n")).expect(0).object().path("rows").asInt());
        assertFalse(Files.exists(journal));
    }

    @Test
    void withoutJsonTheResultIsForPeople() throws IOException {
        Shell.Outcome outcome = Shell.run("import", "--journal", journal, "--entity", "who", file("rows.csv", "who", "a")).expect(0);
        assertTrue(outcome.out().contains("events"), outcome.out());
        assertTrue(outcome.err().contains("Importing"), outcome.err());
    }
}
