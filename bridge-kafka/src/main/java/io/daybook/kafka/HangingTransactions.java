package io.daybook.kafka;

import io.daybook.DaybookException;
import io.daybook.EventStore;
import io.daybook.JournalId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions of former sessions that Kafka itself will not end any more. A coordinator sends the markers that make a commit
 * visible after it has acknowledged it; where a partition has no leader when it does, or tries again, it takes it for deleted and says that
 * the transaction is complete ({@code TransactionMarkerChannelManager} with {@code KRaftMetadataCache} of Kafka 4.4.0; KAFKA-20734). From
 * then on the partition shows nothing of it, and nothing behind it, for ever; others may show their part.
 *
 * <p>A marker of the same producer ends whatever is open in its partition, so an aborted transaction of this session takes such records
 * away, and the session sends them again. That some partitions have less than others until then is written down, and committed, before:
 * the progress goes back to the first commit that some partition does not show whole, with an end behind all that any shows
 * ({@link Progress#isEven}); and from then on each partition is sent only what is behind the newest event that it shows. So nothing is lost
 * or sent twice wherever it is cut short. One thread.
 */
final class HangingTransactions {

    private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);
    private static final Duration POLL = Duration.ofMillis(200);

    private final EventStore store;
    private final BridgeSettings settings;
    private final Resume resume;
    private final OpenTransactions open;
    private final Producer<byte[], byte[]> producer;

    /** {@code producer} has fenced all others, so that what is open now is of former sessions, or of somebody else. */
    HangingTransactions(EventStore store, BridgeSettings settings, Resume resume, OpenTransactions open,
                        Producer<byte[], byte[]> producer) {
        this.store = store;
        this.settings = settings;
        this.resume = resume;
        this.open = open;
        this.producer = producer;
    }

    /**
     * Waits for those that end by themselves, and ends the others.
     *
     * @param reader reads what is committed only
     * @throws KafkaException if some are left, which are not this mirror's
     */
    void end(Consumer<byte[], byte[]> reader, Layout layout, UUID mirror, OpenProducers producers) {
        List<TopicPartition> all = new ArrayList<>(layout.partitions());
        all.add(settings.progressPartition());
        Map<TopicPartition, Long> hanging = open.await(reader, all);
        if (hanging.isEmpty()) {
            return;
        }
        Optional<Progress> stored = resume.stored();
        resume.require(stored, layout);
        if (stored.isEmpty()) {
            resume.requireUnclaimed(layout);
        }
        long end = Resume.endOf(resume.shown(layout).values()); // what is not the journal's is refused before anything is written
        long from = stored.map(Progress::position).orElse(0L);
        Map<TopicPartition, ProducerRecord<byte[], byte[]>> again = new HashMap<>();
        for (Map.Entry<TopicPartition, ConsumerRecord<byte[], byte[]>> first : first(hanging).entrySet()) {
            if (first.getKey().equals(settings.progressPartition())) {
                requireOwn(first.getValue());
            } else {
                again.put(first.getKey(), own(first.getValue(), layout));
                from = Math.min(from, MirroredEvent.read(first.getValue()).event().commitPosition());
            }
        }
        LOG.warn("Kafka does not end transactions of the mirror, so what they brought is sent again: topic={} position={} hanging={}",
                settings.topic(), from, hanging);
        Map<TopicPartition, AbortTransactionSpec> others = producers.ofOthers(hanging);
        Optional<AbortTransactionSpec> ofProgress = Optional.ofNullable(others.remove(settings.progressPartition()));
        Progress uneven = uneven(stored, from, Math.max(from, end), layout, mirror);
        if (hanging.containsKey(settings.progressPartition()) && ofProgress.isEmpty() || !isWritten(uneven)) {
            write(uneven);
        }
        producers.abort(ofProgress.stream().toList());
        requireNone(reader, List.of(settings.progressPartition()));
        producers.abort(others.values());
        again.keySet().removeAll(others.keySet());
        abort(again.values());
        requireNone(reader, all);
    }

    /** What the first of the records is that a partition does not show. */
    private Map<TopicPartition, ConsumerRecord<byte[], byte[]>> first(Map<TopicPartition, Long> hanging) {
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> first = new LinkedHashMap<>();
        Map<TopicPartition, Patience> reading = new HashMap<>();
        Consumer<byte[], byte[]> consumer = new Clients(settings).consumerOfAll();
        try {
            consumer.assign(hanging.keySet());
            hanging.forEach(consumer::seek);
            hanging.keySet().forEach(partition -> reading.put(partition, new Patience("The topic does not answer", partition)));
            while (!reading.isEmpty()) {
                open.requireWanted();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    first.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record);
                }
                consumer.pause(first.keySet());
                reading.keySet().removeAll(first.keySet());
                reading.forEach((partition, patience) -> patience.at(consumer.position(partition)));
            }
            return first;
        } finally {
            Clients.close(consumer);
        }
    }

    private ProducerRecord<byte[], byte[]> own(ConsumerRecord<byte[], byte[]> record, Layout layout) {
        try {
            return resume.written(record, layout);
        } catch (DaybookException e) {
            throw notOwn(e.getMessage());
        }
    }

    private void requireOwn(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (!Progress.read(settings.topic(), record.value()).identity().equals(store.id().identity())) {
                throw notOwn("topic=" + record.topic() + " offset=" + record.offset());
            }
        } catch (ForeignRecordException e) {
            throw notOwn(e.getMessage() + " topic=" + record.topic() + " offset=" + record.offset());
        }
    }

    /** Without the cause, which would be final: it may be aborted yet, so it is waited for; rather none is mirrored than one twice. */
    private static KafkaException notOwn(String what) {
        return new KafkaException("A transaction that is open is not this journal's mirror's, and is waited for: " + what);
    }

    private Progress uneven(Optional<Progress> stored, long from, long shownEnd, Layout layout, UUID mirror) {
        JournalId journal = store.id();
        SortedMap<String, Long> newest = new TreeMap<>(stored.map(Progress::newest).orElse(new TreeMap<>()));
        newest.values().removeIf(position -> position >= from);
        long end = Math.max(shownEnd, stored.map(Progress::end).orElse(0L));
        return new Progress(journal.identity(), journal.epoch(), from, end, layout, newest, mirror);
    }

    /** True if it is the newest, be it shown or not: what cannot be ended is looked at again and again, and should not be written to. */
    private boolean isWritten(Progress uneven) {
        Consumer<byte[], byte[]> consumer = new Clients(settings).consumerOfAll();
        try {
            return new TopicTail(consumer, open::isGivenUp).progress(settings).equals(Optional.of(uneven));
        } finally {
            Clients.close(consumer);
        }
    }

    /** Commits it in a transaction of its own, which ends what is open in that partition, too: it comes behind that, and is the newest. */
    private void write(Progress uneven) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(settings.progressTopic(), 0, uneven.key(), uneven.value()));
        producer.commitTransaction();
    }

    /** The first event of each partition again, which is aborted, and all before it that is open. */
    private void abort(Collection<ProducerRecord<byte[], byte[]>> again) {
        if (!again.isEmpty()) {
            producer.beginTransaction();
            again.forEach(producer::send);
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** What is left is waited for: rather none is mirrored than one twice. */
    private void requireNone(Consumer<byte[], byte[]> reader, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> left = open.await(reader, partitions);
        if (!left.isEmpty()) {
            throw new KafkaException("A transaction is open still, and is waited for: topic=" + settings.topic() + " open=" + left);
        }
    }
}
