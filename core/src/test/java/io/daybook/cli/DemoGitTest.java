package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on repositories that are built here: what goes in as events comes out as the trees that git knows. */
class DemoGitTest {

    private static final byte[] LATIN1 = "caf\u00E9 %.txt".getBytes(StandardCharsets.ISO_8859_1);

    private static final Set<String> HEAP = ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP).map(MemoryPoolMXBean::getName).collect(Collectors.toSet());

    @TempDir
    private Path folder;
    private Path journal;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("DemoGitTest");
    }

    @BeforeEach
    void name() {
        journal = folder.resolve("journal");
    }

    private Shell.Outcome demo(Path repository, Object... more) {
        Object[] args = {"demo", "--git", repository, "--journal", journal, "--transfers", "0", "--ticks", "0", "--json"};
        Object[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Shell.run(all);
    }

    /** Names of every kind, deletes, re-creations, changes of type and mode, an empty commit, a merge, a folder that becomes a file. */
    private Path odd() throws IOException, InterruptedException {
        String longest = "d/".repeat(150) + "é".repeat(120);
        try (GitRepository repository = GitRepository.create(folder.resolve("odd repository"))) {
            repository.commit(1_700_000_000).file("plain", "1").file("with space", "1").file("quo\"te's", "1")
                .file("Ünïcode/日本/🎉", "1").file("new\nline", "1").file("tab\tback\\slash", "1").file("%percent", "1")
                .file(longest, "1").file("folder/a", "1").file("folder/b", "1").file(":colon", "1")
                .file("commit 1 2", "1").file(LATIN1, "100644", "1").submodule("module", "1".repeat(40));
            repository.commit(1_700_000_001).delete("plain").file("with space", "2").delete("folder/a").delete("folder/b")
                .file("folder", "a file now");
            repository.commit(1_700_000_001);
            repository.commit(1_600_000_000).file("plain", "again").file("quo\"te's".getBytes(StandardCharsets.UTF_8), "120000", "target")
                .file("with space".getBytes(StandardCharsets.UTF_8), "100755", "2").submodule("module", "2".repeat(40));
            int fork = repository.mark();
            repository.commit("refs/heads/side", 1_700_000_003).from(fork).file("from the side", "1").file("new\nline", "2");
            int side = repository.mark();
            repository.commit(1_700_000_004).from(fork).file(longest, "2").delete("folder").file("folder/a", "back")
                .file(LATIN1, "100644", "2");
            repository.commit(1_700_000_005).merge(side).file("from the side", "1").file("new\nline", "2");
            repository.commit(1_700_000_006);
            return repository.folder();
        }
    }

    @Test
    void theTreesThatComeOutAreThoseOfGit() throws Exception {
        JsonNode result = demo(odd()).expect(0).object();
        assertEquals("history", result.path("act").asText());
        assertTrue(result.path("ok").asBoolean());
        assertEquals(5, result.path("commits").asInt());
        assertEquals(5, result.path("treesCompared").asInt());
        assertEquals(5, result.path("treesEqual").asInt());
        assertEquals(0, result.path("mismatches").asInt());
        assertEquals(result.path("events").asInt(), result.path("foldedEvents").asInt());
        assertEquals(1, result.path("timesRaised").asInt());
        assertTrue(result.path("conflictRefused").asBoolean());
        assertTrue(result.path("repeatRecognised").asBoolean());

        List<JsonNode> events = Shell.events(journal);
        assertEquals(14 + 5 + 4 + 4 + 2, events.size());
        assertEquals(List.of("Added", "Deleted", "Added"), types(events, "plain"));
        assertEquals(List.of("Added", "TypeChanged"), types(events, "quo\"te's"));
        assertEquals(List.of("Added", "Modified", "Modified"), types(events, "with space"));
        assertEquals(List.of("Added", "Deleted"), types(events, "folder"));
        assertEquals(List.of("Added", "Deleted", "Added"), types(events, "folder/a"));
        assertEquals(List.of("Added", "Modified"), types(events, "%caf%E9%20%25.txt"));
        assertEquals(List.of("Added", "Modified"), types(events, "%new%0Aline"));
        assertEquals(List.of("Added"), types(events, "Ünïcode/日本/🎉"));
        assertEquals(List.of("Added"), types(events, "%%25percent"));
        JsonNode first = events.stream().filter(e -> e.path("entity").asText().equals("%new%0Aline")).findFirst().orElseThrow();
        assertEquals("new\nline", first.path("payload").path("path").asText());
        assertEquals("100644", first.path("payload").path("mode").asText());
        assertEquals("000000", first.path("payload").path("oldMode").asText());
        assertEquals("2023-11-14T22:13:20.000000000Z", first.path("time").asText());
    }

    private static List<String> types(List<JsonNode> events, String entity) {
        return events.stream().filter(e -> e.path("entity").asText().equals(entity)).map(e -> e.path("type").asText()).toList();
    }

    @Test
    void aSecondRunAppendsNothingAndComparesAgain() throws Exception {
        Path repository = odd();
        demo(repository).expect(0);
        List<JsonNode> events = Shell.events(journal);
        JsonNode again = demo(repository).expect(0).object();
        assertEquals(0, again.path("events").asInt());
        assertEquals(5, again.path("commitsAlreadyThere").asInt());
        assertEquals(5, again.path("treesEqual").asInt());
        assertEquals(events, Shell.events(journal));
        Shell.Outcome text = Shell.run("demo", "--git", repository, "--journal", journal, "--transfers", "0", "--ticks", "0").expect(0);
        assertTrue(text.out().contains("The journal holds 5 commits of this history already.") && text.out().contains("nothing"),
            text.out());
    }

    @Test
    void aHistoryThatHasGrownGoesOn() throws Exception {
        Path repository = folder.resolve("growing");
        try (GitRepository git = GitRepository.create(repository)) {
            for (int n = 0; n < 30; n++) git.commit(1_700_000_000 + n).file("file" + n % 7, "" + n);
        }
        GitRepository.run(repository, "branch", "newest");
        GitRepository.run(repository, "update-ref", "refs/heads/main", "newest~10");
        assertEquals(20, demo(repository).expect(0).object().path("commits").asInt());
        GitRepository.run(repository, "update-ref", "refs/heads/main", "newest");
        JsonNode result = demo(repository).expect(0).object();
        assertEquals(10, result.path("commits").asInt());
        assertEquals(11, result.path("treesEqual").asInt());
        assertEquals(30, result.path("foldedEvents").asInt());

        GitRepository.run(repository, "update-ref", "refs/heads/main", "newest~10");
        Shell.Outcome back = demo(repository).expect(1);
        assertTrue(back.said().contains("has a commit that this one lacks: commit="), back.said());
    }

    @Test
    void configurationForPeopleChangesNothing() throws Exception {
        Path repository = odd();
        for (String setting : List.of("color.ui always", "log.showSignature true", "diff.relative true", "log.diffMerges off",
            "diff.renames copies",
            "diff.ignoreSubmodules all", "log.showRoot false", "core.quotePath true", "log.decorate full", "core.abbrev 7",
                "log.follow true")) {
            GitRepository.run(repository, "config", setting.split(" ")[0], setting.split(" ")[1]);
        }
        assertEquals(5, demo(repository).expect(0).object().path("treesEqual").asInt());
        assertEquals(29, Shell.events(journal).size());
    }

    @Test
    void otherEventsInTheJournalDoNotMatter() throws Exception {
        try (EventStore store = EventStore.open(journal)) {
            store.append("plain", Expected.absent(), NewEvent.json("Other", "{}"));
            store.append("account-17", Expected.absent(), NewEvent.json("Other", "{}"));
        }
        JsonNode result = demo(odd()).expect(0).object();
        assertEquals(5, result.path("treesEqual").asInt());
        assertEquals(29, result.path("foldedEvents").asInt());
    }

    @Test
    void eventsThatWereTamperedWithAreFound() throws Exception {
        Path repository = odd();
        demo(repository).expect(0);
        JsonNode metadata = Shell.events(journal).get(0).path("metadata");
        try (EventStore store = EventStore.open(journal)) {
            // As an importer with an error would have it: a change of this history that git knows nothing of.
            String payload = "{\"path\":\"intruder\",\"mode\":\"100644\",\"blob\":\"1\",\"oldMode\":\"100644\",\"oldBlob\":\"2\"}";
            String newest = Shell.events(journal).get(28).path("metadata").path("commit").asText();
            String its = metadata.toString().replace(metadata.path("commit").asText(), newest);
            NewEvent change = NewEvent.json("Modified", payload).withMetadata(its.getBytes(StandardCharsets.UTF_8));
            store.append("intruder", Expected.absent(), change.withId(new UUID(1, 2)));
        }
        Shell.Outcome outcome = demo(repository).expect(1);
        assertFalse(outcome.object().path("ok").asBoolean());
        assertTrue(outcome.said().contains("is not as the event says") && outcome.said().contains("entity=intruder"), outcome.said());
        assertTrue(outcome.said().contains("The tree has other paths"), outcome.said());
    }

    @Test
    void aFolderInsideTheRepositoryIsNoRestriction() throws Exception {
        Path repository = folder.resolve("with folders");
        try (GitRepository git = GitRepository.create(repository)) {
            git.commit(1_700_000_000).file("top", "1").file("deep/er/file", "1");
        }
        GitRepository.run(repository, "checkout", "-q", "main");
        assertEquals(2, demo(repository.resolve("deep/er")).expect(0).object().path("foldedEvents").asInt());
    }

    @Test
    void aFolderNamedThatHasNoHistoryEndsWithOne() throws Exception {
        Path empty = folder.resolve("empty");
        try (GitRepository git = GitRepository.create(empty)) {
            assertEquals(0, git.mark());
        }
        assertTrue(demo(empty).expect(1).said().contains("the repository has no commit"));
        assertTrue(demo(folder.resolve("nowhere")).expect(1).said().contains("There is no history to read"));
    }

    /** What a full collection leaves, at its highest, at ten and at thirty thousand (-Pslow: a hundred thousand) commits. */
    @Test
    void theHeapThatIsAliveDoesNotGrowWithTheHistory() throws Exception {
        liveHeap(1_000); // loads the classes
        long few = liveHeap(10_000);
        int more = Effort.times(30_000, 100_000);
        long many = liveHeap(more);
        System.out.println("live heap after a full collection: 10,000 commits " + few / 1024 + " KiB, " + more + " commits " + many / 1024
            + " KiB");
        assertTrue(many <= few * 1.1, "few=" + few + " many=" + many);
    }

    private long liveHeap(int commits) throws Exception {
        Path repository = folder.resolve("commits-" + commits);
        try (GitRepository git = GitRepository.create(repository)) {
            for (int n = 0; n < commits; n++) git.commit(1_500_000_000L + n).file("folder" + n % 50 + "/file" + n % 500, "" + n);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong highest = new AtomicLong();
        Thread collector = new Thread(() -> {
            while (!done.get()) {
                System.gc();
                highest.accumulateAndGet(leftByTheLastFullCollection(), Math::max);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        });
        collector.start();
        try {
            JsonNode result = Shell.run("demo", "--git", repository, "--journal", folder.resolve("journal-" + commits), "--transfers", "0",
                "--ticks", "0", "--json").expect(0).object();
            assertEquals(commits, result.path("commits").asInt());
        } finally {
            done.set(true);
            collector.join();
        }
        return highest.get();
    }

    private static long leftByTheLastFullCollection() {
        return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
            .map(GarbageCollectorMXBean::getLastGcInfo).filter(Objects::nonNull)
            .max(Comparator.comparingLong(GcInfo::getEndTime)).stream()
            .flatMap(info -> info.getMemoryUsageAfterGc().entrySet().stream()).filter(pool -> HEAP.contains(pool.getKey()))
            .mapToLong(pool -> pool.getValue().getUsed()).sum();
    }
}
