package io.daybook.kafka.cli;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.kafka.BridgeException;
import io.daybook.kafka.BridgeSettings;
import io.daybook.kafka.BridgeStatus;
import io.daybook.kafka.KafkaBridge;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Mirrors a journal until it is stopped, or until all that was there is in Kafka. */
@Command(name = "mirror", header = "Mirror the journal to a topic, exactly once, until it is stopped.")
final class MirrorCommand extends Task {

    private static final Duration LOOK = Duration.ofSeconds(1);

    @Option(names = "--create-topic", description = "Make the topics if they are missing.")
    private boolean createTopic;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "12",
        description = "With --create-topic: of the topic, for ever (${DEFAULT-VALUE}).")
    private int partitions;

    @Option(names = "--replication-factor", paramLabel = "N", defaultValue = "3",
        description = "With --create-topic (${DEFAULT-VALUE}).")
    private int replicationFactor;

    @Option(names = "--min-insync-replicas", paramLabel = "N",
        description = "With --create-topic (2; 1 where there is one replica).")
    private Integer minInSyncReplicas;

    @Option(names = "--batch-events", paramLabel = "N", defaultValue = "20000",
        description = "A transaction with so many events takes no further commit (${DEFAULT-VALUE}).")
    private int batchEvents;

    @Option(names = "--batch-bytes", paramLabel = "N", defaultValue = "16777216", description = "The same for bytes (${DEFAULT-VALUE}).")
    private long batchBytes;

    @Option(names = "--batch-delay-ms", paramLabel = "N", defaultValue = "10",
        description = "A transaction is committed so long after it began (${DEFAULT-VALUE}); while more is there already, after 200 ms.")
    private long batchDelayMs;

    @Option(names = "--status-seconds", paramLabel = "N", defaultValue = "60",
        description = "Tell position, lag and rate so often (${DEFAULT-VALUE}); 0: never.")
    private long statusSeconds;

    @Option(names = "--until-caught-up", description = "End once all that is on the device now is in Kafka.")
    private boolean untilCaughtUp;

    private volatile boolean told; // to end

    MirrorCommand(PrintStream out) {
        super(out);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BridgeSettings settings = settings();
        try {
            settings.batchEvents(batchEvents).batchBytes(batchBytes).batchDelay(Duration.ofMillis(batchDelayMs));
            if (createTopic) {
                int least = minInSyncReplicas == null ? Math.min(2, replicationFactor) : minInSyncReplicas;
                settings.createTopics(partitions, replicationFactor, least);
            }
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings)) {
            Thread hook = new Thread(() -> end(bridge));
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                follow(store, bridge);
            } finally {
                forget(hook);
            }
        }
        return WELL;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends already, and the hook runs.
        }
    }

    /** What is under way comes to its end. */
    private void end(KafkaBridge bridge) {
        told = true;
        bridge.close();
        if (bridge.failure() == null) {
            out.println("Ended: " + shown(bridge.status()));
        }
    }

    private void follow(EventStore store, KafkaBridge bridge) throws InterruptedException {
        try {
            followUntilItEnds(store, bridge);
        } catch (BridgeException e) {
            if (!told || bridge.failure() != null) {
                throw e;
            }
        }
    }

    private void followUntilItEnds(EventStore store, KafkaBridge bridge) throws InterruptedException {
        store.endPosition();
        long end = store.endPosition(Durability.DISK);
        awaitMirroring(bridge);
        out.println("Mirroring: " + shown(bridge.status()));
        if (!untilCaughtUp) {
            end = Long.MAX_VALUE; // which no journal reaches
        }
        long toldNs = System.nanoTime();
        while (end > 0 && !bridge.awaitPosition(end - 1, LOOK)) {
            BridgeStatus status = bridge.status();
            warn(status);
            if (statusSeconds > 0 && System.nanoTime() - toldNs >= TimeUnit.SECONDS.toNanos(statusSeconds)) {
                toldNs = System.nanoTime();
                out.println(status.state() + ": " + shown(status));
            }
        }
        out.println("Caught up: " + shown(bridge.status()));
    }

    private void awaitMirroring(KafkaBridge bridge) throws InterruptedException {
        while (!bridge.awaitMirroring(LOOK)) {
            warn(bridge.status());
        }
    }

    private void warn(BridgeStatus status) {
        if (status.state() == BridgeStatus.State.RETRYING) {
            out.println("Waiting for Kafka: " + shown(status) + " problem=" + status.lastError());
        }
    }

    private static String shown(BridgeStatus status) {
        return "position=" + status.position() + " lagEvents=" + status.lagEvents() + " lagMs=" + status.lagMs() + " eventsPerSecond="
            + status.eventsPerSecond() + " retries=" + status.retries();
    }
}
