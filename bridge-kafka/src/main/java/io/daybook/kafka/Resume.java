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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

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
     * Where this mirror goes on.
     *
     * @throws EpochException  if the topic is of another journal, or of a history that this one has left
     * @throws BridgeException if the topic is not what a mirror left
     */
    Progress next(Layout layout, UUID mirror) {
        JournalId journal = store.id();
        Optional<Progress> stored = stored();
        Collection<ConsumerRecord<byte[], byte[]>> newest = tail.last(layout.partitions()).values();
        require(stored, layout);
        if (stored.isEmpty()) {
            if (!newest.isEmpty()) {
                throw unknown(newest.iterator().next(), journal);
            }
            new TopicClaims(settings, tail).requireNone(layout);
            return new Progress(journal.identity(), journal.epoch(), 0, layout, mirror);
        }
        Progress known = stored.get();
        long reached = 0;
        SortedMap<String, Long> there = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : newest) {
            long position = compare(record, known);
            reached = Math.max(reached, position + 1);
            there.merge(record.topic(), position, Math::max);
        }
        if (!layout.routes().byCategory().isEmpty() && !there.equals(known.newest())) {
            throw new BridgeException("The newest events in the topics are not those that the mirror had brought there: newest=" + there
                    + " brought=" + known.newest());
        }
        if (reached != known.position()) {
            throw new BridgeException("The newest event in the topic is not the one before the position that the mirror had reached: topic="
                    + settings.topic() + " newest=" + (reached - 1) + " reached=" + known.position());
        }
        return new Progress(journal.identity(), journal.epoch(), known.position(), layout, known.newest(), mirror);
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

    /** Position of the record, which must be that of the journal's event. */
    private long compare(ConsumerRecord<byte[], byte[]> record, Progress known) {
        String place = " topic=" + record.topic() + " partition=" + record.partition() + " offset=" + record.offset();
        try {
            long position = MirroredEvent.read(record).event().position();
            if (position < 0 || position >= known.position()) {
                throw new ForeignRecordException("The record is of a position that the mirror had not reached: position=" + position
                        + " reached=" + known.position());
            }
            try (Cursor cursor = store.readAll(new StartFrom.Position(position), Filter.all(), ReadRange.all().limit(1))) {
                if (!cursor.next()) {
                    throw new EpochException("The topic has an event that the journal has not: position=" + position + place);
                }
                ProducerRecord<byte[], byte[]> expected = new RecordEncoder(known.layout(), known.identity())
                        .encode(cursor.event(), known.epoch());
                Optional<String> difference = RecordComparison.difference(expected, record);
                if (difference.isPresent()) {
                    throw new EpochException("The journal has another event at a position than the topic, so it has left the topic's"
                            + " history: position=" + position + " " + difference.get() + place + " journalEpoch=" + store.id().epoch());
                }
            }
            return position;
        } catch (ForeignRecordException e) {
            throw new BridgeException("The topic holds what no mirror wrote. " + e.getMessage() + place, e);
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
