package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daybook.DaybookException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalId;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.UnsupportedFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Guarantee 9, folders: what is not a journal, or not one that this version can read, or not accessible, is refused and left as it was. */
class ForeignFolderTest extends JournalTest {

    @Test
    void aFolderThatIsNotThereIsMade() {
        folder = temp.resolve("some/where/deep");
        try (EventStore store = EventStore.open(folder)) {
            assertEquals(0, store.append("a", Expected.absent(), Events.event("Opened", "")).firstPosition());
        }
    }

    @Test
    void anEmptyFolderBecomesAJournal() throws IOException {
        Files.createDirectories(folder);
        EventStore.open(folder, small()).close();
        EventStore.open(folder, small()).close();
    }

    @Test
    void aJournalWithoutItsFileIsNotBegunAgain() throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.absent(), Events.event("Opened", ""));
        }
        JournalFiles.Kept kept = JournalFiles.keep(folder);
        for (String lost : List.of("journal.dbk", "epochs.dbk", "state.dbk")) {
            kept.putBack(folder);
            Files.delete(folder.resolve(lost));
            try (EventStore store = EventStore.open(folder, small())) {
                assertEquals(1, Events.all(store).size(), "opened without " + lost);
            } catch (DaybookException | UncheckedIOException e) {
                assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
            }
            assertTrue(JournalFiles.cycles(folder).size() > 0, "the events are still there without " + lost);
        }
    }

    @Test
    void aFolderOfOtherThingsIsNotAJournal() throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        Files.writeString(folder.resolve("notes.txt"), "keep me");
        Files.writeString(folder.resolve("photos/one.jpg"), "keep me, too");
        List<Path> before = JournalFiles.files(folder);
        assertNamesFolder(assertThrows(UnsupportedFormatException.class, () -> EventStore.open(folder, small())));
        assertEquals(before, JournalFiles.files(folder), "it was left as it was");
        assertEquals("keep me", Files.readString(folder.resolve("notes.txt")));
    }

    @Test
    void aFileIsNotAJournal() throws IOException {
        Files.writeString(folder, "keep me");
        assertNotOpened(folder);
        assertNotOpened(folder.resolve("below"));
        assertEquals("keep me", Files.readString(folder));
    }

    @Test
    void theSettingsOfTheCreationStand() {
        EventStore.open(folder, small().maxPayloadBytes(5_000)).close();
        assertRefused("maxPayloadBytes", small().maxPayloadBytes(5_001));
        assertRefused("maxPayloadBytes", small().maxPayloadBytes(4_999));
        assertRefused("cycleBytes", small().cycleBytes(2 << 20));
        EventStore.open(folder, small().maxPayloadBytes(5_000)).close();
        try (EventStore store = EventStore.open(folder)) {
            store.append("a", Expected.any(), NewEvent.of("Happened", new byte[5_000]));
            assertThrows(IllegalArgumentException.class, () -> store.append("a", Expected.any(), NewEvent.of("Happened", new byte[5_001])));
        }
        EventStore.open(folder, StoreSettings.create().indexCapacity(77).flushEvents(3).headTableBytes(1 << 19).idWindowEvents(2)).close();
    }

    @Test
    void aNewerFormatIsRefusedAndLeftAsItWas() throws IOException {
        EventStore.open(folder, small()).close();
        Path file = folder.resolve("journal.dbk");
        // The format version stands behind the eight bytes that name the file's kind.
        JournalFiles.flip(file, 8, 1 ^ 2);
        byte[] newer = Files.readAllBytes(file);
        List<Path> before = JournalFiles.files(folder);
        UnsupportedFormatException refused = assertThrows(UnsupportedFormatException.class, () -> EventStore.open(folder, small()));
        assertTrue(refused.getMessage().contains("2") && refused.getMessage().contains(file.toString()), refused.getMessage());
        assertArrayEquals(newer, Files.readAllBytes(file));
        assertEquals(before, JournalFiles.files(folder));
        Files.write(file, "something else altogether, and long enough for a journal's file, so that its length does not tell".getBytes());
        assertThrows(UnsupportedFormatException.class, () -> EventStore.open(folder, small()));
        JournalFiles.truncate(file, 5);
        assertThrows(DaybookException.class, () -> EventStore.open(folder, small()));
        JournalFiles.truncate(file, 0);
        assertThrows(DaybookException.class, () -> EventStore.open(folder, small()));
        Files.write(file, newer);
        JournalFiles.flip(file, 8, 1 ^ 2);
        EventStore.open(folder, small()).close();
    }

    @Test
    void aJournalKeepsItsIdentity() {
        JournalId id;
        try (EventStore store = EventStore.open(folder, small())) {
            id = store.id();
            assertEquals(1, id.epoch());
        }
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(id, store.id(), "a clean close begins no epoch");
            assertFalse(store.recovery().newEpoch());
        }
        try (EventStore store = EventStore.open(temp.resolve("other"), small())) {
            UUID other = store.id().identity();
            assertFalse(other.equals(id.identity()));
        }
    }

    @Test
    void withoutPermissionThereIsAClearError() throws IOException {
        if (Files.isDirectory(Path.of("/sys/kernel"))) {
            // Nobody may make a folder there, not even root.
            assertNotOpened(Path.of("/sys/kernel/journal"));
        }
        Path closed = Files.createDirectory(temp.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            boolean closedForMe = !Files.isWritable(closed);
            if (!closedForMe) {
                System.out.println("withoutPermissionThereIsAClearError: this user may write everywhere, so the rest is left out");
            }
            assumeTrue(closedForMe, "this user may write everywhere");
            assertNotOpened(closed.resolve("journal"));
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void nothingIsWrittenOutsideTheFolder() throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int i = 0; i < 100; i++) {
                store.append("a", Expected.any(), NewEvent.of("Happened", bytes(50_000, i)));
            }
        }
        try (var beside = Files.list(temp)) {
            assertEquals(Set.of(folder), Set.copyOf(beside.toList()));
        }
    }

    private void assertRefused(String setting, StoreSettings settings) {
        UnsupportedFormatException refused = assertThrows(UnsupportedFormatException.class, () -> EventStore.open(folder, settings));
        assertTrue(refused.getMessage().contains(setting), refused.getMessage());
    }

    /** What the operating system refuses comes as an UncheckedIOException with its reason as the cause. */
    private static void assertNotOpened(Path path) {
        RuntimeException refused = assertThrows(RuntimeException.class, () -> EventStore.open(path, small()));
        assertTrue(refused instanceof DaybookException || refused instanceof UncheckedIOException, refused.toString());
        assertTrue(refused.getMessage().contains(path.toString()), refused.getMessage());
    }

    private void assertNamesFolder(DaybookException e) {
        assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
    }

    /** A kill may leave the folders without the file that makes them a journal. */
    @Test
    void aCreationThatWasCutShortIsBegunAgain() throws IOException {
        Files.createDirectories(folder.resolve(JournalFiles.QUEUE));
        Files.createDirectories(folder.resolve(JournalFiles.INDEX));
        try (EventStore store = EventStore.open(folder, small())) {
            assertEquals(0, store.append("a", Expected.absent(), Events.event("Opened", "")).firstPosition());
        }
    }

    @Test
    void aLostEpochFileIsReportedAsDamage() throws IOException {
        EventStore.open(folder, small()).close();
        Files.delete(folder.resolve("epochs.dbk"));
        assertThrows(DaybookException.class, () -> EventStore.open(folder, small()));
    }
}
