package io.daybook.kafka;

import io.daybook.EventStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * A service that appends and mirrors until it is killed: folder, bootstrap servers, topic, seed, topic of accounts if they have one. Says
 * {@code mirroring} once it does, and {@code stopped} if the bridge fails.
 */
final class ChildMirror {

    private static final int LONGEST_LAG = 1000;

    private ChildMirror() {
    }

    /** Runs for ever. */
    public static void main(String[] args) throws Exception {
        Random random = new Random(Long.parseLong(args[3]));
        BridgeSettings settings = BridgeSettings.create(args[1], args[2]).createTopics(MirrorCase.PARTITIONS, 1, 1)
                .batchEvents(1 + random.nextInt(200)).backOff(Duration.ofMillis(50), Duration.ofMillis(500));
        String[] categories = {"account-"};
        if (args.length > 4) {
            settings.route("account", args[4]);
            categories = new String[] {"account-", "order-"}; // most transactions are of two topics
        }
        try (EventStore store = EventStore.open(Path.of(args[0]), MirrorCase.small());
                KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            MirrorCase.append(store, 20, random, categories);
            bridge.awaitMirroring(Await.PATIENCE);
            System.out.println("mirroring");
            while (bridge.failure() == null) {
                MirrorCase.append(store, 20, random, categories);
                bridge.awaitPosition(Math.max(0, store.endPosition() - LONGEST_LAG), Await.PATIENCE);
            }
            System.out.println("stopped " + bridge.failure());
        }
    }
}
