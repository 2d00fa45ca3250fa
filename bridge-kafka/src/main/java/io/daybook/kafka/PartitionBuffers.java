package io.daybook.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/**
 * The records of a mirror's partitions, each in its order, up to where they ended when the reading began. A partition that runs ahead is
 * paused, so memory is bounded however unlike they are. One thread.
 */
final class PartitionBuffers {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BETWEEN_PARTITIONS = Duration.ofSeconds(3);
    private static final long LOOK_NS = 20_000_000;
    private static final int MOST_RECORDS = 4000;
    private static final long MOST_BYTES = 32 << 20;
    private static final long OBJECT_BYTES = 128; // of a record, or of a header, beside what it holds

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private final Layout layout;
    private final List<TopicPartition> partitions;
    private final List<Deque<ConsumerRecord<byte[], byte[]>>> records = new ArrayList<>();
    private final long[] bytes;
    private final boolean[] paused;
    private final long mostBytes;

    /** Reads the partitions of a mirror, each under its index in the layout, from their beginnings. */
    PartitionBuffers(Consumer<byte[], byte[]> consumer, Layout layout) {
        this.consumer = consumer;
        this.layout = layout;
        partitions = layout.partitions();
        int count = partitions.size();
        partitions.forEach(partition -> records.add(new ArrayDeque<>()));
        bytes = new long[count];
        paused = new boolean[count];
        mostBytes = Math.max(1, MOST_BYTES / count);
        ends = new HashMap<>(consumer.endOffsets(partitions));
        consumer.assign(partitions);
        consumer.resume(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The next record of a partition, which stays; null at its end. */
    ConsumerRecord<byte[], byte[]> peek(int partition) {
        TopicPartition own = partitions.get(partition);
        Patience patience = new Patience("The topic gives no more records", own);
        while (records.get(partition).isEmpty() && consumer.position(own) < ends.get(own)) {
            poll();
            patience.at(consumer.position(own));
        }
        return records.get(partition).peek();
    }

    /**
     * Looks whether a partition ends further on meanwhile: Kafka shows a transaction in one partition a moment before another.
     *
     * @return false if it has not after a few seconds
     */
    boolean awaitMore(int partition) {
        TopicPartition waited = partitions.get(partition);
        long beganNs = System.nanoTime();
        while (System.nanoTime() - beganNs < BETWEEN_PARTITIONS.toNanos()) {
            long end = consumer.endOffsets(List.of(waited)).get(waited);
            if (raise(waited, end)) {
                return true;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return false;
    }

    /** The same for any of these; says at once whether one does. */
    boolean hasMore(Collection<Integer> some) {
        Map<TopicPartition, Long> now = consumer.endOffsets(some.stream().map(partitions::get).toList());
        boolean more = false;
        for (Map.Entry<TopicPartition, Long> end : now.entrySet()) {
            more |= raise(end.getKey(), end.getValue());
        }
        return more;
    }

    /** Of a partition that has none left: what came behind its former end may have been read, and thrown away, already. */
    private boolean raise(TopicPartition partition, long end) {
        long before = ends.get(partition);
        if (end <= before) {
            return false;
        }
        if (consumer.position(partition) > before) {
            consumer.seek(partition, before);
        }
        ends.put(partition, end);
        return true;
    }

    /** Goes on, before anything was read, no later than at the first record of this time or a later one. */
    void seekTo(long timestampMs) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, timestampMs));
        consumer.offsetsForTimes(times).forEach((partition, found) ->
                consumer.seek(partition, found == null ? ends.get(partition) : Math.min(found.offset(), ends.get(partition))));
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            int partition = layout.indexOf(record.topic(), record.partition());
            if (record.offset() < ends.get(partitions.get(partition))) {
                records.get(partition).add(record);
                bytes[partition] += size(record);
            }
        }
        List<TopicPartition> full = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            if (!paused[i] && (records.get(i).size() >= MOST_RECORDS || bytes[i] >= mostBytes)) {
                paused[i] = true;
                full.add(partitions.get(i));
            }
        }
        consumer.pause(full);
    }

    /** The next record of a partition if it was read already; else null, which says nothing of its end. */
    ConsumerRecord<byte[], byte[]> buffered(int partition) {
        return records.get(partition).peek();
    }

    /** Takes the next record of a partition away. */
    void pop(int partition) {
        Deque<ConsumerRecord<byte[], byte[]>> queue = records.get(partition);
        bytes[partition] -= size(queue.remove());
        // Not when it is empty only: whoever waits for one partition then has those that come next fetched with it.
        if (paused[partition] && queue.size() <= MOST_RECORDS / 2 && bytes[partition] <= mostBytes / 2) {
            paused[partition] = false;
            consumer.resume(List.of(partitions.get(partition)));
        }
    }

    /** A record of this position among those that are buffered, wherever it is. */
    Optional<ConsumerRecord<byte[], byte[]>> find(long position) {
        for (Deque<ConsumerRecord<byte[], byte[]>> queue : records) {
            for (ConsumerRecord<byte[], byte[]> record : queue) {
                try {
                    if (MirroredEvent.position(record.headers()) == position) {
                        return Optional.of(record);
                    }
                } catch (ForeignRecordException e) {
                    continue; // it is of no position
                }
            }
        }
        return Optional.empty();
    }

    /** About what it takes of the heap: of small events most is objects, and metadata is a header. */
    private static long size(ConsumerRecord<byte[], byte[]> record) {
        long size = OBJECT_BYTES + Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        for (Header header : record.headers()) {
            size += OBJECT_BYTES + (header.value() == null ? 0 : header.value().length);
        }
        return size;
    }
}
