package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.OtherBoot;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantees 6 and 8 over a stop of the machine: what was not forced may be missing in any page, and the journal then ends at the first
 * place without a valid commit; what was forced must be there, or the journal is damaged. The stop is made of a copy of the files of an
 * open journal, a boot id that is not this one, and blocks that never reached the device.
 */
@Tag("recovery")
class PowerCutTest extends JournalTest {

    private JournalFiles.Kept left;
    private List<String> everything;
    private long durable;
    private final List<Long> ends = new ArrayList<>();

    @Test
    void allThatReachedTheDeviceIsThereAndANewEpochBegins() throws Exception {
        leaveOpen(0);
        stopTheMachine();
        try (EventStore store = open()) {
            assertTrue(store.recovery().machineStopped());
            assertTrue(store.recovery().newEpoch());
            assertFalse(store.recovery().cleanlyClosed());
            assertEquals(2, store.id().epoch());
            assertEquals(everything, Events.all(store));
            assertNull(store.recovery().cut(), "nothing was lost");
        }
        try (EventStore store = open()) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(2, store.id().epoch(), "a clean close begins none");
        }
    }

    @Test
    void aKillIsNoStopOfTheMachine() throws Exception {
        leaveOpen(0);
        left.putBack(folder);
        try (EventStore store = open()) {
            assertFalse(store.recovery().machineStopped());
            assertEquals(1, store.id().epoch());
            assertEquals(everything, Events.all(store));
        }
    }

    @Test
    void theJournalEndsWhereATailIsMissing() throws Exception {
        leaveOpen(0);
        Path cycle = newestCycle();
        Random random = new Random(seed("theJournalEndsWhereATailIsMissing"));
        List<JournalFiles.Document> commits = commits(cycle);
        for (JournalFiles.Document commit : commits.subList(commits.size() - 4, commits.size())) {
            for (int round = 0; round < 3; round++) {
                stopTheMachine();
                long cut = commit.offset() + random.nextInt(4 + commit.length());
                zero(cycle, cut, 1 << 20);
                int broken = firstBroken(cycle, commits); // the next one, where only zeros were cut off this one
                int inFile = broken - (ends.size() - commits.size());
                boolean anythingLeft = inFile < commits.size() && commits.get(inFile).offset() < cut
                    && !isZero(cycle, commits.get(inFile).offset(), cut);
                assertEndsAt(broken, anythingLeft, "cut at " + cut);
            }
        }
    }

    @Test
    void theJournalEndsBeforeAHole() throws Exception {
        leaveOpen(160);
        Path cycle = newestCycle();
        Random random = new Random(seed("theJournalEndsBeforeAHole"));
        List<JournalFiles.Document> commits = commits(cycle);
        for (int round = 0; round < 10; round++) {
            JournalFiles.Document commit = commits.get(random.nextInt(commits.size()));
            stopTheMachine();
            long hole = commit.offset() + random.nextInt(4 + commit.length());
            zero(cycle, hole, 1 + random.nextInt(5_000));
            assertEndsAt(firstBroken(cycle, commits), true, "hole at " + hole);
        }
    }

    @Test
    void theJournalEndsBeforeAMissingFile() throws Exception {
        leaveOpen(0);
        List<Path> cycles = JournalFiles.cycles(folder);
        assertTrue(cycles.size() > 2);
        for (Path lost : cycles.subList(1, cycles.size())) {
            stopTheMachine();
            Files.delete(lost);
            try (EventStore store = open()) {
                List<String> kept = Events.all(store);
                assertTrue(kept.size() < everything.size());
                assertEquals(everything.subList(0, kept.size()), kept);
                assertNotNull(store.recovery().cut(), "later files, or the mark that one follows");
                goOn(store, kept);
            }
        }
    }

    /** Its events were seen, so their positions belong to an epoch of their own. */
    @Test
    void aFirstFileThatIsLostBeginsANewEpoch() throws Exception {
        Path live = temp.resolve("live");
        NewEvent event = NewEvent.of("Happened", bytes(10, 1));
        List<String> seen = new ArrayList<>();
        try (EventStore store = EventStore.open(live, settings())) {
            store.append("entity-1", Expected.absent(), event);
            store.append("entity-1", Expected.exactly(0), event);
            try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named("seeing"), e -> seen.add(Events.line(e.copy())))) {
                assertEquals(2, poller.poll(10));
            }
            left = JournalFiles.keep(live);
        }
        stopTheMachine();
        for (Path lost : JournalFiles.cycles(folder)) {
            Files.delete(lost);
        }
        try (EventStore store = open()) {
            assertTrue(store.recovery().machineStopped());
            assertEquals(2, store.id().epoch());
            assertEquals(0, store.endPosition());
            for (int i = 0; i < 5; i++) {
                store.append("entity-1", Expected.exactly(i - 1L), event);
            }
            assertThrows(EpochException.class, () -> store.poller(Follow.from(StartFrom.beginning()).named("seeing"), e -> { }));
            assertFalse(Events.all(store).stream().anyMatch(seen::contains), "other events with other ids");
        }
    }

    @Test
    void whatWasForcedAndIsMissingIsDamage() throws Exception {
        leaveOpen(190);
        Path cycle = newestCycle();
        List<JournalFiles.Document> commits = commits(cycle);
        stopTheMachine();
        zero(cycle, commits.get(commits.size() - 20).offset(), 1 << 20);
        JournalDamagedException damaged = assertThrows(JournalDamagedException.class, () -> open().close());
        assertTrue(damaged.file().endsWith(cycle.getFileName().toString()), damaged.getMessage());
    }

    @Test
    void theStateFileMayBeLost() throws Exception {
        leaveOpen(100);
        for (int round = 0; round < 3; round++) {
            stopTheMachine();
            Path state = folder.resolve("state.dbk");
            switch (round) {
                case 0 -> Files.delete(state);
                case 1 -> JournalFiles.truncate(state, 0);
                default -> zero(state, 0, 4_096);
            }
            try (EventStore store = open()) {
                assertEquals(everything, Events.all(store));
                assertTrue(store.recovery().newEpoch(), "nobody knows whether the machine stopped");
                goOn(store, everything);
            }
        }
    }

    /** Leaves a journal as if its owner had died, after forcing once behind so many commits. */
    private void leaveOpen(int forcedBehind) throws IOException {
        Path live = temp.resolve("live");
        try (EventStore store = EventStore.open(live, settings())) {
            for (int i = 0; i < 200; i++) {
                Commit commit = Commit.create();
                for (int n = 0; n <= i % 3; n++) {
                    commit.append("entity-" + (i + n) % 10, NewEvent.of("Happened", bytes(100 + i * 61 % 12_000, i)));
                }
                AppendResult result = store.commit(commit, i == forcedBehind && i > 0 ? Durability.DISK : Durability.PROCESS);
                ends.add(result.lastPosition() + 1);
            }
            left = JournalFiles.keep(live);
            durable = store.endPosition(Durability.DISK);
            everything = Events.all(store);
        }
        left.putBack(folder);
    }

    private EventStore open() {
        return EventStore.open(folder, settings());
    }

    private static StoreSettings settings() {
        // Nothing is forced but what the test forces.
        return small().flushEvents(1 << 18);
    }

    /** Puts the files back as a machine that was started again finds them: no boot id in them is the running one. */
    private void stopTheMachine() throws IOException {
        left.putBack(folder);
        OtherBoot.writeInto(folder);
    }

    private Path newestCycle() {
        List<Path> cycles = JournalFiles.cycles(folder);
        return cycles.get(cycles.size() - 1);
    }

    private static List<JournalFiles.Document> commits(Path cycle) throws IOException {
        return JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList();
    }

    private static void zero(Path file, long offset, int length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            access.write(new byte[(int) Math.min(length, access.length() - offset)]);
        }
    }

    private static boolean isZero(Path file, long from, long to) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) (to - from)];
            access.seek(from);
            access.readFully(bytes);
            return Arrays.equals(bytes, new byte[bytes.length]);
        }
    }

    /** Index of the first of these commits whose bytes are no longer those that were written. */
    private int firstBroken(Path cycle, List<JournalFiles.Document> commits) throws IOException {
        Path pristine = temp.resolve("pristine");
        if (!Files.exists(pristine)) {
            left.putBack(pristine);
        }
        try (RandomAccessFile now = new RandomAccessFile(cycle.toFile(), "r");
            RandomAccessFile then = new RandomAccessFile(pristine.resolve(folder.relativize(cycle)).toFile(), "r")) {
            for (int i = 0; i < commits.size(); i++) {
                byte[] is = new byte[4 + commits.get(i).length()];
                byte[] was = new byte[is.length];
                now.seek(commits.get(i).offset());
                now.readFully(is);
                then.seek(commits.get(i).offset());
                then.readFully(was);
                if (!Arrays.equals(is, was)) {
                    return ends.size() - commits.size() + i;
                }
            }
        }
        return ends.size();
    }

    private void assertEndsAt(int commit, boolean copied, String what) throws IOException {
        int end = commit == 0 ? 0 : ends.get(commit - 1).intValue();
        if (end < durable) {
            assertThrows(JournalDamagedException.class, () -> open().close(), what);
            return;
        }
        try (EventStore store = open()) {
            assertEquals(end, store.endPosition(), what);
            assertEquals(everything.subList(0, end), Events.all(store), what);
            if (copied && commit < ends.size()) {
                assertFalse(store.recovery().setAside().isEmpty(), what + ": a copy is kept");
                for (String file : store.recovery().setAside()) {
                    assertTrue(JournalFiles.files(folder).stream().anyMatch(path -> path.toString().contains(file)), file);
                }
            }
            goOn(store, everything.subList(0, end));
        }
    }

    /** After every repair append and read again, also after a reopening. */
    private void goOn(EventStore store, List<String> kept) {
        for (int i = 0; i < 20; i++) {
            String name = " entity-" + i + "@";
            long version = kept.stream().filter(line -> line.contains(name)).count() - 1;
            assertEquals(version, store.version("entity-" + i));
            NewEvent event = NewEvent.of("After", bytes(10_000, i));
            AppendResult result = store.append("entity-" + i, Expected.exactly(version), event);
            assertEquals(kept.size() + i, result.firstPosition());
        }
        List<String> all = Events.all(store);
        assertEquals(kept, all.subList(0, kept.size()));
        store.close();
        try (EventStore again = open()) {
            assertTrue(again.recovery().cleanlyClosed());
            assertEquals(all, Events.all(again));
        }
    }
}
