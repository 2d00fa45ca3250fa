package io.daybook.environment;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Another process that owns a journal: appends an event for each {@code a} that it is sent, without end after {@code l}. */
final class ChildAppender {

    static final String ENTITY = "child-1";

    private ChildAppender() {
    }

    /** Arguments: folder. */
    public static void main(String[] arguments) throws IOException {
        EventStore store;
        try {
            store = EventStore.open(Path.of(arguments[0]), settings());
        } catch (RuntimeException e) {
            System.out.println("refused " + e + " " + e.getCause());
            return;
        }
        System.out.println("opened at " + store.endPosition() + " pid=" + ProcessHandle.current().pid() + " assertions="
            + ChildAppender.class.desiredAssertionStatus());
        for (int order = System.in.read(); order != -1; order = System.in.read()) {
            do {
                if (order == 'a' || order == 'l') {
                    System.out.println("acked " + append(store));
                }
            } while (order == 'l');
        }
    }

    static StoreSettings settings() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).flushEvents(64);
    }

    private static long append(EventStore store) {
        Expected expected = Expected.exactly(store.version(ENTITY));
        return store.append(ENTITY, expected, List.of(NewEvent.json("T", "{}")), Durability.PROCESS).version();
    }
}
