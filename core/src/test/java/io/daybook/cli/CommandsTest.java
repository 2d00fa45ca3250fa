package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** append, stats, verify, flags, and the exit codes of all commands. */
class CommandsTest {

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private Shell.Outcome append(Object... args) {
        Object[] all = new Object[args.length + 8];
        System.arraycopy(new Object[] {"append", "--journal", journal, "--entity", "a", "--type", "T", "--json"}, 0, all, 0, 8);
        System.arraycopy(args, 0, all, 8, args.length);
        return Shell.run(all);
    }

    @Test
    void appendTellsWhereTheEventStands() {
        append("{}").expect(0);
        JsonNode result = append("--durability", "disk", "plain text").expect(0).object();
        assertEquals(1, result.path("firstPosition").asInt());
        assertEquals(1, result.path("lastPosition").asInt());
        assertEquals(1, result.path("version").asInt());
        assertFalse(result.path("duplicate").asBoolean());
        assertTrue(result.path("time").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z"), result.toString());
    }

    @Test
    void appendTakesThePayloadFromStdinAsItIs() {
        byte[] bytes = {0, 1, (byte) 0xFF, '\n'};
        Shell.runWith(bytes, "append", "--journal", journal, "--entity", "a", "--type", "T", "-").expect(0);
        assertEquals("AAH/Cg==", Shell.events(journal).get(0).path("payloadBase64").asText());
    }

    @Test
    void appendRefusesWhatWasNotExpected() {
        append("--expected", "present", "{}").expect(1);
        append("--expected", "absent", "{}").expect(0);
        append("--expected", "present", "{}").expect(0);
        append("--expected", "1", "{}").expect(0);
        Shell.Outcome conflict = append("--expected", "1", "{}").expect(1);
        assertEquals("The entity is not at the expected version: entity=a expected=exactly(1) actual=2", conflict.said());
        assertEquals("", conflict.out());
        append("--expected", "absent", "{}").expect(1);
        append("--expected", "any", "{}").expect(0);
        assertEquals(4, Shell.events(journal).size());
    }

    @Test
    void statsCanBeWatched() {
        for (int n = 0; n < 5; n++) Shell.run("append", "--journal", journal, "--entity", "e" + n % 2, "--type", "T", "{}").expect(0);
        String[] lines = Shell.run("stats", "--journal", journal, "--watch=0.01", "--limit", "3").expect(0).out().strip().split("\n");
        assertEquals(4, lines.length, String.join("\n", lines));
        assertTrue(lines[0].contains("events/s"), lines[0]);
        assertEquals("5", lines[3].strip().split(" +")[0]);
        String json = Shell.run("stats", "--journal", journal, "--watch", "--limit", "1", "--json").expect(0).out();
        assertTrue(json.contains("\"eventsPerSecond\":0") && json.contains("\"endPosition\":5"), json);
        Shell.run("stats", "--journal", journal, "--limit", "3").expect(2);
        Shell.run("stats", "--journal", journal, "--watch", "-1").expect(2);
    }

    @Test
    void statsWatchesAnOwnerThatAppends() throws InterruptedException {
        AtomicBoolean enough = new AtomicBoolean();
        try (EventStore store = EventStore.open(journal)) {
            Thread writer = new Thread(() -> {
                while (!enough.get()) store.append("e", Expected.any(), NewEvent.json("T", "{}"));
            });
            writer.start();
            try {
                List<JsonNode> seen = Shell.run("stats", "--journal", journal, "--watch=0.05", "--limit", "4", "--json").expect(0)
                    .out().lines().map(Shell::parse).toList();
                assertEquals(4, seen.size());
                assertTrue(seen.get(3).path("endPosition").asLong() > seen.get(0).path("endPosition").asLong(), seen.toString());
                for (int i = 1; i < seen.size(); i++) { // on a slow host the owner may stand still between two lines
                    boolean grew = seen.get(i).path("endPosition").asLong() > seen.get(i - 1).path("endPosition").asLong();
                    assertEquals(grew, seen.get(i).path("eventsPerSecond").asDouble() > 0, seen.toString());
                }
            } finally {
                enough.set(true);
                writer.join();
            }
        }
    }

    @Test
    void statsCountsEventsAndEntities() {
        for (int n = 0; n < 5; n++) Shell.run("append", "--journal", journal, "--entity", "e" + n % 2, "--type", "T", "{}").expect(0);
        JsonNode stats = Shell.run("stats", "--journal", journal, "--json").expect(0).object();
        assertEquals(5, stats.path("endPosition").asInt());
        assertEquals(2, stats.path("entities").asInt());
        assertEquals(1, stats.path("epoch").asInt());
        assertEquals(36, stats.path("identity").asText().length());
        assertTrue(Shell.run("stats", "--journal", journal).expect(0).out().contains("entities"));
    }

    @Test
    void verifyFindsNothingInASoundJournal() {
        for (int n = 0; n < 5; n++) append("{}").expect(0);
        JsonNode report = Shell.run("verify", "--journal", journal, "--json").expect(0).object();
        assertTrue(report.path("ok").asBoolean());
        assertEquals(5, report.path("events").asInt());
        assertEquals(1, report.path("entities").asInt());
        assertTrue(report.path("indexChecked").asBoolean());
        assertEquals(0, report.path("problems").size());
    }

    @Test
    void verifyTellsFileAndOffsetOfADamagedByte() throws IOException {
        String marker = "find me in the journal, and change me";
        append(marker).expect(0);
        append("{}").expect(0);
        Path damaged = damage(marker.getBytes(StandardCharsets.UTF_8));
        Shell.Outcome outcome = Shell.run("verify", "--journal", journal, "--json").expect(1);
        JsonNode report = outcome.object();
        assertFalse(report.path("ok").asBoolean());
        JsonNode problem = report.path("problems").get(0);
        assertTrue(problem.path("file").asText().endsWith(damaged.getFileName().toString()), problem.toString());
        assertTrue(problem.path("offset").asLong() > 0 && problem.path("what").asText().length() > 5, problem.toString());
        String text = Shell.run("verify", "--journal", journal).expect(1).out();
        assertTrue(text.contains("file=" + problem.path("file").asText() + " offset=" + problem.path("offset").asLong()), text);
        assertFalse(Shell.run("cat", "--journal", journal).expect(1).err().contains("\tat "));
    }

    /** Flips one bit in the middle of these bytes, wherever in the journal's folder they stand. */
    private Path damage(byte[] marker) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(journal)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        String wanted = new String(marker, StandardCharsets.ISO_8859_1);
        for (Path file : files) {
            try (java.io.RandomAccessFile bytes = new java.io.RandomAccessFile(file.toFile(), "rw")) {
                byte[] beginning = new byte[(int) Math.min(bytes.length(), 16 << 20)];
                bytes.readFully(beginning);
                int at = new String(beginning, StandardCharsets.ISO_8859_1).indexOf(wanted);
                if (at < 0) continue;
                bytes.seek(at + marker.length / 2);
                bytes.write(beginning[at + marker.length / 2] ^ 1);
                return file;
            }
        }
        throw new AssertionError("The payload stands in no file of " + files);
    }

    @Test
    void flagsAreOneALine() {
        Shell.Outcome outcome = Shell.run("flags").expect(0);
        assertTrue(outcome.out().lines().allMatch(line -> line.startsWith("--")), outcome.out());
        JsonNode flags = Shell.run("flags", "--json").expect(0).object().path("flags");
        assertEquals(outcome.out().lines().toList(), Json.MAPPER.convertValue(flags, List.class));
    }

    static List<List<String>> misuses() {
        return List.of(List.of(), List.of("paint"), List.of("cat"), List.of("stats"), List.of("verify", "--journal"),
            List.of("append", "--journal", "J"),
            List.of("append", "--journal", "J", "--entity", "a", "--type", "T"),
            List.of("append", "--journal", "J", "--entity", "a", "--type", "T", "--expected", "-2", "{}"),
            List.of("append", "--journal", "J", "--entity", "a", "--type", "T", "--expected", "some", "{}"),
            List.of("append", "--journal", "J", "--entity", "a", "--type", "T", "--durability", "paper", "{}"),
            List.of("append", "--journal", "J", "--entity", "", "--type", "T", "{}"),
            List.of("append", "--journal", "J", "--entity", "a\u0007", "--type", "T", "{}"),
            List.of("append", "--journal", "J", "--entity", "a", "--type", "", "{}"),
            List.of("cat", "--journal", "J", "--from", "-1"), List.of("cat", "--journal", "J", "--to", "-1"),
                List.of("cat", "--journal", "J", "--limit", "-1"),
            List.of("cat", "--journal", "J", "--limit", "ten"), List.of("cat", "--journal", "J", "--from-version", "0"),
            List.of("cat", "--journal", "J", "--entity", "a", "--from-version", "-1"), List.of("import", "--journal", "J", "x.csv"),
            List.of("import", "--journal", "J", "--entity", "a", "--on-conflict", "weep", "x.csv"),
            List.of("import", "--journal", "J", "--entity", "a", "--format", "xml", "x.csv"),
                List.of("import", "--journal", "J", "--entity", "a"),
            List.of("demo", "--events", "x.tsv"), List.of("demo", "--git", ".", "--events", "x.tsv", "--oracle", "y.tsv"),
                List.of("demo", "--transfers", "-1"));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void misuseEndsWithTwoAndSaysHowToUseIt(List<String> args) {
        Object[] real = args.stream().map(arg -> arg.equals("J") ? journal.toString() : arg).toArray();
        Shell.Outcome outcome = Shell.run(real).expect(2);
        assertEquals("", outcome.out());
        assertTrue(outcome.err().contains("Usage: daybook"), outcome.err());
        assertFalse(outcome.err().contains("\tat "), outcome.err());
    }

    @Test
    void whatIsNoJournalEndsWithOne() throws IOException {
        Path text = Files.createDirectory(folder.resolve("text"));
        Files.writeString(text.resolve("readme.txt"), "not a journal");
        for (Path place : List.of(folder.resolve("nowhere"), text)) {
            for (String command : List.of("cat", "stats", "verify")) {
                Shell.Outcome outcome = Shell.run(command, "--journal", place).expect(1);
                assertFalse(outcome.err().contains("\tat ") || outcome.said().isEmpty(), outcome.err());
            }
        }
        assertFalse(Files.exists(folder.resolve("nowhere")));
        try (Stream<Path> left = Files.list(text)) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void aJournalInUseEndsWithOneForWritersOnly() {
        append("{}").expect(0);
        try (EventStore owner = EventStore.open(journal)) {
            Shell.Outcome refused = append("{}").expect(1);
            assertEquals(1, refused.said().lines().count(), refused.err());
            Shell.run("stats", "--journal", journal).expect(0);
            Shell.run("cat", "--journal", journal).expect(0);
            assertFalse(Shell.run("verify", "--journal", journal, "--json").expect(0).object().path("indexChecked").asBoolean());
            assertEquals(1, owner.endPosition());
        }
        append("{}").expect(0);
    }

    @Test
    void helpEndsWell() {
        assertTrue(Shell.run("--help").expect(0).out().contains("Exit codes"));
        for (String command : List.of("demo", "import", "cat", "append", "stats", "verify", "flags")) {
            assertTrue(Shell.run(command, "--help").expect(0).out().startsWith(""), command);
        }
        assertTrue(Shell.run("--version").expect(0).out().startsWith("daybook "));
    }

    @Test
    void whatCannotBeReadEndsWithOne() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "hi");
        Shell.Outcome outcome = Shell.run("append", "--journal", text, "--entity", "a", "--type", "T", "{}").expect(1);
        assertTrue(outcome.said().contains(text.toString()) && outcome.said().contains("problem="), outcome.err());
        assertTrue(Shell.run("import", "--journal", journal, "--entity", "a",
            folder).expect(1).said().startsWith("The input cannot be read"));
        Path broken = Files.write(folder.resolve("broken.csv.gz"), new byte[] {0x1F, (byte) 0x8B, 9, 9, 9});
        assertTrue(Shell.run("import", "--journal", journal, "--entity", "a",
            broken).expect(1).said().startsWith("The input cannot be read"));
        assertFalse(Files.exists(journal));
    }

    @Test
    void aMissingFileEndsWithOne() {
        Shell.Outcome outcome = Shell.run("import", "--journal", journal, "--entity", "a", folder.resolve("none.csv")).expect(1);
        assertTrue(outcome.said().startsWith("There is no such file: file="), outcome.err());
        assertFalse(Files.exists(journal));
    }
}
