package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Commit;
import io.daybook.DaybookException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Any number of processes read while one writes: they see what was committed, change nothing and need no ownership. */
class ReadOnlyTest extends JournalTest {

    /** Reads the journal named first and prints all that it sees. */
    static final class ChildReader {
        private ChildReader() {
        }

        public static void main(String[] arguments) throws IOException {
            try (EventStore store = EventStore.openReadOnly(Path.of(arguments[0]), StoreSettings.create())) {
                Events.all(store).forEach(line -> System.out.println("all " + line));
                Events.of(store, "entity-3").forEach(line -> System.out.println("one " + line));
                System.out.println("version " + store.version("entity-3") + " end " + store.endPosition());
                Leaks.mappings(Path.of(arguments[0]).toRealPath()).forEach(line -> System.out.println("mapped " + line));
            }
        }
    }

    @Test
    void aReaderOfAClosedJournalSeesEverythingAndChangesNothing() throws IOException {
        List<String> everything = write();
        TreeMap<Path, Long> before = modified();
        try (EventStore reader = EventStore.openReadOnly(folder, StoreSettings.create())) {
            assertEquals(everything, Events.all(reader));
            assertEquals(everything.size(), reader.endPosition());
            assertEquals(1 << 20, reader.maxPayloadBytes());
            assertEquals(29, reader.version("entity-3"));
            assertEquals(30, Events.of(reader, "entity-3").size());
            assertEquals(-1, reader.version("unknown"));
            NewEvent event = Events.event("Happened", "");
            assertThrows(IllegalStateException.class, () -> reader.append("entity-3", Expected.any(), event));
            assertThrows(IllegalStateException.class, () -> reader.commit(Commit.create().append("entity-3", event)));
        }
        assertEquals(before, modified());
        try (EventStore store = EventStore.open(folder)) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(everything, Events.all(store));
        }
    }

    /** Its classes and native library would take a quarter of a second of each {@code cat}. */
    @Test
    void aReadingProcessDoesWithoutChronicle() {
        List<String> everything = write();
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("openhft")).collect(Collectors.joining(File.pathSeparator));
        try (ChildJvm child = ChildJvm.start(ChildJvm.ownFlags(), classPath, ChildReader.class, folder)) {
            List<String> lines = child.lines();
            assertEquals(everything, lines.stream().filter(line -> line.startsWith("all ")).map(line -> line.substring(4)).toList());
            assertTrue(lines.contains("version 29 end " + everything.size()), lines::toString);
        }
    }

    @Test
    void aReadingProcessBesideTheOwnerSeesWhatWasCommitted() {
        write();
        try (EventStore store = EventStore.open(folder)) {
            store.append("entity-3", Expected.exactly(29), Events.event("Happened", "just now"));
            List<String> everything = Events.all(store);
            List<String> one = Events.of(store, "entity-3");
            try (ChildJvm child = ChildJvm.start(ChildReader.class, folder)) {
                List<String> lines = child.lines();
                assertEquals(everything, lines.stream().filter(line -> line.startsWith("all ")).map(line -> line.substring(4)).toList());
                assertEquals(one, lines.stream().filter(line -> line.startsWith("one ")).map(line -> line.substring(4)).toList());
                assertTrue(lines.contains("version 30 end " + everything.size()), () -> lines.get(lines.size() - 1));
                List<String> mapped = lines.stream().filter(line -> line.startsWith("mapped ")).toList();
                assertTrue(mapped.isEmpty() || mapped.stream().anyMatch(line -> line.endsWith(".cq4")), "seen on Linux only");
                assertEquals(List.of(), mapped.stream().filter(line -> line.endsWith(".map")).toList(), "the owner's map is not touched");
            }
            assertEquals(31, store.append("entity-3", Expected.exactly(30), Events.event("Happened", "goes on")).version());
        }
    }

    @Test
    void aReaderInTheOwnersJvm() {
        write();
        try (EventStore store = EventStore.open(folder)) {
            try (EventStore reader = EventStore.openReadOnly(folder, StoreSettings.create())) {
                assertEquals(Events.all(store), Events.all(reader));
            }
            store.append("entity-3", Expected.exactly(29), Events.event("Happened", "goes on"));
            try (ChildJvm child = ChildJvm.start(OwnershipTest.ChildOwner.class, folder)) {
                assertTrue(child.lineThatBegins("").contains("JournalInUseException"),
                    "the reader's close did not give the ownership away");
            }
        }
    }

    @Test
    void nothingIsReadWhereNoJournalIs() {
        assertThrows(DaybookException.class, () -> EventStore.openReadOnly(folder, StoreSettings.create()));
        assertTrue(!Files.exists(folder), "a reader makes nothing");
    }

    private List<String> write() {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 300; i++) {
                store.append("entity-" + i % 10, Expected.any(), NewEvent.of("Happened", bytes(10_000, i)));
            }
            return Events.all(store);
        }
    }

    private TreeMap<Path, Long> modified() throws IOException {
        TreeMap<Path, Long> modified = new TreeMap<>();
        for (Path file : JournalFiles.files(folder)) {
            modified.put(file, Files.getLastModifiedTime(file).toMillis());
        }
        return modified;
    }
}
