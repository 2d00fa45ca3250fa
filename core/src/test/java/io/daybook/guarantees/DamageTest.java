package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarantee 8. Damage is found, never served: a read gives what was written or an error that names file and offset. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DamageTest extends JournalTest {

    private static final List<String> ENTITIES = List.of("account-1", "account-2", "order-1");

    private final DamagedReads reads = new DamagedReads();
    private int refused;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("DamageTest");
    }

    @Test
    void everyByteThatChangesUnderAnOpenStoreIsNoticed() throws Exception {
        prepare();
        Random random = new Random(seed("everyByteThatChangesUnderAnOpenStoreIsNoticed"));
        Path cycle = JournalFiles.cycles(folder).get(0);
        try (EventStore store = open()) {
            for (long offset : dataBytes(cycle)) {
                int bits = 1 + random.nextInt(255);
                JournalFiles.flip(cycle, offset, bits);
                try {
                    reads.assertRightOrDamaged(store, cycle, "offset=" + offset + " bits=" + bits);
                } finally {
                    JournalFiles.flip(cycle, offset, bits);
                }
            }
            reads.assertRight(store);
        }
        System.out.println("bytes changed under an open store: damage reported by " + reads.damaged() + " reads, right data from "
            + reads.right());
        assertTrue(reads.damaged() > 100, "most of the bytes matter");
    }

    @Test
    void aLostFileIsNoticedAtOpen() throws Exception {
        StoreSettings small = StoreSettings.create().cycleBytes(1 << 20);
        try (EventStore store = EventStore.open(folder, small)) {
            for (int i = 0; i < 40; i++) {
                store.append("account-" + i, Expected.absent(), NewEvent.of("Happened", new byte[100_000]));
            }
        }
        List<Path> cycles = JournalFiles.cycles(folder);
        assertTrue(cycles.size() > 3);
        for (Path cycle : cycles) {
            Path away = temp.resolve("away");
            Files.move(cycle, away);
            for (int round = 0; round < 2; round++) { // the second time without the index, which a rebuild would make from what is left
                JournalDamagedException thrown = assertThrows(JournalDamagedException.class, () -> EventStore.open(folder, small).close());
                assertTrue(thrown.getMessage().contains("file="), thrown.getMessage());
                JournalFiles.delete(folder.resolve(JournalFiles.INDEX));
            }
            Files.deleteIfExists(cycle);
            Files.move(away, cycle);
        }
        EventStore.open(folder, small).close();
    }

    @Test
    void aJournalThatWasCutOffIsNotOpened() throws Exception {
        prepare();
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        Path cycle = JournalFiles.cycles(folder).get(0);
        List<JournalFiles.Document> documents = dataDocuments(cycle);
        for (JournalFiles.Document document : documents) {
            for (long length : new long[] {document.offset(), document.offset() + 2, document.offset() + 4 + document.length() / 2}) {
                kept.putBack(folder);
                JournalFiles.truncate(cycle, length);
                assertOpenNamesFileAndOffset("cut off at " + length);
            }
        }
    }

    @Test
    void aJournalThatLostAFileIsNotOpened() throws Exception {
        try (EventStore store = open()) {
            for (int i = 0; i < 40; i++) {
                store.append("account-1", Expected.any(), NewEvent.of("Happened", bytes(100_000, i)));
            }
        }
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        List<Path> cycles = JournalFiles.cycles(folder);
        assertTrue(cycles.size() > 2);
        for (Path lost : cycles) {
            kept.putBack(folder);
            Files.delete(lost);
            assertOpenNamesFileAndOffset("lost " + lost.getFileName());
        }
    }

    /** What opening does not look at, because the index holds it and no id of it is in the window, the reads must find. */
    @Test
    void bytesThatChangeFarBehindTheEndAreNoticedByTheReads() throws Exception {
        long seed = seed("bytesThatChangeFarBehindTheEndAreNoticedByTheReads");
        writeLong(4_000, 20);
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        Path cycle = JournalFiles.cycles(folder).get(0);
        List<Long> offsets = dataBytes(cycle).subList(0, 100_000);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            long offset = offsets.get(random.nextInt(offsets.size()));
            kept.putBack(folder);
            JournalFiles.flip(cycle, offset, 1 << random.nextInt(8));
            try (EventStore store = EventStore.open(folder, small().idWindowEvents(1))) {
                reads.assertRightOrDamaged(store, cycle, "seed=" + seed + " offset=" + offset);
            } catch (JournalDamagedException e) {
                refused++;
            }
        }
        System.out.println("bytes changed far behind the end: " + refused + " times the journal was not opened, damage was reported by "
            + reads.damaged()
            + " reads, right data came from " + reads.right());
        assertTrue(reads.damaged() > 60 && reads.right() > 60, "reads found damage, and only where it is");
    }

    @Test
    void aFileThatIsLostBehindTheIndexIsNeverReadAsNothing() throws Exception {
        writeLong(400, 30_000);
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        List<Path> cycles = JournalFiles.cycles(folder);
        for (Path lost : cycles.subList(0, cycles.size() - 1)) {
            kept.putBack(folder);
            Files.delete(lost);
            try (EventStore store = EventStore.open(folder, small().idWindowEvents(1))) {
                assertEquals(reads.everything().size(), store.endPosition());
                assertThrows(JournalDamagedException.class, () -> Events.all(store));
                for (String entity : ENTITIES) {
                    assertThrows(JournalDamagedException.class, () -> Events.of(store, entity));
                    assertTrue(store.version(entity) > 100, "the index knows it");
                }
            } catch (JournalDamagedException e) {
                assertTrue(e.getMessage().contains("file="), e.getMessage());
            }
        }
    }

    private void writeLong(int commits, int payload) {
        try (EventStore store = open()) {
            for (int i = 0; i < commits; i++) {
                store.append(ENTITIES.get(i % 3), Expected.any(), NewEvent.of("Happened", bytes(payload, i)));
            }
            reads.remember(store, ENTITIES);
        }
    }

    @Test
    void whatIsNotDamagedCanStillBeRead() throws Exception {
        prepare();
        Path cycle = JournalFiles.cycles(folder).get(0);
        List<JournalFiles.Document> documents = dataDocuments(cycle);
        JournalFiles.Document third = documents.get(2);
        try (EventStore store = open()) {
            JournalFiles.flip(cycle, third.offset() + 4 + third.length() - 6, 4);
            JournalDamagedException found = assertThrows(JournalDamagedException.class, () -> Events.all(store));
            assertTrue(found.offset() >= third.offset() && found.offset() < third.offset() + 4 + third.length(), found.getMessage());
            assertEquals(reads.everything().subList(0, 1), Events.drain(store.readAll(StartFrom.beginning(), Filter.all(),
                ReadRange.all().limit(1))));
            assertTrue(store.endPosition() == reads.everything().size());
        }
    }

    private EventStore open() {
        return EventStore.open(folder, small());
    }

    private void prepare() {
        try (EventStore store = open()) {
            store.append("account-1", Expected.absent(), Events.numbered(1).withMetadata(bytes(3, 1)));
            store.append("account-2", Expected.absent(), Events.event("Opened", "{}"));
            store.commit(Commit.create().append("account-1", Events.event("Paid", "one")).append("order-1", Events.event("Placed", "xyz"))
                .append("account-1", Events.event("Paid", "two")));
            store.append("account-2", Expected.exactly(0), Events.event("Paid", "12"));
            reads.remember(store, ENTITIES);
        }
    }

    private static List<JournalFiles.Document> dataDocuments(Path cycle) throws IOException {
        return JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList();
    }

    private static List<Long> dataBytes(Path cycle) throws IOException {
        List<Long> offsets = new ArrayList<>();
        for (JournalFiles.Document document : dataDocuments(cycle)) {
            for (long offset = document.offset(); offset < document.offset() + 4 + document.length(); offset++) {
                offsets.add(offset);
            }
        }
        return offsets;
    }

    private void assertOpenNamesFileAndOffset(String what) {
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> open().close(), what);
        assertTrue(e.file() != null && !e.file().isEmpty() && e.offset() >= 0, what + ": " + e.getMessage());
    }

    @Test
    void aDamagedPointerIsReportedWhereItStands() throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 3; i++) {
                store.append("a", Expected.any(), Events.event("Happened", "" + i));
            }
            Path cycle = JournalFiles.cycles(folder).get(0);
            List<JournalFiles.Document> commits = JournalFiles.documents(cycle).stream().filter(JournalFiles.Document::data).toList();
            JournalFiles.Document last = commits.get(commits.size() - 1);
            for (long offset = last.offset() + 4; offset < last.offset() + 4 + last.length(); offset++) {
                JournalFiles.flip(cycle, offset, 0x7A);
                try {
                    Events.of(store, "a");
                } catch (JournalDamagedException e) {
                    assertTrue(Files.exists(Path.of(e.file())), "the byte at " + offset + " was changed: " + e.getMessage());
                } finally {
                    JournalFiles.flip(cycle, offset, 0x7A);
                }
            }
        }
    }

    /** Chronicle would take it for a document, and pass an append on to a place where no reader comes. */
    @Test
    void aBitThatChangedBehindTheEndIsWrittenOver() throws Exception {
        prepare();
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        Path cycle = JournalFiles.cycles(folder).get(0);
        int before = dataDocuments(cycle).size();
        append(5);
        List<JournalFiles.Document> documents = dataDocuments(cycle);
        for (int bit : new int[] {0, 2, 9, 15, 23, 30, 31}) {
            for (int append = 1; append < 5; append++) { // where the first begins, the journal does not end any more, which open reports
                kept.putBack(folder);
                JournalFiles.flip(cycle, documents.get(before + append).offset() + bit / 8, 1 << bit % 8);
                String what = "bit=" + bit + " append=" + append;
                append(4);
                try (EventStore store = open()) {
                    assertTrue(store.recovery().cleanlyClosed(), what);
                    assertEquals(4, Events.of(store, "late-1").size(), what);
                }
            }
        }
    }

    /** The file's end mark would stand behind it, and nobody who reads would come to the next file. */
    @Test
    void aRollBehindABitThatChangedIsRead() throws Exception {
        StoreSettings small = StoreSettings.create().cycleBytes(1 << 20);
        for (boolean held : new boolean[] {false, true}) {
            Path journal = temp.resolve("rolled-" + held);
            try (EventStore store = EventStore.open(journal, small)) {
                store.append("early-1", Expected.absent(), Events.event("Before", "early"));
            }
            try (EventStore store = EventStore.open(journal, small)) {
                if (held) {
                    store.append("early-1", Expected.exactly(0), Events.event("Before", "early"));
                }
                Path cycle = JournalFiles.cycles(journal).get(0);
                List<JournalFiles.Document> documents = dataDocuments(cycle);
                JournalFiles.Document last = documents.get(documents.size() - 1);
                JournalFiles.flip(cycle, last.offset() + 4 + last.length(), 16);
                store.append("late-1", Expected.absent(), NewEvent.of("After", new byte[1_000_000]));
                assertEquals(1, Events.of(store, "late-1").size());
                assertEquals(store.endPosition(), Events.all(store).size());
            }
            try (EventStore store = EventStore.open(journal, small)) {
                assertTrue(store.recovery().cleanlyClosed());
                assertEquals(0, store.version("late-1"));
                assertEquals(2, JournalFiles.cycles(journal).size());
            }
        }
    }

    private void append(int events) {
        try (EventStore store = open()) {
            for (int i = 0; i < events; i++) {
                store.append("late-1", Expected.exactly(i - 1), Events.event("After", "late"));
            }
        }
    }
}
