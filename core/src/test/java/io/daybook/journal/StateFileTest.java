package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {

    private static final StateFile.Record OPEN = new StateFile.Record(new UUID(1, -2), false, 100, 200, Long.MIN_VALUE);
    private static final StateFile.Record CLOSED = new StateFile.Record(new UUID(-3, 4), true, 101, 201, 301);

    @TempDir
    private Path root;
    private JournalFolder folder;

    @BeforeEach
    void name() {
        folder = new JournalFolder(root);
    }

    @Test
    void theRecordComesBack() throws IOException {
        StateFile state = StateFile.open(folder);
        for (StateFile.Record record : new StateFile.Record[] {OPEN, CLOSED, OPEN}) {
            state.write(record);
            assertEquals(record, StateFile.peek(folder.stateFile()));
        }
        assertEquals(4096, Files.size(folder.stateFile()));
    }

    @Test
    void openingLeavesTheRecordAlone() throws IOException {
        StateFile.open(folder).write(CLOSED);
        StateFile.open(folder);
        assertEquals(CLOSED, StateFile.peek(folder.stateFile()));
    }

    @Test
    void theDurablePositionIsPublishedBesideTheRecord() throws IOException {
        StateFile state = StateFile.open(folder);
        assertEquals(0, state.durablePosition());
        state.durablePosition(77);
        state.write(CLOSED);
        assertEquals(77, state.durablePosition());
        assertEquals(77, StateFile.peekDurable(folder.stateFile()));
        assertEquals(77, StateFile.open(folder).durablePosition());
        state.durablePosition(78);
        assertEquals(78, StateFile.peekDurable(folder.stateFile()));
        assertEquals(CLOSED, StateFile.peek(folder.stateFile()));
    }

    @Test
    void aMissingFileSaysNothing() throws IOException {
        assertNull(StateFile.peek(folder.stateFile()));
        assertEquals(0, StateFile.peekDurable(folder.stateFile()));
        StateFile.open(folder);
        assertNull(StateFile.peek(folder.stateFile()), "new, and nothing was written yet");
    }

    @Test
    void aFileOfAnotherLengthSaysNothing() throws IOException {
        StateFile.open(folder).write(CLOSED);
        byte[] bytes = Files.readAllBytes(folder.stateFile());
        for (int length : new int[] {0, 100, 4095, 4097}) {
            Files.write(folder.stateFile(), Arrays.copyOf(bytes, length));
            assertNull(StateFile.peek(folder.stateFile()), "length=" + length);
            assertEquals(0, StateFile.peekDurable(folder.stateFile()), "length=" + length);
        }
    }

    @Test
    void everyFlippedBitOfTheRecordIsFound() throws IOException {
        StateFile.open(folder).write(CLOSED);
        byte[] bytes = Files.readAllBytes(folder.stateFile());
        for (int at = 0; at < 116; at++) {
            if (at < 12 || at >= 64) {
                bytes[at] ^= 4;
                Files.write(folder.stateFile(), bytes);
                assertNull(StateFile.peek(folder.stateFile()), "byte=" + at);
                bytes[at] ^= 4;
            }
        }
    }

    @Test
    void aTruncatedFileIsMadeWholeAgain() throws IOException {
        StateFile.open(folder).write(CLOSED);
        Files.write(folder.stateFile(), new byte[10]);
        StateFile.open(folder).write(OPEN);
        assertEquals(OPEN, StateFile.peek(folder.stateFile()));
    }
}
