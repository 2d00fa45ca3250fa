package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.JournalId;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides where a mirror goes on: reads how far it is, and compares the newest record of each partition with the journal's event of that
 * position. So events that the journal has lost, and positions that it has given out anew, are found whatever the epochs say.
 */
final class Resume {

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
     * @param progress the mirror's, from now on
     * @param shown    position of the newest event that each partition has, which is not sent again; nothing while the progress is even
     */
    record Start(Progress progress, Map<TopicPartition, Long> shown) {
    }

    /**
     * Where this mirror goes on.
     *
     * @throws EpochException  if the topic is of another journal, or of a history that this one has left
     * @throws BridgeException if the topic is not what a mirror left
     */
    Start next(Layout layout, UUID mirror) {
        JournalId journal = store.id();
        Optional<Progress> stored = stored();
        Map<TopicPartition, ConsumerRecord<byte[], byte[]>> newest = tail.last(layout.partitions());
        require(stored, layout);
        if (stored.isEmpty()) {
            if (!newest.isEmpty()) {
                throw unknown(newest.values().iterator().next(), journal);
            }
            requireUnclaimed(layout);
            return new Start(new Progress(journal.identity(), journal.epoch(), 0, layout, mirror), Map.of());
        }
        Map<TopicPartition, Long> shown = positions(newest, layout);
        Progress known = stored.get();
        long end = Math.max(known.end(), endOf(shown.values()));
        Progress next = new Progress(journal.identity(), journal.epoch(), known.position(), end, layout, known.newest(), mirror);
        requireReached(next, shown);
        if (next.isEven()) {
            return new Start(next, Map.of());
        }
        SortedMap<String, Long> there = routed(layout) ? byTopic(shown) : new TreeMap<>();
        return new Start(new Progress(journal.identity(), journal.epoch(), known.position(), end, layout, there, mirror), shown);
    }

    /**
     * Positions of the newest events that partitions show, which must be those of the journal's events.
     *
     * @throws EpochException  if the journal has no event of such a position, or another one
     * @throws BridgeException if it is no record of a mirror
     */
    Map<TopicPartition, Long> shown(Layout layout) {
        return positions(tail.last(layout.partitions()), layout);
    }

    private Map<TopicPartition, Long> positions(Map<TopicPartition, ConsumerRecord<byte[], byte[]>> newest, Layout layout) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        newest.forEach((partition, record) -> {
            written(record, layout);
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

    /** Refuses what lacks events that the mirror had brought. More than it knows of is what Kafka acknowledged without its progress. */
    private void requireReached(Progress known, Map<TopicPartition, Long> shown) {
        SortedMap<String, Long> there = byTopic(shown);
        boolean lacks = known.newest().entrySet().stream()
                .anyMatch(brought -> there.getOrDefault(brought.getKey(), -1L) < brought.getValue());
        if (routed(known.layout()) && (lacks || known.isEven() && !there.equals(known.newest()))) {
            throw new BridgeException("The newest events in the topics are not those that the mirror had brought there: newest=" + there
                    + " brought=" + known.newest());
        }
        long reached = endOf(shown.values());
        if (reached < known.position()) {
            throw new BridgeException("The newest event in the topic is not the one before the position that the mirror had reached: topic="
                    + settings.topic() + " newest=" + (reached - 1) + " reached=" + known.position());
        }
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
    ProducerRecord<byte[], byte[]> written(ConsumerRecord<byte[], byte[]> record, Layout layout) {
        JournalId journal = store.id();
        try {
            long position = MirroredEvent.read(record).event().position();
            if (position < 0) {
                throw new ForeignRecordException("The record is of a position that no event has: position=" + position);
            }
            try (Cursor cursor = store.readAll(new StartFrom.Position(position), Filter.all(), ReadRange.all().limit(1))) {
                if (!cursor.next()) {
                    throw new EpochException("The topic has an event that the journal has not: position=" + position + place(record));
                }
                ProducerRecord<byte[], byte[]> written = new RecordEncoder(layout, journal.identity())
                        .encode(cursor.event(), journal.epoch());
                Optional<String> difference = RecordComparison.difference(written, record);
                if (difference.isPresent()) {
                    throw new EpochException("The journal has another event at a position than the topic, so it has left the topic's"
                            + " history: position=" + position + " " + difference.get() + place(record) + " journalEpoch="
                            + journal.epoch());
                }
                return written;
            }
        } catch (ForeignRecordException e) {
            throw new BridgeException("The topic holds what no mirror wrote. " + e.getMessage() + place(record), e);
        }
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return " topic=" + record.topic() + " partition=" + record.partition() + " offset=" + record.offset();
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
