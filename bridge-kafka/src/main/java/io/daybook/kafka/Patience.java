package io.daybook.kafka;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Bounds how long a partition may give nothing while more is known to be there. Aborted records are something. One thread. */
final class Patience {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final String problem;
    private final TopicPartition partition;
    private long position = -1;
    private long movedNs = System.nanoTime();

    /** Of this partition; the problem is what its end says. */
    Patience(String problem, TopicPartition partition) {
        this.problem = problem;
        this.partition = partition;
    }

    /**
     * The reading has come to this position, or still is there.
     *
     * @throws TimeoutException if it has been there for too long
     */
    void at(long reached) {
        if (reached != position) {
            position = reached;
            movedNs = System.nanoTime();
        } else if (System.nanoTime() - movedNs > LONGEST.toNanos()) {
            throw new TimeoutException(problem + ": topic=" + partition.topic() + " partition=" + partition.partition() + " offset="
                    + reached);
        }
    }
}
