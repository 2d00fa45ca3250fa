package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ConflictException;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Guarantee 7. What is derived may be deleted, damaged or old: nothing but time is lost, and nothing stale decides a version. */
class DerivedStateTest extends JournalTest {

    private static final int ENTITIES = 300;

    private JournalFiles.Kept kept;
    private List<String> everything;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("DerivedStateTest");
    }

    @Test
    void theIndexMayBeDeleted() throws Exception {
        prepare();
        JournalFiles.delete(index());
        try (EventStore store = assertNothingLost("index deleted")) {
            assertTrue(store.recovery().indexRebuilt());
        }
    }

    @Test
    void aCleanlyClosedIndexIsUsed() throws Exception {
        prepare();
        try (EventStore store = assertNothingLost("untouched")) {
            assertTrue(store.recovery().cleanlyClosed());
            assertFalse(store.recovery().indexRebuilt());
        }
    }

    @Test
    void everyFileOfTheIndexMayBeDeleted() throws Exception {
        prepare();
        for (Path name : indexFiles()) {
            assertNothingLostAfter("deleted " + name, name, Files::delete);
        }
    }

    @Test
    void everyFileOfTheIndexMayBeCutOff() throws Exception {
        prepare();
        for (Path name : indexFiles()) {
            for (long part = 0; part <= 4; part++) {
                long length = kept.lengths().get(name) * part / 8;
                assertNothingLostAfter("cut off at " + length + ": " + name, name, file -> JournalFiles.truncate(file, length));
            }
            long allButOne = kept.lengths().get(name) - 1;
            assertNothingLostAfter("one byte less: " + name, name, file -> JournalFiles.truncate(file, Math.max(0, allButOne)));
        }
    }

    @Test
    void everyFileOfTheIndexMayGrow() throws Exception {
        prepare();
        for (Path name : indexFiles()) {
            assertNothingLostAfter("longer: " + name, name, file -> JournalFiles.truncate(file, kept.lengths().get(name) + 4_096));
        }
    }

    @Test
    void bitsMayFlipInEveryFileOfTheIndex() throws Exception {
        prepare();
        long seed = seed("bitsMayFlipInEveryFileOfTheIndex");
        Random random = new Random(seed);
        for (Path name : indexFiles()) {
            List<Long> written = kept.written(name);
            for (int round = 0; round < 12 && kept.lengths().get(name) > 0; round++) {
                int flips = round < 6 ? 1 : 1 + random.nextInt(50);
                List<Long> offsets = new ArrayList<>();
                for (int i = 0; i < flips; i++) {
                    boolean anywhere = written.isEmpty() || random.nextInt(4) == 0;
                    offsets.add(anywhere ? random.nextLong(kept.lengths().get(name)) : written.get(random.nextInt(written.size())));
                }
                assertNothingLostAfter("seed=" + seed + " flipped at " + offsets + ": " + name, name, file -> {
                    for (long offset : offsets) {
                        JournalFiles.flip(file, offset, 1 << random.nextInt(8));
                    }
                });
            }
        }
    }

    @Test
    void everyFileOfTheIndexMayBeZerosOrRubbish() throws Exception {
        prepare();
        for (Path name : indexFiles()) {
            byte[] bytes = new byte[(int) Math.min(1 << 20, kept.lengths().get(name))];
            assertNothingLostAfter("zeros: " + name, name, file -> Files.write(file, bytes));
            Arrays.fill(bytes, (byte) 0xA5);
            assertNothingLostAfter("rubbish: " + name, name, file -> Files.write(file, bytes));
        }
    }

    @Test
    void anOldIndexIsBroughtUpToDate() throws Exception {
        prepare();
        JournalFiles.Kept oldIndex = JournalFiles.keep(index());
        try (EventStore store = open()) {
            for (int i = 0; i < 1_000; i++) {
                store.append("entity-" + i % (2 * ENTITIES), Expected.any(), NewEvent.of("Later", bytes(50, i)));
            }
            everything = Events.all(store);
        }
        oldIndex.putBack(index());
        assertNothingLost("an old index").close();
    }

    @Test
    void theIndexOfAnotherJournalIsNotTaken() throws Exception {
        prepare();
        Path other = temp.resolve("other");
        try (EventStore store = EventStore.open(other, settings())) {
            for (int i = 0; i < everything.size(); i++) {
                store.append("entity-" + i % 7, Expected.any(), Events.event("Other", ""));
            }
        }
        JournalFiles.delete(index());
        JournalFiles.keep(other.resolve(JournalFiles.INDEX)).putBack(index());
        assertNothingLost("an index of another journal").close();
    }

    @Test
    void theIndexGrows() throws Exception {
        int entities = 6_400;
        try (EventStore store = EventStore.open(folder, small().indexCapacity(64))) {
            for (int i = 0; i < entities; i++) {
                store.append("entity-" + i, Expected.absent(), Events.event("Opened", "" + i));
            }
            for (int i = 0; i < entities; i += 3) {
                store.append("entity-" + i, Expected.exactly(0), Events.event("Paid", "" + i));
            }
            assertEquals(entities, store.stats().entities());
        }
        for (boolean rebuilt : new boolean[] {false, true}) {
            if (rebuilt) {
                JournalFiles.delete(index());
            }
            try (EventStore store = EventStore.open(folder, small().indexCapacity(64))) {
                assertEquals(rebuilt, store.recovery().indexRebuilt());
                assertEquals(entities, store.stats().entities());
                for (int i = 0; i < entities; i++) {
                    assertEquals(i % 3 == 0 ? 1 : 0, store.version("entity-" + i));
                    assertEquals("" + i, Events.payloads(store, "entity-" + i).get(0));
                }
                assertEquals(-1, store.version("entity-" + entities));
            }
        }
    }

    private interface Damage {
        void to(Path file) throws IOException;
    }

    private static StoreSettings settings() {
        return small().headsFileEvents(500);
    }

    private EventStore open() {
        return EventStore.open(folder, settings());
    }

    private Path index() {
        return folder.resolve(JournalFiles.INDEX);
    }

    private void prepare() throws IOException {
        try (EventStore store = open()) {
            for (int i = 0; i < 2_000; i++) {
                store.append("entity-" + (i * i + i) % ENTITIES, Expected.any(), NewEvent.of("Happened", bytes(50, i)));
            }
            everything = Events.all(store);
        }
        kept = JournalFiles.keep(folder);
        assertFalse(indexFiles().isEmpty());
    }

    private List<Path> indexFiles() {
        return kept.lengths().keySet().stream().filter(name -> name.startsWith(JournalFiles.INDEX)).toList();
    }

    private void assertNothingLostAfter(String what, Path name, Damage damage) throws IOException {
        kept.putBack(folder);
        damage.to(folder.resolve(name));
        assertNothingLost(what).close();
    }

    /** Opens, compares everything, and appends under conditions that a stale head would judge wrongly. The caller closes. */
    private EventStore assertNothingLost(String what) {
        EventStore store;
        try {
            store = open();
        } catch (RuntimeException e) {
            throw new AssertionError("it does not open: " + what, e);
        }
        try {
            compareAndGoOn(store, what);
        } catch (Throwable e) {
            store.close();
            throw e;
        }
        return store;
    }

    private void compareAndGoOn(EventStore store, String what) {
        assertEquals(everything, Events.all(store), what);
        long end = everything.size();
        for (int i = 0; i < 2 * ENTITIES; i += 7) {
            String entity = "entity-" + i;
            String name = " " + entity + "@";
            List<String> wanted = everything.stream().filter(line -> line.contains(name)).toList();
            assertEquals(wanted, Events.of(store, entity), what);
            assertEquals(wanted.size() - 1, store.version(entity), what);
            if (!wanted.isEmpty()) {
                long stale = wanted.size() - 2L;
                assertThrows(ConflictException.class, () -> store.append(entity, Expected.exactly(stale), Events.event("Stale", "")), what);
            }
            assertEquals(end++, store.append(entity, Expected.exactly(wanted.size() - 1L), Events.event("Next", "")).firstPosition(), what);
        }
    }
}
