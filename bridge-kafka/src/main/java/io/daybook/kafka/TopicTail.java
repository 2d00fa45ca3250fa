package io.daybook.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Finds the last committed record of partitions. Behind it may lie any number of aborted ones, and the marks of transactions.
 *
 * <p>What it finds may be old: a broker that is cut off from its controller, and not from its clients, does not know that others lead what
 * it led, and shows what it has. So it is remembered where each look ended ({@link #ends}): if the next record lies elsewhere, it was one.
 */
final class TopicTail {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int FIRST_STEP = 16;
    private static final int GROWTH = 8;
    private static final int LOOKS = 20;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Consumer<byte[], byte[]> consumer;
    private final BooleanSupplier givenUp;
    private final Map<TopicPartition, Long> lookedUpTo = new HashMap<>();

    /** Reads with this consumer, until it has what is wanted or this says that it is not wanted any more. */
    TopicTail(Consumer<byte[], byte[]> consumer, BooleanSupplier givenUp) {
        this.consumer = consumer;
        this.givenUp = givenUp;
    }

    /** The last record of each partition that has one. */
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> last(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        lookedUpTo.putAll(ends);
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        Set<TopicPartition> left = new HashSet<>(partitions);
        for (long step = FIRST_STEP; !left.isEmpty(); step *= GROWTH) {
            long back = step;
            left.removeIf(partition -> ends.get(partition) <= begins.get(partition));
            consumer.assign(left);
            consumer.resume(left); // a partition that stays assigned stays paused, too
            left.forEach(partition -> consumer.seek(partition, Math.max(begins.get(partition), ends.get(partition) - back)));
            read(left, ends, found);
            left.removeIf(partition -> found.containsKey(partition) || ends.get(partition) - back <= begins.get(partition));
        }
        return found;
    }

    /** Where the newest look at each partition ended: all before it was seen, whatever came meanwhile lies there or behind. */
    Map<TopicPartition, Long> ends() {
        return Map.copyOf(lookedUpTo);
    }

    /** The first offset that the partition still has. */
    long begin(TopicPartition partition) {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    /**
     * The newest progress in the topic of it, which must exist; whose it is was not looked at.
     *
     * @param settings where the mirror is
     * @throws BridgeException if something else stands there
     */
    Optional<Progress> progress(BridgeSettings settings) {
        TopicPartition partition = new TopicPartition(settings.progressTopic(), 0);
        ConsumerRecord<byte[], byte[]> newest = last(List.of(partition)).get(partition);
        try {
            return Optional.ofNullable(newest).map(record -> Progress.read(settings.topic(), record.value()));
        } catch (ForeignRecordException e) {
            throw new BridgeException(e.getMessage() + " topic=" + partition.topic() + " offset=" + newest.offset(), e);
        }
    }

    /** The same where its topic may not exist. */
    Optional<Progress> progressIfThere(BridgeSettings settings) {
        return consumer.partitionsFor(settings.progressTopic()).isEmpty() ? Optional.empty() : progress(settings);
    }

    /** Whether the progress tells of this position; it may be shown a moment later than the events that it tells of, and is waited for. */
    boolean tellsOf(BridgeSettings settings, long position) {
        for (int look = 0; look < LOOKS; look++) {
            if (progressIfThere(settings).filter(known -> known.end() > position).isPresent()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return false;
    }

    /** Reads these partitions to their ends. */
    private void read(Set<TopicPartition> partitions, Map<TopicPartition, Long> ends,
                      Map<TopicPartition, ConsumerRecord<byte[], byte[]>> found) {
        Map<TopicPartition, Patience> reading = new HashMap<>();
        partitions.forEach(partition -> reading.put(partition, new Patience("The topic does not answer", partition)));
        while (!reading.isEmpty()) {
            if (givenUp.getAsBoolean()) {
                throw new TimeoutException("The end of the topic is not wanted any more");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.get(partition)) {
                    found.put(partition, record);
                }
            }
            List<TopicPartition> done = reading.keySet().stream().filter(p -> consumer.position(p) >= ends.get(p)).toList();
            done.forEach(reading::remove);
            consumer.pause(done);
            reading.forEach((partition, patience) -> patience.at(consumer.position(partition)));
        }
    }
}
