package io.daybook.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Waits for the transactions that are under way in topics. Kafka acknowledges a commit before all partitions show it, and while a broker
 * is lost that may take long: whoever looked for the end of what was acknowledged meanwhile would not see all of it. One thread.
 */
final class OpenTransactions {

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BROKERS_TURN_NS = TimeUnit.SECONDS.toNanos(30); // it looks for those that timed out every ten seconds

    private final Clients clients;
    private final long patienceNs;
    private final BooleanSupplier givenUp;

    /**
     * Waits for the transaction's timeout of these settings and half a minute: by then all have ended but those that Kafka never ends
     * ({@link HangingTransactions}).
     */
    OpenTransactions(BridgeSettings settings) {
        this(settings, () -> false, settings.transactionTimeout().toNanos() + BROKERS_TURN_NS);
    }

    /** The same, for so long, and until this says that it is not wanted any more. */
    OpenTransactions(BridgeSettings settings, BooleanSupplier givenUp, long patienceNs) {
        this.givenUp = givenUp;
        clients = new Clients(settings);
        this.patienceNs = patienceNs;
    }

    /**
     * Returns once all records that are there now are committed or aborted.
     *
     * @param consumer reads what is committed only
     * @throws BridgeException if some are still open when their time is over
     * @throws KafkaException  as {@link #await} does
     */
    void awaitEnd(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> open = await(consumer, partitions);
        if (!open.isEmpty()) {
            Map.Entry<TopicPartition, Long> one = open.entrySet().iterator().next();
            throw new BridgeException("A transaction does not come to its end, so it is not known what the mirror has. A mirror that is"
                    + " started ends those of its own; where its journal is lost, kafka-transactions.sh aborts it, and what is whole then"
                    + " can be restored: topic=" + one.getKey().topic() + " partition=" + one.getKey().partition() + " shownTo="
                    + one.getValue());
        }
    }

    /**
     * The same; answers the partitions in which some are still open when their time is over, each with the offset that the first of them
     * begins at.
     *
     * @throws KafkaException if none is, and the consumer reads from a broker that shows less than the leader does ({@link TopicTail})
     */
    Map<TopicPartition, Long> await(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> written = ends(partitions, IsolationLevel.READ_UNCOMMITTED);
        long beganNs = System.nanoTime();
        while (true) {
            Map<TopicPartition, Long> shown = new HashMap<>(consumer.endOffsets(written.keySet()));
            shown.entrySet().removeIf(end -> end.getValue() >= written.get(end.getKey()));
            if (shown.isEmpty()) {
                return shown;
            }
            if (System.nanoTime() - beganNs > patienceNs) {
                return open(consumer, shown, written);
            }
            requireWanted();
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Of those that are not shown whole, those that their leader does not show whole either. */
    private Map<TopicPartition, Long> open(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> shown,
                                           Map<TopicPartition, Long> written) {
        Map<TopicPartition, Long> byLeader = ends(shown.keySet(), IsolationLevel.READ_COMMITTED);
        Map<TopicPartition, Long> open = new HashMap<>(consumer.endOffsets(shown.keySet()));
        open.entrySet().removeIf(end -> end.getValue() >= written.get(end.getKey()));
        open.forEach((partition, end) -> {
            if (byLeader.get(partition) >= written.get(partition)) {
                throw new KafkaException("A broker shows less than the partition's leader, as one does that does not know that another"
                        + " leads by now: topic=" + partition.topic() + " partition=" + partition.partition() + " shownTo=" + end
                        + " leaderShowsTo=" + byLeader.get(partition));
            }
        });
        return open;
    }

    /** @throws TimeoutException if nobody waits for it any more */
    void requireWanted() {
        if (givenUp.getAsBoolean()) {
            throw new TimeoutException("The end of the transactions is not wanted any more");
        }
    }

    /** Where everything ends that is there: all that is written, or what is shown of it. */
    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Admin admin = clients.admin();
        try {
            Map<TopicPartition, Long> ends = new HashMap<>();
            Clients.get(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
                    .forEach((partition, end) -> ends.put(partition, end.offset()));
            return ends;
        } finally {
            Clients.close(admin);
        }
    }
}
