package io.daybook.kafka;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.NewEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A service that mirrors, and appends until it is killed: folder, bootstrap servers, topic, seed. It forces a few times a second, and
 * begins anew once all is mirrored; so nearly always some events wait for a force, and a mirror that would take them has nothing else to
 * do. Says {@code mirroring} once it does.
 */
final class ChildLazyMirror {

    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final int COMMITS_A_FORCE = 80;
    private static final int LONGEST_REST_MS = 400;

    private ChildLazyMirror() {
    }

    /** Runs until the bridge fails. */
    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[3]));
        BridgeSettings settings = BridgeSettings.create(args[1], args[2]).createTopics(MirrorCase.PARTITIONS, 1, 1)
                .backOff(Duration.ofMillis(50), Duration.ofMillis(500));
        try (EventStore store = EventStore.open(Path.of(args[0]), MirrorCase.small());
                KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            MirrorCase.append(store, 5, random);
            bridge.awaitMirroring(Await.PATIENCE);
            System.out.println("mirroring");
            while (bridge.failure() == null) {
                for (int i = 0; i < COMMITS_A_FORCE; i++) {
                    byte[] payload = new byte[random.nextInt(200)];
                    random.nextBytes(payload);
                    store.commit(Commit.create().append("account-" + random.nextInt(20), NewEvent.of("Late", payload)));
                    Await.spend(PAUSE);
                }
                Await.spend(Duration.ofMillis(random.nextInt(LONGEST_REST_MS))); // time for a mirror that would take what is not forced
                store.awaitDurable(store.endPosition() - 1, Durability.DISK, Await.PATIENCE);
                bridge.awaitPosition(store.endPosition() - 1, Await.PATIENCE);
            }
            System.out.println("stopped " + bridge.failure());
        }
    }
}
