package io.daybook.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

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
        try {
            return find(open);
        } catch (UnsupportedVersionException e) {
            return new HashMap<>(); // brokers before 3.0 cannot tell: then what the mirror aborts itself must do
        }
    }

    private Map<TopicPartition, AbortTransactionSpec> find(Map<TopicPartition, Long> open) {
        long own = Clients.get(admin.describeTransactions(List.of(transactionalId)).description(transactionalId)).producerId();
        Map<TopicPartition, PartitionProducerState> states = Clients.get(admin.describeProducers(open.keySet()).all());
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
        for (AbortTransactionSpec other : others) {
            try {
                Clients.get(admin.abortTransaction(other).all());
            } catch (AuthorizationException e) { // without it as the cause, which would be final: this is waited for
                throw new KafkaException("A transaction of a former producer id of the mirror is open, and to abort it takes Alter or"
                        + " ClusterAction on the cluster; nothing is mirrored until it is aborted (kafka-transactions.sh abort): topic="
                        + other.topicPartition().topic() + " partition=" + other.topicPartition().partition() + " producerId="
                        + other.producerId() + " producerEpoch=" + other.producerEpoch() + " coordinatorEpoch="
                        + other.coordinatorEpoch());
            }
        }
    }
}
