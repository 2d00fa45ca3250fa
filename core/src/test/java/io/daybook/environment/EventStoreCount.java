package io.daybook.environment;

import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.StoreSettings;
import java.nio.file.Path;

/** Looks into a journal as a process that only reads. */
final class EventStoreCount {

    private EventStoreCount() {
    }

    /** How many events there are; all are read. */
    static int events(Path folder) {
        try (EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create())) {
            return Events.all(reading).size();
        }
    }
}
