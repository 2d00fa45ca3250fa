package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.guarantees.KnownJournal.Left;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guarantee 8 over everything that can be done to a small journal: each bit changed, each page zeroed, each file cut off, emptied,
 * deleted, each length of a torn tail. A build does some of it by chance. With -Pslow it does all of it, or as much as can be done in
 * {@code daybook.sweepMinutes} a test; it prints the table of RELIABILITY.md.
 */
@Tag("recovery")
@Timeout(value = 4 * 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamageSweepTest extends DamagedFolderTest {

    private static final int BLOCK = 4096;
    private static final int ALL = Integer.MAX_VALUE;
    private static final long MOST_NS = TimeUnit.MINUTES.toNanos(Integer.getInteger("daybook.sweepMinutes", 4 * 60));
    /** Where the fields of Chronicle's are: the file's description with the first page's beginning, and that of the second. */
    private static final long[][] FIELDS = {{0, 0x100}, {0x80F0, 0x8120}};
    /** Of so many parts with the same seed, this one: Chronicle keeps something of each queue, so a JVM gets slower by the thousand. */
    private static final int PARTS = Integer.getInteger("daybook.sweepParts", 1);
    private static final int PART = Integer.getInteger("daybook.sweepPart", 0);
    private static final int CASES_A_COLLECTION = 64;
    private static final int WORKERS = 4;

    /** One damage of many. */
    private record Case(String kind, Left left, Damages.Damage damage, String what) {
    }

    private KnownJournal journal;

    @BeforeEach
    void make() throws Exception {
        journal = KnownJournal.make(damaged.resolve("made"), 30);
    }

    /** Zeros from any byte of the last three commits on, or bytes of chance. */
    @Test
    void aTailThatIsTornAnywhere() throws Exception {
        long seed = sameSeed("aTailThatIsTornAnywhere");
        Random random = new Random(seed);
        List<Case> cases = new ArrayList<>();
        for (Left left : List.of(Left.KILLED, Left.STOPPED)) {
            journal.putBack(left, folder);
            List<JournalFiles.Document> commits = KnownJournal.commits(KnownJournal.cycle(folder));
            Path cycle = folder.relativize(KnownJournal.cycle(folder));
            JournalFiles.Document last = commits.get(commits.size() - 1);
            long end = last.offset() + 4 + last.length();
            for (long at = commits.get(commits.size() - 3).offset(); at < end; at++) {
                long from = at;
                byte[] garbage = new byte[(int) (end - at) + random.nextInt(300)];
                random.nextBytes(garbage);
                cases.add(new Case("tail torn, zeros behind", left,
                    (in, how) -> Damages.zero(in.resolve(cycle), from, 1 << 16), "from=" + from));
                cases.add(new Case("tail torn, garbage behind", left,
                    (in, how) -> Damages.write(in.resolve(cycle), from, garbage), "from=" + from));
            }
        }
        run(cases, seed, Effort.times(20, ALL));
    }

    @Test
    void aBitThatChangedInTheCommits() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            journal.putBack(left, folder);
            Path cycle = KnownJournal.cycle(folder);
            for (JournalFiles.Document commit : KnownJournal.commits(cycle)) {
                bits(cases, "bit in the commits", left, folder.relativize(cycle), commit.offset(),
                    commit.offset() + 4 + commit.length());
            }
        }
        List<Case> withoutIndex = new ArrayList<>();
        for (Case one : cases) {
            if (one.left == Left.CLOSED) {
                withoutIndex.add(new Case("bit in the commits, index deleted", one.left, (in, how) -> {
                    JournalFiles.delete(in.resolve(JournalFiles.INDEX));
                    one.damage.to(in, how);
                }, one.what));
            }
        }
        cases.addAll(withoutIndex);
        run(cases, sameSeed("aBitThatChangedInTheCommits"), Effort.times(20, ALL));
    }

    @Test
    void aBitThatChangedInWhatChronicleWrote() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            journal.putBack(left, folder);
            Path cycle = KnownJournal.cycle(folder);
            List<JournalFiles.Document> commits = KnownJournal.commits(cycle);
            Path name = folder.relativize(cycle);
            Set<Long> written = new TreeSet<>(journal.kept(left).written(name));
            for (long offset : written) {
                if (!inside(commits, offset)) {
                    bits(cases, "bit in Chronicle's pages", left, name, offset, offset + 1);
                }
            }
            for (long[] fields : FIELDS) {
                for (long offset = fields[0]; offset < fields[1]; offset++) {
                    if (!written.contains(offset)) {
                        bits(cases, "zero bit in fields of Chronicle's pages", left, name, offset, offset + 1);
                    }
                }
            }
            Path metadata = Path.of("queue/metadata.cq4t");
            for (long offset : journal.kept(left).written(metadata)) {
                bits(cases, "bit in metadata.cq4t", left, metadata, offset, offset + 1);
            }
        }
        run(cases, sameSeed("aBitThatChangedInWhatChronicleWrote"), Effort.times(20, ALL));
    }

    /** What nobody wrote, in the pages where something is written: behind the end, too. There is too much of it to do all. */
    @Test
    void aBitThatChangedInWhatIsZero() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            journal.putBack(left, folder);
            Path cycle = folder.relativize(KnownJournal.cycle(folder));
            for (Path file : List.of(cycle, Path.of("queue/metadata.cq4t"), folder.relativize(KnownJournal.map(folder)))) {
                List<JournalFiles.Document> commits = file.equals(cycle) ? KnownJournal.commits(folder.resolve(cycle)) : List.of();
                journal.kept(left).contents().get(file).forEach((start, block) -> {
                    for (int i = 0; i < block.length; i++) {
                        if (block[i] == 0 && !inside(commits, start + i)) {
                            bits(cases, "bit in the zeros of " + zerosOf(file), left, file, start + i, start + i + 1);
                        }
                    }
                });
            }
        }
        run(cases, sameSeed("aBitThatChangedInWhatIsZero"), Effort.times(20, 6_000));
    }

    private static String zerosOf(Path file) {
        return file.toString().endsWith(".cq4") ? "Chronicle's pages" : kind(file);
    }

    private static boolean inside(List<JournalFiles.Document> commits, long offset) {
        return commits.stream().anyMatch(commit -> offset >= commit.offset() && offset < commit.offset() + 4 + commit.length());
    }

    @Test
    void aBitThatChangedInASmallFile() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            for (String name : List.of("journal.dbk", "epochs.dbk", "state.dbk", "index/watermark.dbk", "index/positions.dbk",
                "index/heads.dbk")) {
                Path file = Path.of(name);
                long length = Math.min(128, journal.kept(left).lengths().get(file));
                bits(cases, "bit in " + kind(file), left, file, 0, length);
                for (long offset : journal.kept(left).written(file)) {
                    if (offset >= length) {
                        bits(cases, "bit in " + kind(file), left, file, offset, offset + 1);
                    }
                }
            }
        }
        run(cases, sameSeed("aBitThatChangedInASmallFile"), Effort.times(20, ALL));
    }

    @Test
    void aBitThatChangedInTheMap() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : List.of(Left.CLOSED, Left.KILLED)) {
            journal.putBack(left, folder);
            Path map = folder.relativize(KnownJournal.map(folder));
            for (long offset : journal.kept(left).written(map)) {
                bits(cases, "bit in heads-N.map", left, map, offset, offset + 1);
            }
        }
        run(cases, sameSeed("aBitThatChangedInTheMap"), Effort.times(20, ALL));
    }

    @Test
    void aPageThatIsZeroed() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            journal.kept(left).contents().forEach((file, blocks) -> blocks.forEach((offset, bytes) ->
                cases.add(new Case("page zeroed in " + kind(file), left,
                    (in, how) -> Damages.zero(in.resolve(file), offset, BLOCK), file + " page at " + offset))));
        }
        run(cases, sameSeed("aPageThatIsZeroed"), Effort.times(20, ALL));
    }

    @Test
    void aFileThatIsCutOffOrMissing() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Left left : Left.values()) {
            journal.kept(left).lengths().forEach((file, length) -> {
                for (long to : new long[] {-1, 0, 1, 4, 63, 512, length / 2 + 3, length - 4, length - 1, BLOCK, 16 * BLOCK, 17 * BLOCK}) {
                    if (to < length) {
                        cases.add(new Case("cut off, emptied or deleted: " + kind(file), left,
                            (in, how) -> shorten(in.resolve(file), to), file + (to < 0 ? " deleted" : " cut off at " + to)));
                    }
                }
            });
        }
        run(cases, sameSeed("aFileThatIsCutOffOrMissing"), Effort.times(20, ALL));
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".map") ? "heads-N.map" : name.endsWith(".cq4") ? "a cycle file" : name;
    }

    private static void shorten(Path file, long to) throws IOException {
        if (to < 0) {
            Files.delete(file);
        } else {
            JournalFiles.truncate(file, to);
        }
    }

    private static void bits(List<Case> cases, String kind, Left left, Path file, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            for (int bit = 0; bit < 8; bit++) {
                long at = offset;
                int bits = 1 << bit;
                cases.add(new Case(kind, left, (in, how) -> JournalFiles.flip(in.resolve(file), at, bits),
                    file + " offset=" + offset + " bit=" + bit));
            }
        }
    }

    /** Several at a time, each in a folder of its own: opening and closing wait for threads more than they compute. */
    private void run(List<Case> cases, long seed, int most) throws Exception {
        Collections.shuffle(cases, new Random(seed));
        // By what is done, not by place in the list: journals that are made anew for each part differ by a byte or two.
        Queue<Case> waiting = new ConcurrentLinkedQueue<>(cases.stream()
            .filter(one -> Math.floorMod((one.kind + one.left + one.what).hashCode(), PARTS) == PART).limit(most / PARTS).toList());
        Results results = new Results();
        long deadlineNs = System.nanoTime() + MOST_NS;
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS, JournalTest::daemon);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int n = 0; n < WORKERS; n++) {
                Path own = damaged.resolve("journal-" + n);
                ends.add(workers.submit(() -> {
                    while (System.nanoTime() < deadlineNs && !waiting.isEmpty()) {
                        Case one = waiting.poll();
                        if (one != null) {
                            results.add(one, attempt(one, own));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            workers.shutdownNow();
        }
        print(results.outcomes, cases.stream().collect(Collectors.groupingBy(Case::kind, Collectors.counting())));
        assertTrue(results.wrong.isEmpty(), () -> results.wrong.size() + " of " + results.done + " went wrong, seed=" + seed + ":\n"
            + String.join("\n", results.wrong));
    }

    /** What became of it, or an AssertionError. */
    private Object attempt(Case one, Path in) throws Exception {
        journal.putBack(one.left, in);
        one.damage.to(in, one.left);
        try {
            return new Trial(journal, one.left, in, one.kind + ", " + one.left + ", " + one.what).run();
        } catch (AssertionError e) {
            return e;
        }
    }

    /** Of all workers together. */
    private static final class Results {
        final Map<String, Map<Trial.Outcome, Integer>> outcomes = new TreeMap<>();
        final List<String> wrong = new ArrayList<>();
        int done;

        synchronized void add(Case one, Object result) {
            if (result instanceof Trial.Outcome outcome) {
                outcomes.computeIfAbsent(one.kind, k -> new EnumMap<>(Trial.Outcome.class)).merge(outcome, 1, Integer::sum);
            } else {
                wrong.add(((AssertionError) result).getMessage());
            }
            if (++done % CASES_A_COLLECTION == 0) {
                System.gc(); // what a refused open has mapped is released by several collections, one behind the other
            }
        }
    }

    private static void print(Map<String, Map<Trial.Outcome, Integer>> outcomes, Map<String, Long> possible) {
        outcomes.forEach((kind, counts) -> {
            StringBuilder row = new StringBuilder("| " + kind + " | " + possible.get(kind) + " | ");
            row.append(counts.values().stream().mapToInt(n -> n).sum());
            for (Trial.Outcome outcome : Trial.Outcome.values()) {
                row.append(" | ").append(counts.getOrDefault(outcome, 0));
            }
            System.out.println(row.append(" |"));
        });
    }
}
