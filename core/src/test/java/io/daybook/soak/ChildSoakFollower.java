package io.daybook.soak;

import io.daybook.EventHandler;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Follow;
import io.daybook.StartFrom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Follows with a name and reads, in one process through all the owners' lives. Tells {@code violation} where something is wrong. */
final class ChildSoakFollower {

    private ChildSoakFollower() {
    }

    private static final class Judge implements EventHandler {
        private long next;

        @Override
        public void onEvent(EventView event) {
            if (event.position() != next || event.payloadLength() != ChildSoakOwner.PAYLOAD) {
                throw new AssertionError("position " + event.position() + " where " + next + " should be");
            }
            next++;
            if (next % 10_000 == 0) {
                System.out.println("followed " + next);
            }
        }

        @Override
        public void onStopped(Throwable failure) {
            System.out.println("violation " + failure);
        }
    }

    /** Arguments: folder. */
    public static void main(String[] arguments) throws IOException {
        EventStore store = EventStore.openReadOnly(Path.of(arguments[0]), ChildSoakOwner.settings());
        store.subscribe(Follow.from(StartFrom.beginning()).named("soak"), new Judge());
        Thread reader = new Thread(() -> read(store));
        reader.setDaemon(true);
        reader.start();
        System.out.println("follows");
        SoakSample.answer();
    }

    private static void read(EventStore store) {
        Random random = new Random(1);
        try {
            while (true) {
                String entity = "entity-" + random.nextInt(ChildSoakOwner.ENTITIES);
                long version = store.version(entity);
                int events = 0;
                try (var cursor = store.read(entity)) {
                    while (cursor.next()) {
                        if (cursor.event().version() != events++) {
                            throw new AssertionError(entity + " has a gap");
                        }
                    }
                }
                if (events <= version) {
                    throw new AssertionError(entity + " lost events");
                }
                LockSupport.parkNanos(50_000_000);
            }
        } catch (Throwable e) {
            System.out.println("violation " + e);
        }
    }
}
