package io.daybook.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.journal.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What opening and closing do beside finding the end. */
@Tag("recovery")
class OwnedJournalTest {

    private static final int MOST_COPIES = 32;

    @TempDir
    private Path temp;

    private static void append(EventStore store, int events) {
        for (int i = 0; i < events; i++) {
            store.append("entity-" + i % 3, Expected.any(), NewEvent.json("T", "{}"));
        }
    }

    private static LeftJournal cutOff(Path temp) throws IOException {
        LeftJournal left = LeftJournal.killedAfter(temp, store -> append(store, 10)).stopTheMachine();
        List<Long> documents = left.documents();
        long last = documents.get(documents.size() - 3);
        left.write(0, last + 20, new byte[] {1, 2, 3, 4}); // the last but one: two commits are cut off
        return left;
    }

    @Test
    void aCloseLeavesNothingToDo() throws IOException {
        LeftJournal left = LeftJournal.closedAfter(temp, store -> append(store, 10));
        try (EventStore store = left.open()) {
            assertTrue(store.recovery().cleanlyClosed());
            assertFalse(store.recovery().indexRebuilt());
            assertEquals(0, store.recovery().replayedEvents());
            assertEquals(10, store.stats().indexWatermark());
        }
    }

    /** What the owner before had shown and a stop of the machine took must not be missed by those who come later. */
    @Test
    void aKillBehindARecoveryFindsTheEndThatRecoveryFound() throws IOException {
        LeftJournal left = cutOff(temp);
        LeftJournal killed;
        try (EventStore store = left.open()) {
            assertEquals(8, store.endPosition());
            killed = left.copyTo(temp.resolve("killed"));
        }
        assertEquals(8, StateFile.peekEnd(killed.folder.stateFile()));
        try (EventStore store = killed.open()) {
            assertFalse(store.recovery().machineStopped());
            assertEquals(8, store.endPosition());
        }
    }

    @Test
    void aCutDeletesCopiesOfOlderOnes() throws IOException {
        LeftJournal left = cutOff(temp);
        Files.createDirectories(left.folder.setAside());
        for (int i = 0; i < MOST_COPIES + 8; i++) {
            Path copy = Files.write(left.folder.setAside().resolve("older-" + i), new byte[] {1});
            Files.setLastModifiedTime(copy, FileTime.fromMillis(1_000_000L + i));
        }
        left.open().close();
        try (Stream<Path> copies = Files.list(left.folder.setAside())) {
            assertEquals(MOST_COPIES, copies.count());
        }
        assertFalse(Files.exists(left.folder.setAside().resolve("older-0")));
        assertTrue(Files.exists(left.folder.setAside().resolve("older-" + (MOST_COPIES + 7))));
    }

    /** More entities than the heads in memory hold are replayed: they go to the map meanwhile. */
    @Test
    void aReplayOfMoreEntitiesThanFitIntoMemory() throws IOException {
        int entities = 6_000;
        LeftJournal left = LeftJournal.closedAfter(temp, store -> {
            for (int i = 0; i < 2 * entities; i++) {
                store.append("entity-" + i % entities, Expected.any(), NewEvent.json("T", "{}"));
            }
        });
        left.deleteIndex();
        try (EventStore store = left.open()) {
            assertTrue(store.recovery().indexRebuilt());
            for (int i = 0; i < entities; i++) {
                assertEquals(1, store.version("entity-" + i));
            }
        }
    }
}
