package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.JournalId;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a mirror goes on: reads how far it is, and compares the newest record of each partition with the journal's event of that
 * position. So events that the journal has lost, and positions that it has given out anew, are found whatever the epochs say.
 */
final class Resume {

    private static final Logger LOG = LoggerFactory.getLogger(Resume.class);
    private static final long LEAST_LOOKED_AT = 20_000;

    private final EventStore store;
    private final BridgeSettings settings;
    private final TopicTail tail;

    Resume(EventStore store, BridgeSettings settings, TopicTail tail) {
        this.store = store;
        this.settings = settings;
        this.tail = tail;
    }

    /** The newest progress; whose it is was not looked at. */
    Optional<Progress> stored() {
        return tail.progress(settings);
    }

    /**
     * Where a session goes on.
     *
     * @param progress    the mirror's, from now on
     * @param newestShown position of the newest event that each partition shows, if some may show more than others; else nothing
     */
    record Start(Progress progress, Map<TopicPartition, Long> newestShown) {
    }

    /** Fails, with what is tried again, if a look was one at an old state ({@link TopicTail}); so that no refusal rests on it. */
    interface Proof {
        /** Where these records would lie tells; they are those of a mirror, and nobody is shown them. */
        void requireNewest(Collection<ProducerRecord<byte[], byte[]>> records);
    }

    /**
     * Where this mirror goes on, if what was seen is the newest that is there: its first records tell ({@link SentRecords}).
     *
     * @throws EpochException  if the topic is of another journal, or of a history that this one has left
     * @throws BridgeException if the topic is not what a mirror left
     */
    Start next(Layout layout, UUID mirror, Proof proof) {
        JournalId journal = store.id();
        Optional<Progress> stored = stored();
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> newest = tail.last(layout.partitions());
        require(stored, layout);
        if (stored.isEmpty()) {
            Progress first = new Progress(journal.identity(), journal.epoch(), 0, layout, mirror);
            if (!newest.isEmpty()) {
                proof.requireNewest(List.of(new ProducerRecord<>(settings.progressTopic(), 0, first.key(), first.value())));
                throw unknown(newest.values().iterator().next(), journal);
            }
            requireUnclaimed(layout);
            return new Start(first, Map.of());
        }
        Map<TopicPartition, Long> shown = positions(newest, layout);
        Progress known = stored.get();
        long end = Math.max(known.end(), endOf(shown.values()));
        Optional<BridgeException> missing = missing(known, end, shown);
        Optional<Lack> lack = missing.isPresent() ? Optional.empty() : firstLacking(layout, known.position(), shown);
        Optional<BridgeException> refusal = missing.or(() -> cutOff(lack, known.position() < end, layout, shown));
        if (refusal.isPresent()) {
            proof.requireNewest(oneOfEach(layout, newest, known));
            throw refusal.get();
        }
        long from = lack.map(Lack::commit).orElse(known.position());
        if (from == end) {
            return new Start(new Progress(journal.identity(), journal.epoch(), from, end, layout, known.newest(), mirror), Map.of());
        }
        SortedMap<String, Long> there = routed(layout) ? byTopic(shown) : new TreeMap<>();
        return new Start(new Progress(journal.identity(), journal.epoch(), from, end, layout, there, mirror), shown);
    }

    /**
     * What was deleted is not sent again: where a partition lacks something, or where the progress was put back, which asks for all that a
     * partition does not show. A {@link Proof} that was cut short may have been taken for what hangs, and have put it back.
     */
    private Optional<BridgeException> cutOff(Optional<Lack> lack, boolean putBack, Layout layout, Map<TopicPartition, Long> shown) {
        Stream<TopicPartition> empty = layout.partitions().stream().filter(partition -> putBack && !shown.containsKey(partition));
        return Stream.concat(lack.stream().map(Lack::partition), empty).filter(partition -> tail.begin(partition) > 0).findFirst()
                .map(partition -> new BridgeException("Records were deleted from the topic, so it is not known what the mirror had brought:"
                        + " topic=" + partition.topic() + " partition=" + partition.partition() + " firstOffset=" + tail.begin(partition)));
    }

    private record Lack(TopicPartition partition, long commit) {
    }

    /**
     * The first commit before this position that some partition does not show whole, and where it begins, among as many events as a
     * transaction may have. Nothing is to be found here unless somebody aborted by hand what Kafka had acknowledged and
     * not shown, or what mends that erred: else it was lost without a word.
     */
    private Optional<Lack> firstLacking(Layout layout, long position, Map<TopicPartition, Long> newestShown) {
        long from = Math.max(0, position - Math.max(settings.batchEvents(), LEAST_LOOKED_AT) - StoreSettings.MAX_COMMIT_EVENTS);
        if (position == from) {
            return Optional.empty();
        }
        try (Cursor cursor = store.readAll(new StartFrom.Position(from), Filter.all(), ReadRange.all().limit(position - from))) {
            while (cursor.next()) {
                EventView event = cursor.event();
                byte[] entity = new byte[event.entityLength()];
                event.buffer().getBytes(event.entityOffset(), entity);
                TopicPartition partition = layout.partitions().get(layout.indexOf(entity));
                if (event.position() > newestShown.getOrDefault(partition, -1L)) {
                    LOG.warn("A partition lacks events that were acknowledged, which are sent again: topic={} partition={} position={}",
                            partition.topic(), partition.partition(), event.position());
                    return Optional.of(new Lack(partition, event.commitPosition()));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Positions of the newest events that partitions show, which must be those of the journal's events.
     *
     * @throws EpochException  if the journal has no event of such a position, or another one
     * @throws BridgeException if it is no record of a mirror
     */
    Map<TopicPartition, Long> newestShown(Layout layout) {
        return positions(tail.last(layout.partitions()), layout);
    }

    private Map<TopicPartition, Long> positions(Map<TopicPartition, ConsumerRecord<byte[], byte[]>> newest, Layout layout) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        newest.forEach((partition, record) -> {
            asSent(record, layout);
            positions.put(partition, MirroredEvent.position(record.headers()));
        });
        return positions;
    }

    /** Position behind the newest of these. */
    static long endOf(Collection<Long> positions) {
        return positions.stream().mapToLong(position -> position + 1).max().orElse(0);
    }

    private static boolean routed(Layout layout) {
        return !layout.routes().byCategory().isEmpty();
    }

    private static SortedMap<String, Long> byTopic(Map<TopicPartition, Long> positions) {
        SortedMap<String, Long> there = new TreeMap<>();
        positions.forEach((partition, position) -> there.merge(partition.topic(), position, Math::max));
        return there;
    }

    /** The progress, and a record of each partition that has any: the newest that it shows, or the first that it must have had. */
    private Collection<ProducerRecord<byte[], byte[]>> oneOfEach(Layout layout, Map<TopicPartition, ConsumerRecord<byte[], byte[]>> newest,
                                                                 Progress known) {
        Map<TopicPartition, ProducerRecord<byte[], byte[]>> found = new HashMap<>();
        newest.forEach((partition, record) -> found.put(partition, asSent(record, layout)));
        RecordEncoder encoder = new RecordEncoder(layout, store.id().identity());
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().limit(known.position()))) {
            while (found.size() < layout.partitions().size() && cursor.next()) {
                ProducerRecord<byte[], byte[]> record = encoder.encode(cursor.event(), store.id().epoch());
                found.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record);
            }
        }
        found.put(settings.progressPartition(), new ProducerRecord<>(settings.progressTopic(), 0, known.key(), known.value()));
        return found.values();
    }

    /** What lacks events that the mirror had brought. More than it knows of is what Kafka acknowledged without its progress. */
    private Optional<BridgeException> missing(Progress known, long end, Map<TopicPartition, Long> shown) {
        SortedMap<String, Long> there = byTopic(shown);
        boolean lacks = known.newest().entrySet().stream()
                .anyMatch(brought -> there.getOrDefault(brought.getKey(), -1L) < brought.getValue());
        if (routed(known.layout()) && (lacks || end == known.position() && !there.equals(known.newest()))) {
            return Optional.of(new BridgeException("The newest events in the topics are not those that the mirror had brought there:"
                    + " newest=" + there + " brought=" + known.newest()));
        }
        long reached = endOf(shown.values());
        if (reached < known.position()) {
            return Optional.of(new BridgeException("The newest event in the topic is not the one before the position that the mirror had"
                    + " reached: topic=" + settings.topic() + " newest=" + (reached - 1) + " reached=" + known.position()));
        }
        return Optional.empty();
    }

    /**
     * Before anything is written where no mirror is yet.
     *
     * @throws BridgeException if another mirror has one of the topics
     */
    void requireUnclaimed(Layout layout) {
        new TopicClaims(settings, tail).requireNone(layout);
    }

    /**
     * Refuses what waiting cannot mend, without a look at the records.
     *
     * @throws EpochException  if the topic is of another journal, or of a history that this one has left
     * @throws BridgeException if the topics are others than the mirror began with
     */
    void require(Optional<Progress> stored, Layout layout) {
        if (stored.isPresent()) {
            require(stored.get(), store.id(), layout);
        } else if (settings.newTopics() != null) {
            for (String topic : layout.routes().topics()) {
                if (layout.count(topic) < settings.newTopics().partitions()) {
                    throw new BridgeException("The topic was made with less than is asked for: topic=" + topic + " partitions="
                            + layout.count(topic) + " needed=at least " + settings.newTopics().partitions());
                }
            }
        }
    }

    private void require(Progress known, JournalId journal, Layout layout) {
        if (!known.identity().equals(journal.identity())) {
            throw new EpochException("The topic holds another journal: topic=" + settings.topic() + " identity=" + known.identity()
                    + " journal=" + journal.identity());
        }
        if (known.epoch() > journal.epoch()) {
            throw new EpochException("The topic has events of a newer epoch than the journal: topic=" + settings.topic() + " epoch="
                    + known.epoch() + " journalEpoch=" + journal.epoch());
        }
        if (!known.layout().equals(layout)) {
            throw new BridgeException("Topics, their partitions or the routes are others than when the mirror began, so entities would"
                    + " change theirs: topic=" + settings.topic() + " " + layout + " needed: " + known.layout());
        }
        store.endPosition(); // a store that only reads then knows what is there
        long durable = store.endPosition(Durability.DISK);
        if (known.position() > durable) {
            throw new EpochException("The topic is ahead of the journal, which has lost events: topic=" + settings.topic() + " reached="
                    + known.position() + " durablePosition=" + durable + " epoch=" + known.epoch() + " journalEpoch=" + journal.epoch());
        }
    }

    /**
     * What the journal's mirror sent when it wrote this record, with the epoch of now.
     *
     * @throws EpochException  if the journal has no event of its position, or another one
     * @throws BridgeException if it is no record of a mirror
     */
    ProducerRecord<byte[], byte[]> asSent(ConsumerRecord<byte[], byte[]> record, Layout layout) {
        JournalId journal = store.id();
        try {
            long position = MirroredEvent.read(record).event().position();
            if (position < 0) {
                throw new ForeignRecordException("The record is of a position that no event has: position=" + position);
            }
            try (Cursor cursor = store.readAll(new StartFrom.Position(position), Filter.all(), ReadRange.all().limit(1))) {
                if (!cursor.next()) {
                    throw new EpochException("The topic has an event that the journal has not: position=" + position
                            + MirroredEvent.place(record));
                }
                ProducerRecord<byte[], byte[]> sent = new RecordEncoder(layout, journal.identity())
                        .encode(cursor.event(), journal.epoch());
                Optional<String> difference = RecordComparison.difference(sent, record);
                if (difference.isPresent()) {
                    throw new EpochException("The journal has another event at a position than the topic, so it has left the topic's"
                            + " history: position=" + position + " " + difference.get() + MirroredEvent.place(record) + " journalEpoch="
                            + journal.epoch());
                }
                return sent;
            }
        } catch (ForeignRecordException e) {
            throw new BridgeException("The topic holds what no mirror wrote. " + e.getMessage() + MirroredEvent.place(record), e);
        }
    }

    private BridgeException unknown(ConsumerRecord<byte[], byte[]> record, JournalId journal) {
        String whose;
        try {
            whose = "identity=" + MirroredEvent.read(record).identity();
        } catch (ForeignRecordException e) {
            whose = "problem=" + e.getMessage();
        }
        return new BridgeException("The topic holds records, but " + settings.progressTopic() + " tells of no mirror: topic="
                + record.topic() + " " + whose + " journal=" + journal.identity());
    }
}
