package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.daybook.Appender;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import java.util.List;
import java.util.UUID;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The appender that makes no garbage keeps the same guarantees as {@code append}. */
class AppenderTest extends JournalTest {

    private static final int MAX_PAYLOAD = 10_000;

    private EventStore store;
    private Appender appender;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small().maxPayloadBytes(MAX_PAYLOAD));
        appender = store.appender();
    }

    @AfterEach
    void close() {
        store.close();
        store = null;
        appender = null;
    }

    @Test
    void whatWasClaimedAndAppendedIsRead() {
        for (int i = 0; i < 3_000; i++) {
            int length = i * 37 % MAX_PAYLOAD;
            appender.claim("entity-" + i % 7, i / 7 - 1L, "Written", length).putBytes(0, bytes(length, i));
            assertEquals(i, appender.append());
        }
        for (int i = 0; i < 3_000; i++) {
            RecordedEvent event = at(i);
            assertEquals("entity-" + i % 7, event.entity());
            assertEquals(i / 7, event.version());
            assertEquals("Written", event.type());
            assertEquals(0, event.schemaVersion());
            assertEquals(0, event.metadata().length);
            assertArrayEquals(bytes(i * 37 % MAX_PAYLOAD, i), event.payload());
        }
    }

    @Test
    void aConflictTakesTheClaimAndWritesNothing() {
        append("a", -1, "0");
        ConflictException conflict = assertThrows(ConflictException.class, () -> append("a", -1, "x"));
        assertEquals("a", conflict.entity());
        assertEquals(Expected.absent(), conflict.expected());
        assertEquals(0, conflict.actual());
        conflict = assertThrows(ConflictException.class, () -> append("a", 5, "x"));
        assertEquals(Expected.exactly(5), conflict.expected());
        assertThrows(IllegalStateException.class, appender::append, "the claim is gone");
        assertEquals(1, append("a", 0, "1"));
        assertEquals(List.of("0", "1"), Events.payloads(store, "a"));
    }

    @Test
    void aRepeatReturnsTheFirstPosition() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50; i++) {
                appender.claim("a", i - 1L, "Written", 4).putInt(0, i);
                appender.id(7, i);
                assertEquals(i, appender.append());
            }
        }
        assertEquals(50, store.endPosition());
        assertEquals(new UUID(7, 49), at(49).id());
        assertEquals(true, store.append("a", Expected.any(), NewEvent.of("Written", at(49).payload()).withId(new UUID(7, 49))).duplicate());
        appender.claim("a", 49, "Written", 4).putInt(0, 1_000);
        appender.id(7, 49);
        assertThrows(EventIdReusedException.class, appender::append);
        appender.claim("a", 49, "Written", 4).putInt(0, 1_000);
        assertEquals(50, appender.append(), "the id of the claim before is forgotten");
    }

    @Test
    void anAbortedClaimLeavesNothing() {
        appender.claim("a", -1, "Written", 4).putInt(0, 1);
        appender.abort();
        appender.abort();
        assertThrows(IllegalStateException.class, appender::append);
        assertEquals(0, append("a", -1, "0"));
        assertEquals(1, store.endPosition());
    }

    @Test
    void misuseIsRefusedAndChangesNothing() {
        assertThrows(IllegalStateException.class, appender::append);
        assertThrows(IllegalStateException.class, () -> appender.id(1, 2));
        appender.claim("a", -1, "Written", 4);
        assertThrows(IllegalStateException.class, () -> appender.claim("a", -1, "Written", 4));
        appender.abort();
        for (String name : List.of("", "x".repeat(513), "a\uD800", "a\u0007")) {
            assertThrows(IllegalArgumentException.class, () -> appender.claim(name, -1, "Written", 4));
            assertThrows(IllegalArgumentException.class, () -> appender.claim("a", -1, name, 4));
        }
        assertThrows(IllegalArgumentException.class, () -> appender.claim("a", -2, "Written", 4));
        assertThrows(IllegalArgumentException.class, () -> appender.claim("a", -1, "Written", -1));
        assertThrows(IllegalArgumentException.class, () -> appender.claim("a", -1, "Written", MAX_PAYLOAD + 1));
        assertThrows(RuntimeException.class, () -> appender.claim(null, -1, "Written", 4));
        assertThrows(RuntimeException.class, () -> appender.claim("a", -1, null, 4));
        assertEquals(0, append("a", -1, "0"));
        assertEquals(1, store.endPosition());
    }

    @Test
    void writingPastTheClaimHarmsNothing() {
        MutableDirectBuffer claimed = appender.claim("a", -1, "Written", 4);
        claimed.putInt(0, 1);
        try {
            claimed.setMemory(4, 64, (byte) -1);
        } catch (IndexOutOfBoundsException e) {
            assertEquals(true, e.getMessage() != null);
        }
        appender.append();
        RecordedEvent event = at(0);
        assertEquals("a Written 4", event.entity() + " " + event.type() + " " + event.payload().length);
    }

    @Test
    void writingToAClaimThatWasAppendedHarmsNothing() {
        MutableDirectBuffer claimed = appender.claim("a", -1, "Written", 4);
        claimed.putInt(0, 1);
        appender.append();
        byte[] payload = at(0).payload();
        claimed.putInt(0, -1);
        assertArrayEquals(payload, at(0).payload());
    }

    @Test
    void severalAppendersAndOthersTakeTurns() {
        Appender second = store.appender();
        for (int i = 0; i < 300; i += 3) {
            appender.claim("a", i - 1L, "Written", 8).putLong(0, i);
            second.claim("a", i, "Written", 8).putLong(0, i + 1);
            assertEquals(i, appender.append());
            assertEquals(i + 1, second.append());
            store.append("a", Expected.exactly(i + 1), List.of(Events.event("Written", "8 bytes.")), Durability.PROCESS);
        }
        assertEquals(299, store.version("a"));
    }

    @Test
    void afterTheStoreWasClosed() {
        appender.claim("a", -1, "Written", 4).putInt(0, 1);
        store.close();
        assertThrows(StoreClosedException.class, appender::append);
        assertThrows(StoreClosedException.class, () -> store.appender());
        open();
        assertEquals(0, store.endPosition());
    }

    private long append(String entity, long expected, String payload) {
        appender.claim(entity, expected, "Written", payload.length()).putStringWithoutLengthAscii(0, payload);
        return appender.append();
    }

    private RecordedEvent at(long position) {
        try (Cursor cursor = store.readAll(new StartFrom.Position(position), Filter.all())) {
            cursor.next();
            return cursor.event().copy();
        }
    }
}
