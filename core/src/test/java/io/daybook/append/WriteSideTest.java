package io.daybook.append;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.EventIdReusedException;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window of ids is the same after the store was opened again. Guarantee 4, idempotence. */
class WriteSideTest {

    private static final NewEvent EVENT = NewEvent.json("T", "{}");
    private static final StoreSettings FOUR = StoreSettings.create().idWindowEvents(4).indexCapacity(64);

    @TempDir
    private Path folder;

    private static NewEvent event(int number) {
        return EVENT.withId(new UUID(7, number));
    }

    /** Whether an event is recognised when it is appended again. Needs a window: each look writes one when it is not. */
    private boolean isKnown(int number) {
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            return store.append("e", Expected.any(), event(number)).duplicate();
        }
    }

    @Test
    void holdsTheNewestEventsAndNoOlder() {
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            for (int i = 0; i < 6; i++) {
                store.append("e", Expected.any(), event(i));
            }
        }
        for (int i = 2; i < 6; i++) {
            assertTrue(isKnown(i), "event=" + i);
        }
        assertFalse(isKnown(1), "pushed out by 2 to 5");
        assertFalse(isKnown(2), "pushed out by 1");
        assertTrue(isKnown(5));
    }

    @Test
    void beginsInTheMiddleOfACommit() {
        Commit commit = Commit.create();
        for (int i = 0; i < 6; i++) {
            commit.append("e", i == 4 ? EVENT : event(i));
        }
        AppendResult first;
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            first = store.commit(commit);
            store.append("e", Expected.any(), EVENT);
        }
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            assertEquals(new AppendResult(7, 7, 7, 0, false), untimed(store.append("e", Expected.any(), event(2))), "just outside");
        }
        assertEquals(6, first.lastPosition() + 1);
        try (EventStore store = EventStore.open(folder.resolve("other"), FOUR)) {
            store.commit(commit);
        }
        try (EventStore store = EventStore.open(folder.resolve("other"), FOUR)) {
            assertThrows(EventIdReusedException.class, () -> store.append("e", Expected.any(), event(2)));
        }
    }

    private static AppendResult untimed(AppendResult result) {
        return new AppendResult(result.firstPosition(), result.lastPosition(), result.version(), 0, result.duplicate());
    }

    @Test
    void holdsDerivedIdsToo() {
        UUID[] ids = new UUID[3];
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            for (int i = 0; i < 3; i++) {
                store.append("e", Expected.any(), EVENT);
            }
            try (var events = store.read("e")) {
                for (int i = 0; events.next(); i++) {
                    ids[i] = events.event().id();
                }
            }
        }
        try (EventStore store = EventStore.open(folder.resolve("journal"), FOUR)) {
            for (int i = 0; i < 3; i++) {
                AppendResult result = store.append("e", Expected.any(), EVENT.withId(ids[i]));
                assertEquals(new AppendResult(i, i, i, 0, true), untimed(result));
            }
        }
    }

    @Test
    void aLargerWindowFindsTheNewestOfTwo() {
        try (EventStore store = EventStore.open(folder.resolve("journal"), StoreSettings.create().idWindowEvents(1).indexCapacity(64))) {
            for (int i = 0; i < 3; i++) {
                store.append("e", Expected.any(), event(1));
                store.append("e", Expected.any(), EVENT);
            }
        }
        try (EventStore store = EventStore.open(folder.resolve("journal"), StoreSettings.create().idWindowEvents(64).indexCapacity(64))) {
            assertEquals(new AppendResult(4, 4, 4, 0, true), untimed(store.append("e", Expected.any(), event(1))));
        }
    }
}
