package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Filter;
import io.daybook.JournalDamagedException;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a journal held, to be compared with what its reads give once it is damaged: that, or a beginning of it and a report. */
final class DamagedReads {

    private List<String> everything;
    private final Map<String, List<String>> streams = new LinkedHashMap<>();
    private int damaged;
    private int right;

    /** Keeps what the store holds now. */
    void remember(EventStore store, List<String> entities) {
        everything = Events.all(store);
        entities.forEach(entity -> streams.put(entity, Events.of(store, entity)));
    }

    /** Everything that the store held. */
    List<String> everything() {
        return everything;
    }

    /** Reads that reported damage. */
    int damaged() {
        return damaged;
    }

    /** Reads that gave all that they should. */
    int right() {
        return right;
    }

    void assertRight(EventStore store) {
        assertEquals(everything, Events.all(store));
        streams.forEach((entity, lines) -> assertEquals(lines, Events.of(store, entity)));
    }

    void assertRightOrDamaged(EventStore store, Path cycle, String what) {
        assertEquals(everything.size(), store.endPosition(), what);
        ReadRange backwards = ReadRange.all().reversed();
        assertPrefixOrDamaged(everything, () -> store.readAll(StartFrom.beginning(), Filter.all()), cycle, what);
        assertPrefixOrDamaged(reversed(everything), () -> store.readAll(StartFrom.beginning(), Filter.all(), backwards), cycle, what);
        assertPrefixOrDamaged(everything.subList(4, everything.size()), () -> store.readAll(StartFrom.after(3), Filter.all()), cycle, what);
        streams.forEach((entity, lines) -> {
            assertEquals(lines.size() - 1, store.version(entity), what);
            assertPrefixOrDamaged(lines, () -> store.read(entity), cycle, what);
            assertPrefixOrDamaged(reversed(lines), () -> store.read(entity, backwards), cycle, what);
        });
    }

    private void assertPrefixOrDamaged(List<String> wanted, Supplier<Cursor> read, Path cycle, String what) {
        List<String> got = new ArrayList<>();
        try (Cursor cursor = read.get()) {
            while (cursor.next()) {
                got.add(Events.line(cursor.event().copy()));
            }
        } catch (JournalDamagedException e) {
            assertNames(e, cycle, what);
            assertEquals(wanted.subList(0, Math.min(got.size(), wanted.size())), got, what);
            damaged++;
            return;
        } catch (RuntimeException e) {
            throw new AssertionError("not a report of damage: " + what, e);
        }
        assertEquals(wanted, got, what);
        right++;
    }

    static void assertNames(JournalDamagedException e, Path cycle, String what) {
        assertTrue(e.file().endsWith(cycle.getFileName().toString()), what + ": " + e.getMessage());
        assertTrue(e.offset() >= 0 && e.getMessage().contains("offset=" + e.offset()), what + ": " + e.getMessage());
    }

    private static List<String> reversed(List<String> list) {
        List<String> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }
}
