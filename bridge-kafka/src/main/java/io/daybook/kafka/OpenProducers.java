package io.daybook.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The producers whose transactions are open. Kafka gives a transactional id another producer id after 32,767 transactions (KIP-890), and
 * after a week without one ({@code transactional.id.expiration.ms}); what a former one left open no transaction of this one ends, only
 * Kafka's administration, which takes a right over the cluster. One thread.
 */
final class OpenProducers {

    private final Admin admin;
    private final String transactionalId;

    OpenProducers(Admin admin, String transactionalId) {
        this.admin = admin;
        this.transactionalId = transactionalId;
    }

    /** Those of these transactions, told by where each begins, of another producer id than the current one, and how to abort them. */
    Map<TopicPartition, AbortTransactionSpec> ofOthers(Map<TopicPartition, Long> open) {
        long own = get(admin.describeTransactions(List.of(transactionalId)).description(transactionalId)).producerId();
        Map<TopicPartition, PartitionProducerState> states = get(admin.describeProducers(open.keySet()).all());
        Map<TopicPartition, AbortTransactionSpec> others = new HashMap<>();
        states.forEach((partition, state) -> {
            for (ProducerState producer : state.activeProducers()) {
                if (producer.currentTransactionStartOffset().orElse(-1) == open.get(partition) && producer.producerId() != own) {
                    others.put(partition, new AbortTransactionSpec(partition, producer.producerId(), (short) producer.producerEpoch(),
                            producer.coordinatorEpoch().orElse(0)));
                }
            }
        });
        return others;
    }

    /**
     * Aborts them.
     *
     * @throws KafkaException if Kafka does not allow it; says what an administrator must do
     */
    void abort(Collection<AbortTransactionSpec> others) {
        List<KafkaFuture<Void>> aborted = new ArrayList<>();
        others.forEach(other -> aborted.add(admin.abortTransaction(other).all()));
        try {
            aborted.forEach(OpenProducers::get);
        } catch (AuthorizationException e) {
            AbortTransactionSpec one = others.iterator().next();
            throw new KafkaException("A transaction of a former producer id of the mirror does not come to its end, and to end it takes"
                    + " ClusterAction on the cluster; until then nothing is mirrored: kafka-transactions.sh abort --topic "
                    + one.topicPartition().topic() + " --partition " + one.topicPartition().partition() + " --producer-id "
                    + one.producerId() + " --producer-epoch " + one.producerEpoch() + " --coordinator-epoch " + one.coordinatorEpoch());
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }
}
