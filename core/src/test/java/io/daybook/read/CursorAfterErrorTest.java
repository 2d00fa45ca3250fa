package io.daybook.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whoever asks a read again after an error gets the error again: neither the end, nor bytes that nobody checked, nor what lies behind. */
class CursorAfterErrorTest extends JournalTest {

    private static final int COMMITS = 12;
    private static final int EVENTS = 3;

    @Test
    void aReadThatFailedFailsAgain() throws Exception {
        for (int damaged : new int[] {0, 5, COMMITS * EVENTS - 1}) {
            folder = temp.resolve("journal-" + damaged);
            try (EventStore store = EventStore.open(folder, small())) {
                for (int i = 0; i < COMMITS; i++) {
                    List<NewEvent> events = new ArrayList<>();
                    for (int j = 0; j < EVENTS; j++) {
                        events.add(NewEvent.of("T", marker(i * EVENTS + j)));
                    }
                    store.append(i % 2 == 0 ? "even" : "odd", Expected.any(), events.toArray(new NewEvent[0]));
                }
                flipPayload(damaged); // under the open store: an open would look at the newest events itself
                String entity = damaged / EVENTS % 2 == 0 ? "even" : "odd";
                for (ReadRange range : List.of(ReadRange.all(), ReadRange.all().reversed())) {
                    assertFails(damaged, range, () -> store.readAll(StartFrom.beginning(), Filter.all(), range));
                    assertFails(damaged, range, () -> store.readAll(StartFrom.beginning(), Filter.all().category("even"), range));
                    assertFails(damaged, range, () -> store.readAll(StartFrom.beginning(), Filter.all().category("odd"), range));
                    assertFails(damaged, range, () -> store.read(entity, range));
                }
            }
        }
    }

    private static byte[] marker(int number) {
        return ("payload-number-" + (1000 + number)).getBytes(StandardCharsets.UTF_8);
    }

    private void flipPayload(int number) throws Exception {
        Path file = JournalFiles.cycles(folder).get(0);
        String bytes = new String(Files.newInputStream(file).readNBytes(1 << 20), StandardCharsets.ISO_8859_1);
        int at = bytes.indexOf(new String(marker(number), StandardCharsets.ISO_8859_1));
        assertTrue(at > 0, "the event is not in the file");
        JournalFiles.flip(file, at, 1);
    }

    private static void assertFails(int damaged, ReadRange range, Supplier<Cursor> read) {
        try (Cursor cursor = read.get()) {
            List<Long> positions = new ArrayList<>();
            JournalDamagedException first = assertThrows(JournalDamagedException.class, () -> {
                while (cursor.next()) {
                    positions.add(cursor.position());
                }
            });
            for (int i = 0; i < 5; i++) {
                assertSame(first, assertThrows(JournalDamagedException.class, cursor::next));
                assertThrows(IllegalStateException.class, cursor::event);
            }
            long beyond = positions.stream().filter(each -> range.backwards() ? each <= damaged : each >= damaged).count();
            assertEquals(0, beyond, "handed out " + positions + " around the damaged " + damaged);
        }
    }
}
