package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a user has it. */
class RunnableJarIT {

    @TempDir
    private Path folder;

    /** What stands on stderr apart from progress bars and what newer JDKs themselves say of sun.misc.Unsafe. */
    private static String warnings(ChildJvm child) throws IOException {
        StringBuilder warnings = new StringBuilder();
        child.err().lines().filter(line -> !line.isBlank() && !line.matches("\\w+ .*% \\[.*"))
            .filter(line -> !line.matches("WARNING: .*(sun\\.misc\\.Unsafe|the maintainers of class|in a future release).*"))
            .forEach(line -> warnings.append(line).append('\n'));
        return warnings.toString();
    }

    private ChildJvm quiet(int exitCode, Object... args) throws IOException, InterruptedException {
        ChildJvm child = ChildJvm.daybook(folder, args).expect(exitCode);
        assertEquals("", warnings(child), () -> String.valueOf(List.of(args)));
        return child;
    }

    @Test
    void noCommandPrintsAWarning() throws IOException, InterruptedException {
        Path journal = folder.resolve("journal");
        Path rows = Files.writeString(folder.resolve("rows.csv"), "who,n\na,1\nb,2\n");
        quiet(0, "append", "--journal", journal, "--entity", "a", "--type", "T", "--durability", "disk", "{}");
        assertTrue(quiet(0, "import", "--journal", journal, "--entity", "who", "--json", rows).out().startsWith("{\"complete\":true,"));
        assertEquals(3, quiet(0, "cat", "--journal", journal).out().lines().count());
        assertTrue(quiet(0, "stats", "--journal", journal, "--json").out().contains("\"endPosition\":3"));
        assertTrue(quiet(0, "verify", "--journal", journal, "--json").out().startsWith("{\"ok\":true,"));
        assertTrue(quiet(0, "flags").out().contains("--add-opens"));
        assertTrue(quiet(0, "--version").out().matches("daybook \\d.*\\s+"));
    }

    @Test
    void appendReadsItsPayloadFromAPipe() throws IOException, InterruptedException {
        Path journal = folder.resolve("journal");
        List<String> append = List.of("-jar", ChildJvm.jar(), "append", "--journal", journal.toString(), "--entity", "a",
            "--type", "T", "-");
        byte[] payload = "{\"a\":2}".getBytes(StandardCharsets.UTF_8);
        ChildJvm.java(folder, payload, append).expect(0);
        assertTrue(quiet(0, "cat", "--journal", journal, "--json").out().contains("\"payload\":{\"a\":2}"));
        ChildJvm tooLong = ChildJvm.java(folder, new byte[(1 << 20) + 1], append).expect(2);
        assertTrue(tooLong.err().contains("limitBytes=1048576"), tooLong.err());
    }

    @Test
    void theFlagsThatArePrintedAreEnoughAndNeeded() throws IOException, InterruptedException {
        List<String> without = List.of("-cp", ChildJvm.jar(), Main.class.getName(), "append", "--journal", folder.resolve("j").toString(),
            "--entity", "a",
            "--type", "T", "{}");
        ChildJvm refused = ChildJvm.java(folder, without).expect(1);
        assertTrue(refused.err().contains("--add-exports") || refused.err().contains("--add-opens"), refused.err());
        assertFalse(refused.err().contains("\tat "), refused.err());

        String flags = ChildJvm.daybook(folder, "flags").expect(0).out();
        List<String> with = new ArrayList<>(List.of(flags.trim().split("\\s+")));
        with.addAll(without);
        assertEquals("", warnings(ChildJvm.java(folder, with).expect(0)));

        List<String> byFile = new ArrayList<>(List.of("@" + Files.writeString(folder.resolve("flags.txt"), flags)));
        byFile.addAll(without);
        ChildJvm.java(folder, byFile).expect(0);
    }

    @Test
    void theMainJobOnARepository() throws IOException, InterruptedException {
        try (GitRepository git = GitRepository.create(folder.resolve("repository"))) {
            for (int n = 0; n < 40; n++) git.commit(1_700_000_000 + n).file("file " + n % 11, "" + n);
        }
        ChildJvm demo = quiet(0, "demo", "--git", folder.resolve("repository"), "--transfers", "1000");
        assertTrue(demo.out().contains("Act one") && demo.out().contains("Act two") && demo.out().contains("Last act"), demo.out());
        assertEquals(11, demo.out().lines().filter(line -> line.endsWith("paths: equal")).count(), demo.out());
    }

    @Test
    void withoutGitOnlyTheSecondActIsPlayed() throws IOException, InterruptedException {
        Path bare = Files.createDirectory(folder.resolve("no repository"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        for (String path : List.of(System.getenv("PATH"), "/nowhere")) {
            ProcessBuilder builder = new ProcessBuilder(java.toString(), "-jar", ChildJvm.jar(), "demo", "--transfers", "1000", "--json");
            builder.directory(bare.toFile()).environment().put("PATH", path);
            builder.environment().put("GIT_CEILING_DIRECTORIES", folder.toString());
            Process process = builder.redirectError(folder.resolve("err").toFile()).start();
            List<JsonNode> results = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8).lines().map(Shell::parse).toList();
            String err = Files.readString(folder.resolve("err"));
            assertEquals(0, process.waitFor(), err);
            assertEquals(List.of("transfers", "following"), results.stream().map(result -> result.path("act").asText()).toList());
            assertTrue(err.contains("There is no git history here"), err);
            assertTrue(path.equals("/nowhere") == err.contains("git cannot be started"), err);
        }
        try (Stream<Path> left = Files.list(bare)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aLongHistoryInASmallHeap() throws IOException, InterruptedException {
        Effort.onOldestJdk("RunnableJarIT.aLongHistoryInASmallHeap");
        int commits = Effort.times(20_000, 100_000);
        String transfers = Integer.toString(Effort.times(10_000, 1_000_000));
        try (GitRepository git = GitRepository.create(folder.resolve("long"))) {
            for (int n = 0; n < commits; n++) git.commit(1_500_000_000L + n).file("folder" + n % 50 + "/file" + n % 3_000, "" + n);
        }
        Path journal = folder.resolve("journal");
        ChildJvm demo = ChildJvm.java(folder, List.of("-Xmx" + Effort.times(48, 128) + "m", "-jar", ChildJvm.jar(), "demo", "--git",
            folder.resolve("long").toString(), "--journal", journal.toString(), "--transfers", transfers, "--json")).expect(0);
        List<JsonNode> acts = demo.out().lines().map(Shell::parse).toList();
        assertEquals(3, acts.size(), demo.out());
        JsonNode result = acts.get(0);
        assertEquals(commits, result.path("commits").asInt());
        assertEquals(commits, result.path("foldedEvents").asInt());
        assertEquals(11, result.path("treesEqual").asInt());
    }

    @Test
    void catFollowsWhatAnotherProcessAppends() throws IOException, InterruptedException {
        catFollows(List.of("--category", "even"), n -> n % 2 == 0);
        catFollows(List.of("--entity", "odd-3"), n -> n % 10 == 3);
        catFollows(List.of("--type", "T1"), n -> n % 3 == 1);
        Path journal = folder.resolve("journal");
        ChildJvm.daybook(folder, "cat", "--journal", journal, "--follow", "--backwards").expect(2);
        ChildJvm.daybook(folder, "cat", "--journal", journal, "--follow", "--from", "1000000").expect(2);
    }

    /** Some of the events that it prints are there when it starts; each other one is appended when the one before was printed. */
    private void catFollows(List<String> filter, IntPredicate wanted) throws IOException, InterruptedException {
        Path journal = folder.resolve("journal");
        try (EventStore store = EventStore.open(journal)) {
            append(store, 40);
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
                ChildJvm.jar(), "cat", "--journal", journal.toString(), "--json", "--follow", "--limit", "50"));
            command.addAll(filter);
            Process process = new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                int next = 0;
                for (int n = 0; n < 50; n++) {
                    while (!wanted.test(next)) next++;
                    if (next >= store.endPosition()) append(store, next + 1);
                    assertEquals(next, Shell.parse(lines.readLine()).path("position").asInt());
                    next++;
                }
                assertEquals(null, lines.readLine());
                assertEquals(0, process.waitFor(), () -> "see stderr in " + folder);
            } finally {
                process.destroyForcibly();
            }
        }
    }

    /** Appends until there are so many events. */
    private static void append(EventStore store, int end) {
        for (long n = store.endPosition(); n < end; n++) {
            store.append((n % 2 == 0 ? "even-" : "odd-") + n % 5, Expected.any(), NewEvent.json("T" + n % 3, "{}"));
        }
    }

    @Test
    void catEndsWhenNobodyReadsOn() throws IOException, InterruptedException {
        Path journal = folder.resolve("journal");
        StringBuilder rows = new StringBuilder("who\n");
        for (int n = 0; n < 50_000; n++) rows.append("e").append(n % 10).append('\n');
        ChildJvm.daybook(folder, "import", "--journal", journal, "--entity", "who",
            Files.writeString(folder.resolve("rows.csv"), rows)).expect(0);
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar",
            ChildJvm.jar(), "cat",
            "--journal", journal.toString());
        Process process = builder.redirectError(folder.resolve("err").toFile()).start();
        assertTrue(process.getInputStream().read() >= 0);
        process.getInputStream().close();
        assertEquals(0, process.waitFor());
        assertFalse(Files.readString(folder.resolve("err")).contains("Exception"));
    }
}
