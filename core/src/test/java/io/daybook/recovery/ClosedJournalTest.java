package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalDamagedException;
import io.daybook.JournalInUseException;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import io.daybook.envelope.Address;
import io.daybook.journal.JournalFile;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must be true of a journal that was closed, and what is left behind when opening fails. */
@Tag("recovery")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClosedJournalTest {

    private static final NewEvent EVENT = NewEvent.json("T", "{}");

    @TempDir
    private Path temp;

    private LeftJournal closed(int events) {
        return LeftJournal.closedAfter(temp, store -> {
            for (int i = 0; i < events; i++) {
                store.append("e", Expected.exactly(i - 1), EVENT);
            }
        });
    }

    private static byte[] header(int header) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header).array();
    }

    private static void assertDamagedAt(LeftJournal left, long address, boolean withIndex) throws IOException {
        if (!withIndex) {
            left.deleteIndex();
        }
        JournalDamagedException e = assertThrows(JournalDamagedException.class, left::open);
        assertEquals(left.folder.cycleFile(0).toString(), e.file());
        assertEquals(Address.offset(address), e.offset());
        assertTrue(e.getMessage().contains("closedAtPosition=9"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTailThatWasCutOffIsDamage(boolean withIndex) throws IOException {
        LeftJournal left = closed(9);
        List<Long> documents = left.documents();
        left.zero(0, Address.offset(documents.get(8)), Address.offset(documents.get(9)));
        assertDamagedAt(left, documents.get(8), withIndex);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x40, 0x3FFF_FFFF})
    void bytesBehindTheEndAreDamage(int header) throws IOException {
        LeftJournal left = closed(9);
        long end = left.documents().get(9);
        left.write(0, Address.offset(end), header(header));
        assertDamagedAt(left, end, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8000_0000, 0x8000_0040})
    void aDocumentThatWasOnlyBegunBehindTheEndIsWrittenOver(int header) {
        LeftJournal left = closed(9);
        left.write(0, Address.offset(left.documents().get(9)), header(header));
        for (int i = 9; i < 12; i++) {
            try (EventStore store = left.open()) {
                assertEquals(i, store.append("e", Expected.exactly(i - 1), EVENT).firstPosition());
            }
        }
        assertEquals(13, left.documents().size());
    }

    @Test
    void aLostStateFileIsNoDamage() throws IOException {
        LeftJournal left = closed(9);
        Files.delete(left.folder.stateFile());
        try (EventStore store = left.open()) {
            assertEquals(9, store.endPosition());
            assertFalse(store.recovery().cleanlyClosed());
            assertEquals(2, store.id().epoch());
            assertEquals(9, store.append("e", Expected.exactly(8), EVENT).firstPosition());
        }
    }

    @Test
    void closingSaysWhereTheJournalEnds() throws IOException {
        LeftJournal left = closed(9);
        StateFile.Record record = StateFile.peek(left.folder.stateFile());
        assertTrue(record.closed());
        assertEquals(9, record.endPosition());
        assertEquals(left.documents().get(9), record.endAddress());
        assertEquals(9, StateFile.peekDurable(left.folder.stateFile()));
    }

    @Test
    void anOpenJournalSaysThatItIsOpen() throws IOException {
        LeftJournal left = closed(9);
        try (EventStore store = left.open()) {
            StateFile.Record record = StateFile.peek(left.folder.stateFile());
            assertFalse(record.closed());
            assertEquals(9, record.endPosition());
            assertEquals(9, store.endPosition());
        }
    }

    @Test
    void aThreadFactoryThatThrowsLeavesNothingOpen() {
        JournalFolder folder = closed(3).folder;
        for (int i = 0; i < 3; i++) {
            StoreSettings settings = StoreSettings.create().threadFactory(task -> {
                throw new IllegalStateException("no more threads");
            });
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> EventStore.open(folder.root(), settings));
            assertEquals("no more threads", e.getMessage());
            assertEquals(0, e.getSuppressed().length);
        }
        try (EventStore store = EventStore.open(folder.root(), LeftJournal.SETTINGS)) {
            assertEquals(3, store.append("e", Expected.exactly(2), EVENT).firstPosition());
        }
    }

    @Test
    void aFailedOpenGivesTheFolderUp() throws IOException {
        LeftJournal left = closed(9);
        byte[] epochs = Files.readAllBytes(left.folder.epochFile());
        Files.write(left.folder.epochFile(), new byte[3]);
        for (int i = 0; i < 2; i++) {
            assertThrows(JournalDamagedException.class, left::open);
            assertFalse(Files.exists(left.folder.ownerPid()));
        }
        Files.write(left.folder.epochFile(), epochs);
        try (EventStore store = left.open()) {
            assertEquals(9, store.endPosition());
            assertTrue(store.recovery().cleanlyClosed());
        }
    }

    @Test
    void theFolderIsOwnedOnceUnderAnyOfItsNames() throws IOException {
        LeftJournal left = closed(1);
        Path link = Files.createSymbolicLink(temp.resolve("link"), left.folder.root());
        try (Ownership first = Ownership.take(left.folder)) {
            for (Path name : List.of(left.folder.root(), link, left.folder.root().resolve("../closed"))) {
                JournalInUseException e = assertThrows(JournalInUseException.class, () -> Ownership.take(new JournalFolder(name)));
                assertTrue(e.getMessage().contains("ownerPid=" + ProcessHandle.current().pid()), e.getMessage());
            }
            assertTrue(Files.exists(left.folder.ownerPid()), first.toString());
        }
        assertFalse(Files.exists(left.folder.ownerPid()));
        Ownership.take(left.folder).close();
    }

    @Test
    void aCreationThatWasCutShortIsBegunAgain() throws IOException {
        JournalFolder folder = new JournalFolder(temp.resolve("new"));
        Files.createDirectories(folder.queue());
        Files.createDirectories(folder.index());
        Files.delete(folder.queue());
        Files.delete(folder.index());
        for (String left : new String[] {"owner.lock", "owner.pid", "epochs.dbk", "epochs.dbk.tmp", "journal.dbk.tmp"}) {
            Files.write(folder.root().resolve(left), new byte[5]);
        }
        JournalCreation.prepare(folder, StoreSettings.create());
        JournalFile made = JournalCreation.readOrCreate(folder, StoreSettings.create());
        assertEquals(made, JournalCreation.readOrCreate(folder, StoreSettings.create()));
        try (EventStore store = EventStore.open(folder.root())) {
            assertEquals(made.identity(), store.id().identity());
            assertTrue(store.recovery().cleanlyClosed());
        }
    }
}
