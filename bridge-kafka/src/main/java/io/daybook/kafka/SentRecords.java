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
 * What became of the records of a session: the first that failed, and where the last one of each partition lies, which is what consumers
 * must be shown after a commit. The first one of each partition must lie where the look ended that told the session what is there: else
 * that look was one at an old state, or somebody else writes. One thread, but {@link #onCompletion}: the producer's, or
 * the sender's where a send fails at once. What it writes is read behind a flush.
 */
final class SentRecords implements Callback {

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(1); // a mirror that fences this one takes nothing away before
    private static final long FIRST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1); // the markers take two, about, and a look one
    private static final long NEXT_LOOK_NS = FIRST_LOOK_NS / 2;
    private static final long LONGEST_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Layout layout;
    private final TopicPartition progress;
    private final long[] firstOffsets; // where each partition ended, that of the progress last; -1 once the first record lies there
    private final long[] awaitedEnds; // offset behind the last record that consumers may not be shown yet; 0: there is none
    private volatile Exception failure;

    /** {@code seen}: where the look at each partition ended; see {@link TopicTail#ends}. */
    SentRecords(Layout layout, TopicPartition progress, Map<TopicPartition, Long> seen) {
        this.layout = layout;
        this.progress = progress;
        awaitedEnds = new long[layout.partitions().size() + 1];
        firstOffsets = new long[awaitedEnds.length];
        for (int i = 0; i < awaitedEnds.length; i++) {
            firstOffsets[i] = seen.get(partition(i));
        }
    }

    private TopicPartition partition(int index) {
        return index < awaitedEnds.length - 1 ? layout.partitions().get(index) : progress;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception problem) {
        if (problem == null) {
            boolean event = !metadata.topic().equals(progress.topic());
            stored(event ? layout.indexOf(metadata.topic(), metadata.partition()) : awaitedEnds.length - 1, metadata.offset());
        } else {
            keepFirst(problem);
        }
    }

    private void stored(int index, long offset) {
        if (offset < 0) {
            keepFirst(new KafkaException("Kafka does not tell where a record lies: topic=" + partition(index).topic() + " partition="
                    + partition(index).partition()));
        } else if (firstOffsets[index] >= 0 && firstOffsets[index] != offset) {
            keepFirst(new KafkaException("Something else was written while it was looked what is there: topic=" + partition(index).topic()
                    + " partition=" + partition(index).partition() + " end=" + firstOffsets[index] + " offset=" + offset));
        }
        firstOffsets[index] = -1;
        awaitedEnds[index] = Math.max(awaitedEnds[index], offset + 1);
    }

    /** Where the newest progress lies that consumers may not be shown yet. */
    long progressOffset() {
        return awaitedEnds[awaitedEnds.length - 1] - 1;
    }

    private void keepFirst(Exception problem) {
        if (failure == null) {
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
     * @param reader       reads what is committed only
     * @param committingNs when the commit was begun, by {@link System#nanoTime}
     * @return whether it took so long that another mirror may have had time to take it away
     * @throws KafkaException if something is not shown in time
     */
    boolean awaitShown(Consumer<byte[], byte[]> reader, long committingNs) {
        Map<TopicPartition, Long> hidden = new HashMap<>();
        for (int i = 0; i < awaitedEnds.length; i++) {
            if (awaitedEnds[i] > 0) {
                hidden.put(partition(i), awaitedEnds[i]);
            }
        }
        long beganNs = System.nanoTime();
        LockSupport.parkNanos(FIRST_LOOK_NS);
        for (long lookNs = NEXT_LOOK_NS; ; lookNs = Math.min(2 * lookNs, LONGEST_LOOK_NS)) {
            reader.endOffsets(hidden.keySet()).forEach((partition, shown) -> hidden.computeIfPresent(partition,
                    (same, end) -> shown >= end ? null : end));
            if (hidden.isEmpty()) {
                Arrays.fill(awaitedEnds, 0);
                return System.nanoTime() - committingNs > LONG_NS;
            }
            if (System.nanoTime() - beganNs > PATIENCE_NS) {
                throw new KafkaException("Kafka acknowledged a commit and does not show it, or has another transaction open before it:"
                        + " offsets=" + hidden);
            }
            LockSupport.parkNanos(lookNs);
        }
    }
}
