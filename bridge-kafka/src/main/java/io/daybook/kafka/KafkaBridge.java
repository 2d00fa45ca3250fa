package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.DaybookException;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreClosedException;
import io.daybook.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Mirrors a journal to Kafka: to one topic, or, by category, to several ({@link BridgeSettings#route}). Thread-safe.
 *
 * <p>Every event that is on the device ({@link Durability#DISK}) is in one of them once, for consumers that read {@code read_committed};
 * the events of a commit become visible to them in one transaction, those of an entity in order, in one partition. FORMAT.md of this module
 * lists every field. The position that was reached is committed with the events, in Kafka; nothing is written beside the journal.
 *
 * <p>The store may own the journal or only read it. It must be open as long as the bridge; close the bridge first. Nothing of the bridge
 * runs within an append, and an append waits for nothing of the bridge.
 *
 * <p>Not promised: that events are in Kafka when {@code append} returns; that consumers which read uncommitted see each event once; that
 * the events of a commit of several entities come to a consumer together, since they lie in several partitions.
 */
public final class KafkaBridge implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
    private static final long ABANDON_MS = 5_000;

    private final EventStore store;
    private final BridgeSettings settings;
    private final MirrorFigures figures = new MirrorFigures();
    private final Mirror mirror;
    private final Thread thread;

    private KafkaBridge(EventStore store, BridgeSettings settings) {
        this.store = store;
        this.settings = settings;
        mirror = new Mirror(store, settings, figures);
        thread = settings.threadFactory().newThread(mirror);
        thread.setName("daybook-kafka-" + settings.topic());
        thread.setDaemon(true);
    }

    /**
     * Begins to mirror, on a thread of the bridge's own, and returns at once, whether there is a broker or not: a service starts without.
     * Topics and limits are looked at on that thread; {@link #awaitMirroring} waits for it. A mirror of the same journal to the same topic
     * that is running anywhere is fenced and stops: the newest goes on.
     */
    public static KafkaBridge start(EventStore store, BridgeSettings settings) {
        Objects.requireNonNull(store, "store");
        KafkaBridge bridge = new KafkaBridge(store, settings.conclude().maxPayloadBytes(store.maxPayloadBytes()));
        bridge.thread.start();
        return bridge;
    }

    /**
     * Waits until the topics were found to be as they must be and the mirror has begun.
     *
     * @return false if that did not happen in time
     * @throws io.daybook.EpochException if the topic is of another journal, or of a history that this one has left
     * @throws BridgeException           if anything else stopped it that waiting cannot mend, or it was closed; the message names what
     * @throws InterruptedException      if this thread is interrupted
     */
    public boolean awaitMirroring(Duration timeout) throws InterruptedException {
        return awaitReached(0, timeout);
    }

    /**
     * Waits until consumers that read {@code read_committed} are shown the event at this position, and its whole commit.
     *
     * @return false if that did not happen in time
     * @throws IllegalArgumentException  if the position is negative
     * @throws io.daybook.EpochException as {@link #awaitMirroring} does
     * @throws BridgeException           as {@link #awaitMirroring} does
     * @throws InterruptedException      if this thread is interrupted
     */
    public boolean awaitPosition(long position, Duration timeout) throws InterruptedException {
        if (position < 0) {
            throw new IllegalArgumentException("A position is 0 or more: position=" + position);
        }
        return awaitReached(position + 1, timeout);
    }

    private boolean awaitReached(long reached, Duration timeout) throws InterruptedException {
        if (figures.await(reached, timeout.compareTo(LONGEST) < 0 ? timeout.toNanos() : Long.MAX_VALUE)) {
            return true;
        }
        Throwable failure = figures.failure();
        if (failure instanceof DaybookException known) {
            throw known;
        }
        if (failure != null || figures.isStopped()) {
            throw new BridgeException("The mirror stopped" + (failure == null ? "" : " (" + failure.getMessage() + ")")
                    + ": " + settings.whereAndHow() + " topic=" + settings.topic() + " position="
                    + figures.position(), failure);
        }
        return false;
    }

    /**
     * Compares a journal with its mirror, from position 0 to where the mirror is: each field of each event, its partition and its order.
     * Reads both once, in memory that is bounded; a mirror may run meanwhile. The routes are those that the progress tells; others are
     * refused. On the calling thread.
     *
     * @throws io.daybook.EpochException if the topic is of another journal
     * @throws BridgeException           if there is no mirror, Kafka does not answer, or does not take the settings: the message names them
     */
    public static Verification verify(EventStore store, BridgeSettings settings) {
        Objects.requireNonNull(store, "store");
        return reading(settings, (concluded, consumer) -> new MirrorVerifier(store, concluded, consumer).verify());
    }

    /**
     * Makes a journal anew from its mirror, event for event as it was, in a new epoch; see {@link io.daybook.JournalRestore}. It ends
     * where the mirror was when the restore began, or at {@link BridgeSettings#restoreTo}. One that was cut short goes on where it was
     * when it is called again for the same folder, which is no journal before its end. Memory is bounded. On the calling thread.
     *
     * <p>Not promised: what was not mirrored. The mirror of the journal that was lost must not run any more; it stops once the restored
     * journal is mirrored.
     *
     * @param folder        missing, empty, or what an earlier restore left
     * @param storeSettings with which the journal is made; its largest payload is not known to the topic
     * @param settings      where the mirror is; routes only where its progress was deleted; topics are not made
     * @param progress      is told how far it is
     * @throws BridgeException                       if the topic does not hold a mirror, whole, as far as it is wanted; the message
     *                                               names position or place
     * @throws io.daybook.UnsupportedFormatException if the folder holds something else
     * @throws io.daybook.DaybookException           as {@link io.daybook.JournalRestore} does
     */
    public static Restoration restore(Path folder, StoreSettings storeSettings, BridgeSettings settings, RestoreProgress progress) {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(storeSettings, "storeSettings");
        Objects.requireNonNull(progress, "progress");
        return reading(settings, (concluded, consumer) ->
                new TopicRestore(concluded, consumer, progress).run(folder, storeSettings));
    }

    private static <T> T reading(BridgeSettings settings, BiFunction<BridgeSettings, Consumer<byte[], byte[]>, T> work) {
        BridgeSettings concluded = settings.conclude();
        Consumer<byte[], byte[]> consumer = null;
        try {
            BrokerProbe.requireBroker(concluded);
            consumer = new Clients(concluded).consumer();
            return work.apply(concluded, consumer);
        } catch (KafkaException e) {
            if (Explanation.of(e, concluded) instanceof BridgeException explained) {
                throw explained;
            }
            throw new BridgeException("The topic cannot be read: " + concluded.whereAndHow() + " topic=" + concluded.topic() + " problem="
                    + e.getMessage(), e);
        } finally {
            Clients.close(consumer);
        }
    }

    /** How it is. Looks into the journal where the mirror lags: not for a hot path. */
    public BridgeStatus status() {
        long position = figures.position();
        try {
            store.endPosition(); // a store that only reads then knows what is there
            long lag = position < 0 ? -1 : Math.max(0, store.endPosition(Durability.DISK) - position);
            return figures.status(lag, lag <= 0 ? lag : ageMs(position));
        } catch (StoreClosedException e) {
            return figures.status(-1, -1);
        }
    }

    private long ageMs(long position) {
        try (Cursor oldest = store.readAll(new StartFrom.Position(position), Filter.all(), ReadRange.all().limit(1))) {
            return oldest.next() ? Math.max(0, System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(oldest.event().timeNs())) : 0;
        }
    }

    /** What stopped it for good; null as long as nothing did. */
    public Throwable failure() {
        return figures.failure();
    }

    /**
     * Stops it. What was sent is committed, or aborted where a commit is not complete, within {@link BridgeSettings#closeTimeout} and five
     * seconds; later it is left to Kafka, which aborts it. A second call does nothing but wait.
     */
    @Override
    public void close() {
        mirror.stop();
        boolean interrupted = false;
        try {
            thread.join(Math.max(1, settings.closeTimeout().toMillis()));
            if (thread.isAlive()) {
                mirror.abandon();
                thread.join(ABANDON_MS);
            }
        } catch (InterruptedException e) {
            mirror.abandon();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
