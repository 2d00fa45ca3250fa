package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daybook.Cursor;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guarantees 2 and 4 on the command line: an import that is killed at any moment is simply run again, and ends as if it had never been
 * killed.
 */
class KilledImportIT {

    private static final int MANY = Effort.times(200_000, 1_000_000);

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private ChildJvm start(Path journal, Path file, List<String> columns) throws IOException {
        List<Object> args = new ArrayList<>(List.of("import", "--journal", journal, "--json"));
        args.addAll(columns);
        args.add(file);
        return ChildJvm.daybook(folder, args.toArray());
    }

    private static long end(Path journal) {
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            return store.endPosition();
        }
    }

    /** Kills the import once it has come to this position; true if that life appended something and had not finished. */
    private boolean killAt(ChildJvm life, Path journal, long position, long all) throws InterruptedException {
        long before = end(journal);
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create())) {
            while (store.endPosition() < position && !life.endsWithinAMillisecond()) {
                // Looked again.
            }
        }
        boolean running = life.kill();
        long after = end(journal);
        return running && after > before && after < all;
    }

    private static void assertSame(Path expected, Path actual, String hint) {
        try (EventStore one = EventStore.openReadOnly(expected, StoreSettings.create());
             EventStore other = EventStore.openReadOnly(actual, StoreSettings.create());
             Cursor wanted = one.readAll(StartFrom.beginning(), Filter.all());
             Cursor found = other.readAll(StartFrom.beginning(), Filter.all())) {
            while (wanted.next()) {
                assertTrue(found.next(), hint);
                RecordedEvent event = wanted.event().copy();
                RecordedEvent same = found.event().copy();
                assertEquals(List.of(event.entity(), event.version(), event.type(), event.id(), event.commitPosition(), event.commitSize()),
                    List.of(same.entity(), same.version(), same.type(), same.id(), same.commitPosition(), same.commitSize()), hint);
                assertArrayEquals(event.payload(), same.payload(), hint);
                assertArrayEquals(event.metadata(), same.metadata(), hint);
            }
            assertFalse(found.next(), hint);
        }
    }

    /** Kills imports of this file so many times, finishing each journal that one was killed on, and compares. */
    private void kill(int times, Path file, List<String> columns) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        start(whole, file, columns).expect(0);
        long all = end(whole);
        int kills = 0;
        for (int n = 0; kills < times; n++) {
            Path journal = folder.resolve("killed" + n);
            EventStore.open(journal).close();
            boolean killed = true;
            while (killed && kills < times) {
                long before = end(journal);
                long position = before + 1 + random.nextLong(Math.max(1, (all - before) / (times - kills)));
                try (ChildJvm life = start(journal, file, columns)) {
                    killed = killAt(life, journal, position, all);
                }
                if (killed) kills++;
            }
            start(journal, file, columns).expect(0);
            assertSame(whole, journal, "seed=" + seed + " kills=" + kills);
            assertEquals(all, Shell.run("verify", "--journal", journal, "--json").expect(0).object().path("events").asLong());
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KilledImportIT");
    }

    @Test
    void theSharedHistoryKilledAgainAndAgain() throws IOException, InterruptedException {
        Path file = Path.of(System.getProperty("user.dir")).resolve("../../shared/data/git_commons_lang_events.tsv.gz").normalize();
        boolean there = Files.isReadable(file);
        if (!there) System.out.println("Left out, the shared history does not stand beside the project: file=" + file);
        assumeTrue(there, "the shared history does not stand beside the project");
        kill(Effort.times(4, 20), file, List.of("--entity", "entity_path", "--type", "status", "--commit", "commit_no", "--time", "epoch_s",
            "--expected-count",
            "expected_version"));
    }

    @Test
    void aHistoryWithoutExpectedCountsKilledAgainAndAgain() throws IOException, InterruptedException {
        Path file = folder.resolve("rows.csv");
        try (BufferedWriter rows = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            rows.write("who,tx,n\n");
            int transaction = 0;
            for (int n = 0; n < 60_000; n++) {
                if (random.nextInt(3) == 0) transaction++;
                rows.write("e" + random.nextInt(500) + "," + transaction + "," + n + "\n");
            }
        }
        kill(Effort.times(3, 10), file, List.of("--entity", "who", "--commit", "tx"));
    }

    @Test
    void manyRowsKilledWhereNineTenthsAreIn() throws IOException, InterruptedException {
        Path file = folder.resolve("many.csv");
        try (BufferedWriter rows = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            rows.write("account,cents,row\n");
            for (int n = 0; n < MANY; n++) rows.write("account-" + n * 31L % 10_007 + "," + n % 977 + "," + n + "\n");
        }
        Path journal = folder.resolve("journal");
        EventStore.open(journal).close();
        List<String> columns = List.of("--entity", "account");
        try (ChildJvm life = start(journal, file, columns)) {
            assertTrue(killAt(life, journal, MANY / 10 * 9, MANY), "killed too late");
        }
        long left = MANY - end(journal);
        ChildJvm again = start(journal, file, columns).expect(0);
        assertEquals(left, Shell.parse(again.out()).path("events").asLong());
        byte[] wanted = new byte[64];
        long[] versions = new long[10_007];
        try (EventStore store = EventStore.openReadOnly(journal, StoreSettings.create());
             Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            for (int n = 0; n < MANY; n++) {
                assertTrue(cursor.next());
                EventView event = cursor.event();
                int account = (int) (n * 31L % versions.length);
                assertEquals("account-" + account, event.entity());
                assertEquals(versions[account]++, event.version());
                assertEquals("Imported", event.type());
                byte[] suffix = ("\"row\":\"" + n + "\"}").getBytes(StandardCharsets.US_ASCII);
                event.buffer().getBytes(event.payloadOffset() + event.payloadLength() - suffix.length, wanted, 0, suffix.length);
                if (!Arrays.equals(suffix, Arrays.copyOf(wanted, suffix.length))) assertEquals(n, event.position(),
                    event.copy().payloadText());
            }
            assertFalse(cursor.next());
        }
    }
}
