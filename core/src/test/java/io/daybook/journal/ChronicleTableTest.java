package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChronicleTableTest extends JournalTest {

    private static final int LENGTH = 0x1F0;
    private static final int VALUES = 8;

    private Path table;
    private byte[] written;

    @BeforeEach
    void make() throws Exception {
        table = new JournalFolder(folder).queueMetadata();
        try (EventStore store = EventStore.open(folder, small())) {
            assertTrue(ChronicleTable.isWellFormed(table));
            for (int i = 0; i < 3; i++) { // more than a cycle
                store.append("a", Expected.any(), NewEvent.of("Happened", bytes(600_000, i)));
            }
            assertTrue(ChronicleTable.isWellFormed(table));
        }
        written = Files.readAllBytes(table);
    }

    /** Fails when another version of Chronicle writes another table: then its digest must be written down. */
    @Test
    void aTableThatChronicleWroteIsWellFormed() throws Exception {
        assertTrue(ChronicleTable.isWellFormed(table));
    }

    @Test
    void onlyItsValuesMayBeDifferent() throws Exception {
        int values = 0;
        for (int at = 0; at < LENGTH; at++) {
            byte[] changed = written.clone();
            changed[at] ^= (byte) (1 << at % 8);
            if (ChronicleTable.isWellFormed(Files.write(table, changed))) {
                values++;
            }
        }
        assertEquals(VALUES * Long.BYTES, values);
    }

    @Test
    void aTableThatEndsBeforeItsLastValueIsNot() throws Exception {
        for (int length = 0; length < LENGTH - Long.BYTES; length++) {
            assertFalse(ChronicleTable.isWellFormed(Files.write(table, Arrays.copyOf(written, length))), "length=" + length);
        }
    }
}
