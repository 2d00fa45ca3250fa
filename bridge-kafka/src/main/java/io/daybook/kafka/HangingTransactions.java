package io.daybook.kafka;

import io.daybook.DaybookException;
import io.daybook.EventStore;
import io.daybook.JournalId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
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
     * Waits for those that end by themselves, then takes the others away.
     *
     * @param reader reads what is committed only
     * @throws KafkaException  if some are left: somebody else's, a former producer id's that may not be aborted, or one that a fault kept
     *                         open; the next session tries again
     * @throws BridgeException as {@link Resume#require} does, or if the topics show what is not the journal's
     * @throws io.daybook.EpochException as {@link Resume#require} does
     */
    void end(Consumer<byte[], byte[]> reader, Layout layout, UUID mirror, OpenProducers producers) {
        Map<TopicPartition, Long> begins = open.await(reader, settings.partitions(layout));
        if (begins.isEmpty()) {
            return;
        }
        Optional<Progress> stored = resume.stored();
        resume.require(stored, layout);
        if (stored.isEmpty()) {
            resume.requireUnclaimed(layout);
        }
        long shownEnd = Resume.endOf(resume.newestShown(layout).values()); // others' are refused before a record is written
        Hanging hanging = look(begins, stored.map(Progress::position).orElse(0L), layout, producers);
        LOG.warn("Kafka does not end transactions of the mirror, so what they brought is sent again: topic={} position={} hanging={}",
                settings.topic(), hanging.from(), begins);
        commit(putBack(stored, hanging.from(), Math.max(hanging.from(), shownEnd), layout, mirror), hanging, producers, reader);
        producers.abort(hanging.ofOthers());
        abort(hanging.repeated());
        requireNone(reader, settings.partitions(layout));
    }

    /**
     * What hangs.
     *
     * @param progress        of the topic of the progress
     * @param progressOfOther the same, if it is a former producer id's; else null
     * @param from            beginning of the first commit that some partition does not show whole
     * @param repeated        the first event of each partition that an aborted transaction of this session takes away
     * @param ofOthers        those of the events' partitions that are former producer ids'
     */
    private record Hanging(boolean progress, AbortTransactionSpec progressOfOther, long from,
                           Collection<ProducerRecord<byte[], byte[]>> repeated, Collection<AbortTransactionSpec> ofOthers) {
    }

    /** Looks at what begins at these offsets; {@code position}: that of the progress. */
    private Hanging look(Map<TopicPartition, Long> begins, long position, Layout layout, OpenProducers producers) {
        long from = position;
        Map<TopicPartition, ProducerRecord<byte[], byte[]>> repeated = new HashMap<>();
        for (Map.Entry<TopicPartition, ConsumerRecord<byte[], byte[]>> hidden : firstHidden(begins).entrySet()) {
            if (hidden.getKey().equals(settings.progressPartition())) {
                requireOwn(hidden.getValue());
            } else {
                repeated.put(hidden.getKey(), asSent(hidden.getValue(), layout));
                from = Math.min(from, MirroredEvent.read(hidden.getValue()).event().commitPosition());
            }
        }
        Map<TopicPartition, AbortTransactionSpec> others = producers.ofOthers(begins);
        AbortTransactionSpec progressOfOther = others.remove(settings.progressPartition());
        repeated.keySet().removeAll(others.keySet());
        return new Hanging(begins.containsKey(settings.progressPartition()), progressOfOther, from, repeated.values(), others.values());
    }

    /** The first record of each of these partitions that it does not show. */
    private Map<TopicPartition, ConsumerRecord<byte[], byte[]>> firstHidden(Map<TopicPartition, Long> hanging) {
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        Map<TopicPartition, Patience> reading = new HashMap<>();
        Consumer<byte[], byte[]> consumer = new Clients(settings).consumerOfAll();
        try {
            consumer.assign(hanging.keySet());
            hanging.forEach(consumer::seek);
            hanging.keySet().forEach(partition -> reading.put(partition, new Patience("The topic does not answer", partition)));
            while (!reading.isEmpty()) {
                open.requireWanted();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    found.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record);
                }
                consumer.pause(found.keySet());
                reading.keySet().removeAll(found.keySet());
                reading.forEach((partition, patience) -> patience.at(consumer.position(partition)));
            }
            return found;
        } finally {
            Clients.close(consumer);
        }
    }

    private ProducerRecord<byte[], byte[]> asSent(ConsumerRecord<byte[], byte[]> record, Layout layout) {
        try {
            return resume.asSent(record, layout);
        } catch (DaybookException e) {
            throw foreign(e.getMessage());
        }
    }

    private void requireOwn(ConsumerRecord<byte[], byte[]> record) {
        try {
            if (!Progress.read(settings.topic(), record.value()).identity().equals(store.id().identity())) {
                throw foreign("It is of another journal: topic=" + record.topic() + " offset=" + record.offset());
            }
        } catch (ForeignRecordException e) {
            throw foreign(e.getMessage() + " topic=" + record.topic() + " offset=" + record.offset());
        }
    }

    /** Without the cause, which would be final: it may be aborted yet, so it is waited for; rather none is mirrored than one twice. */
    private static KafkaException foreign(String what) {
        return new KafkaException("A transaction is open that this journal's mirror would not have sent, and is waited for: " + what);
    }

    /** Even, if no partition shows an event of what hangs. */
    private Progress putBack(Optional<Progress> stored, long from, long shownEnd, Layout layout, UUID mirror) {
        JournalId journal = store.id();
        SortedMap<String, Long> newest = new TreeMap<>(stored.map(Progress::newest).orElse(new TreeMap<>()));
        newest.values().removeIf(position -> position >= from);
        long end = Math.max(shownEnd, stored.map(Progress::end).orElse(0L));
        return new Progress(journal.identity(), journal.epoch(), from, end, layout, newest, mirror);
    }

    /**
     * Sees to it that this is the progress that is committed and shown, before anything is taken away. What hangs before it is ended by it;
     * or by an administrator's right, and then first: else it would be written behind what cannot be ended at each try.
     */
    private void commit(Progress back, Hanging hanging, OpenProducers producers, Consumer<byte[], byte[]> reader) {
        TopicPartition partition = settings.progressPartition();
        if (hanging.progressOfOther() != null) {
            producers.abort(List.of(hanging.progressOfOther()));
        } else if (hanging.progress()) {
            write(back);
        }
        requireNone(reader, List.of(partition));
        if (!resume.stored().equals(Optional.of(back))) {
            write(back);
            requireNone(reader, List.of(partition));
        }
    }

    private void write(Progress progress) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(settings.progressTopic(), 0, progress.key(), progress.value()));
        producer.commitTransaction();
    }

    /** The first event of each partition again, which is aborted, and all before it that is open. */
    private void abort(Collection<ProducerRecord<byte[], byte[]>> repeated) {
        if (!repeated.isEmpty()) {
            producer.beginTransaction();
            repeated.forEach(producer::send);
            producer.flush();
            producer.abortTransaction();
        }
    }

    private void requireNone(Consumer<byte[], byte[]> reader, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> left = open.await(reader, partitions);
        if (!left.isEmpty()) {
            throw new KafkaException("A transaction is open still, and is waited for: topic=" + settings.topic() + " open=" + left);
        }
    }
}
