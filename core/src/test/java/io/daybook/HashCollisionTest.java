package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.index.EntityHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a hash of 8 bits the store answers with an error, and never with another entity's event. */
class HashCollisionTest {

    private static final EntityHash EIGHT_BITS = (bytes, offset, length, hash, at) -> {
        int sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum = 31 * sum + bytes[i];
        }
        hash[at] = 0;
        hash[at + 1] = 1 + (sum & 0xFF);
    };

    @TempDir
    private Path folder;
    private final Map<String, Integer> stored = new HashMap<>();
    private int refused;

    private EventStore open() {
        return EventStore.open(folder.resolve("journal"), StoreSettings.create(), EIGHT_BITS);
    }

    private void append(EventStore store, String entity) {
        try {
            store.append(entity, Expected.any(), NewEvent.json("T", "\"" + entity + "\""));
            stored.merge(entity, 1, Integer::sum);
        } catch (EntityHashException e) {
            assertTrue(!stored.containsKey(entity), "it was the first: entity=" + entity);
            refused++;
        }
    }

    private void assertOwnEventsOnly(EventStore store) {
        for (int i = 0; i < 1000; i++) {
            String entity = "entity-" + i;
            if (!stored.containsKey(entity)) {
                assertThrows(EntityHashException.class, () -> store.version(entity));
                assertThrows(EntityHashException.class, () -> store.read(entity));
                continue;
            }
            assertEquals(stored.get(entity) - 1, store.version(entity));
            try (Cursor cursor = store.read(entity)) {
                List<RecordedEvent> events = cursor.toList();
                assertEquals(stored.get(entity), events.size());
                for (RecordedEvent event : events) {
                    assertEquals(entity, event.entity());
                    assertEquals("\"" + entity + "\"", event.payloadText());
                }
            }
        }
    }

    @Test
    void neverAnotherEntitysEvent() throws IOException {
        try (EventStore store = open()) {
            for (int i = 0; i < 3000; i++) {
                append(store, "entity-" + i % 1000);
            }
            assertTrue(stored.size() > 100 && stored.size() <= 256, "stored=" + stored.size());
            assertEquals(3 * (1000 - stored.size()), refused);
            assertOwnEventsOnly(store);
        }
        try (EventStore store = open()) {
            assertOwnEventsOnly(store);
            append(store, "entity-7");
        }
        JournalFiles.delete(folder.resolve("journal").resolve(JournalFiles.INDEX));
        try (EventStore store = open()) {
            assertTrue(store.recovery().indexRebuilt());
            assertOwnEventsOnly(store);
        }
    }
}
