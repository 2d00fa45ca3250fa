package io.daybook.kafka;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What became of the records of a transaction: the first that failed, and where the last one of each partition lies, which is what
 * consumers must be shown after the commit. One thread, but {@link #onCompletion}, which is the producer's.
 */
final class SentRecords implements Callback {

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long FIRST_LOOK_NS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long LONGEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Layout layout;
    private final TopicPartition progress;
    private final long[] ends; // offset behind the last record of each partition, the one of the progress last; 0: it has none
    private volatile Exception failure;

    SentRecords(Layout layout, TopicPartition progress) {
        this.layout = layout;
        this.progress = progress;
        ends = new long[layout.partitions().size() + 1];
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception problem) {
        if (problem == null) {
            boolean event = !metadata.topic().equals(progress.topic());
            ends[event ? layout.indexOf(metadata.topic(), metadata.partition()) : ends.length - 1] = metadata.offset() + 1;
        } else if (failure == null) {
            failure = problem;
        }
    }

    /**
     * Kafka's client throws nothing where a broker is not found in time, and tells at the commit: until then each event of a large
     * transaction would wait as long again (max.block.ms, 15 s), and the state would be MIRRORING meanwhile.
     */
    void requireSent() {
        Exception problem = failure;
        if (problem != null) {
            throw problem instanceof KafkaException known ? known : new KafkaException(problem);
        }
    }

    /**
     * Returns once consumers are shown all that was sent; then it is forgotten. Call it behind a commit. Kafka may acknowledge that and
     * leave it hidden in a partition ({@link HangingTransactions}), where the next transaction, if it were aborted, would take it away.
     *
     * @param reader reads what is committed only
     * @throws KafkaException if something is not shown in time
     */
    void awaitShown(Consumer<byte[], byte[]> reader) {
        Map<TopicPartition, Long> hidden = new HashMap<>();
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] > 0) {
                hidden.put(i < ends.length - 1 ? layout.partitions().get(i) : progress, ends[i]);
            }
        }
        long beganNs = System.nanoTime();
        for (long lookNs = FIRST_LOOK_NS; ; lookNs = Math.min(2 * lookNs, LONGEST_LOOK_NS)) {
            reader.endOffsets(hidden.keySet()).forEach((partition, shown) -> hidden.computeIfPresent(partition,
                    (same, end) -> shown >= end ? null : end));
            if (hidden.isEmpty()) {
                Arrays.fill(ends, 0);
                return;
            }
            if (System.nanoTime() - beganNs > PATIENCE_NS) {
                throw new KafkaException("Kafka acknowledged a commit and does not show it: offsets=" + hidden);
            }
            LockSupport.parkNanos(lookNs);
        }
    }
}
