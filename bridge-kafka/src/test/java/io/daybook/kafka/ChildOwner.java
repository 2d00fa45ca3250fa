package io.daybook.kafka;

import io.daybook.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A service that owns a journal and appends until it is killed, and leaves the mirror to others: folder, seed, milliseconds between twenty
 * commits if there are any. Says {@code appending}.
 */
final class ChildOwner {

    private ChildOwner() {
    }

    /** Runs for ever. */
    public static void main(String[] args) {
        Random random = new Random(Long.parseLong(args[1]));
        Duration pause = Duration.ofMillis(args.length > 2 ? Integer.parseInt(args[2]) : 0);
        try (EventStore store = EventStore.open(Path.of(args[0]), MirrorCase.small())) {
            System.out.println("appending");
            while (true) {
                MirrorCase.append(store, 20, random);
                Await.spend(pause);
            }
        }
    }
}
