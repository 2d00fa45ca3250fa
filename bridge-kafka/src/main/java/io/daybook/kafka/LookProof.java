package io.daybook.kafka;

import java.util.Collection;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Proves that a look at the topics was one at their newest state: a record that is sent lies where the look ended, because only a leader
 * that the others follow takes it. The records are aborted. One thread.
 */
final class LookProof implements Resume.Proof {

    private final Producer<byte[], byte[]> producer;
    private final TopicTail look;
    private final Layout layout;
    private final TopicPartition progress;

    /** Of what this has looked at, by a producer that has no transaction open. */
    LookProof(Producer<byte[], byte[]> producer, TopicTail look, Layout layout, TopicPartition progress) {
        this.producer = producer;
        this.look = look;
        this.layout = layout;
        this.progress = progress;
    }

    /** @throws KafkaException if one of the partitions was seen as it had been, or somebody else writes there */
    @Override
    public void requireNewest(Collection<ProducerRecord<byte[], byte[]>> records) {
        SentRecords sent = new SentRecords(layout, progress, look.ends());
        producer.beginTransaction();
        try {
            records.forEach(record -> producer.send(record, sent));
            producer.flush();
        } catch (RuntimeException e) {
            abortAfter(e);
            throw e;
        }
        producer.abortTransaction();
        sent.requireSent();
    }

    private void abortAfter(RuntimeException problem) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            problem.addSuppressed(e);
        }
    }
}
