package io.daybook.kafka;

import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EpochException;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Compares a journal with its mirror: each event of the journal, in the order of positions, is made into a record anew, which must be the
 * next one of its partition. So every field is compared, and nothing is kept but what partitions run ahead of each other. One thread.
 */
final class MirrorVerifier {

    private final EventStore store;
    private final BridgeSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicTail tail;
    private PartitionBuffers buffers;
    private int newestEpoch;
    private Layout layout;

    MirrorVerifier(EventStore store, BridgeSettings settings, Consumer<byte[], byte[]> consumer) {
        this.store = store;
        this.settings = settings;
        this.consumer = consumer;
        tail = new TopicTail(consumer, () -> false);
    }

    /**
     * Compares everything that the mirror says is there.
     *
     * @throws EpochException  if the topic is of another journal
     * @throws BridgeException if there is no mirror, or its partitions or routes are others than when it began
     */
    Verification verify() {
        OpenTransactions open = new OpenTransactions(settings); // or what a mirror has just told of might not be seen
        requireProgressTopic();
        open.awaitEnd(consumer, List.of(settings.progressPartition()));
        Progress known = progress();
        layout = MirrorTopics.layout(consumer, settings, Optional.of(known));
        open.awaitEnd(consumer, layout.partitions());
        for (Progress again = progress(); again.position() < known.position(); again = progress()) {
            known = again; // a mirror has put it back to send again what Kafka does not show
            open.awaitEnd(consumer, layout.partitions());
        }
        store.endPosition(); // a store that only reads then knows what is there
        long durable = store.endPosition(Durability.DISK);
        buffers = new PartitionBuffers(consumer, layout);
        RecordEncoder encoder = new RecordEncoder(layout, known.identity());
        long same = 0;
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().limit(Math.max(1, known.position())))) {
            while (same < known.position() && cursor.next()) {
                Optional<String> difference = compare(cursor.event(), encoder.encode(cursor.event(), known.epoch()));
                if (difference.isPresent()) {
                    return result(same, known, durable, difference.get());
                }
                same++;
            }
        }
        if (same < known.position()) {
            return result(same, known, durable, "The topic is ahead of the journal: reached=" + known.position());
        }
        return result(known.position(), known, durable, surplus(known.position()).orElse(null));
    }

    private static Verification result(long same, Progress known, long durable, String what) {
        return new Verification(same, known.position(), durable, what == null ? null : new Verification.Difference(same, what));
    }

    private void requireProgressTopic() {
        if (consumer.partitionsFor(settings.progressTopic()).isEmpty()) {
            throw new BridgeException("There is no mirror, for a topic does not exist: topic=" + settings.progressTopic());
        }
    }

    private Progress progress() {
        Progress known = tail.progress(settings).orElseThrow(() -> new BridgeException("There is no mirror in the topic: topic="
                + settings.topic()));
        if (!known.identity().equals(store.id().identity())) {
            throw new EpochException("The topic holds another journal: topic=" + settings.topic() + " identity=" + known.identity()
                    + " journal=" + store.id().identity());
        }
        return known;
    }

    private Optional<String> compare(EventView event, ProducerRecord<byte[], byte[]> expected) {
        int partition = layout.indexOf(expected.topic(), expected.partition());
        ConsumerRecord<byte[], byte[]> found = next(partition);
        if (found == null) {
            return Optional.of(misplaced(event.position(), partition).orElse("The event is missing in the topic:" + place(expected)));
        }
        try {
            Optional<String> difference = RecordComparison.isSame(expected, found) ? Optional.empty() : difference(expected, found, event);
            if (difference.isEmpty()) {
                difference = epoch(MirroredEvent.epoch(found.headers())).map(field -> "A field differs: " + field + place(found));
                buffers.pop(partition);
            }
            return difference;
        } catch (ForeignRecordException e) {
            return Optional.of("A record is not one of an event. " + e.getMessage() + place(found));
        }
    }

    /** The next record of a partition, which is waited for a little: it must be there, or come. */
    private ConsumerRecord<byte[], byte[]> next(int partition) {
        ConsumerRecord<byte[], byte[]> next = buffers.peek(partition);
        while (next == null && buffers.awaitMore(partition)) {
            next = buffers.peek(partition);
        }
        return next;
    }

    private Optional<String> difference(ProducerRecord<byte[], byte[]> expected, ConsumerRecord<byte[], byte[]> found, EventView event) {
        if (MirroredEvent.position(found.headers()) == event.position()) {
            return RecordComparison.difference(expected, found).map(field -> "A field differs: " + field + place(found));
        }
        long position = MirroredEvent.read(found).event().position();
        int own = layout.indexOf(found.key());
        return Optional.of(own == indexOf(found) ? other(event.position(), position, found)
                : "A record stands in another partition than its entity's: field=partition recordPosition=" + position + " own="
                        + layout.partitions().get(own) + place(found));
    }

    /** The epoch of a record is the journal's when it was written: it never goes back, and is none that the journal has not had. */
    private Optional<String> epoch(int epoch) {
        if (epoch == newestEpoch) {
            return Optional.empty();
        }
        int most = store.id().epoch(); // a store that only reads opens a file for it
        if (epoch < newestEpoch || epoch > most) {
            return Optional.of("field=" + RecordFormat.EPOCH + " least=" + newestEpoch + " most=" + most + " topic=" + epoch);
        }
        newestEpoch = epoch;
        return Optional.empty();
    }

    private String other(long wanted, long position, ConsumerRecord<byte[], byte[]> found) {
        if (position < wanted) {
            return "An event stands in the topic a second time: second=" + position + place(found);
        }
        return misplaced(wanted, indexOf(found)).orElse("The event is missing in the topic: next=" + position + place(found));
    }

    private Optional<String> misplaced(long wanted, int partition) {
        return buffers.find(wanted).map(elsewhere -> indexOf(elsewhere) == partition
                ? "The event stands behind a later one:" + place(elsewhere)
                : "The event stands in another partition: field=partition journal=" + layout.partitions().get(partition)
                        + " topic=" + layout.partitions().get(indexOf(elsewhere)) + place(elsewhere));
    }

    /** What is left in the topic. A mirror that runs may have gone on meanwhile, but not behind the position that it says then. */
    private Optional<String> surplus(long reached) {
        long highest = -1;
        ConsumerRecord<byte[], byte[]> last = null;
        for (int i = 0; i < layout.partitions().size(); i++) {
            for (ConsumerRecord<byte[], byte[]> left = buffers.peek(i); left != null; left = buffers.peek(i)) {
                Optional<String> surplus = surplus(left, reached);
                if (surplus.isPresent()) {
                    return surplus;
                }
                long position = MirroredEvent.position(left.headers());
                last = position > highest ? left : last;
                highest = Math.max(highest, position);
                buffers.pop(i);
            }
        }
        return last == null || tail.tellsOf(settings, highest) ? Optional.empty()
                : Optional.of("The topic has an event that its mirror did not reach: surplus=" + highest + place(last));
    }

    private Optional<String> surplus(ConsumerRecord<byte[], byte[]> left, long reached) {
        try {
            MirroredEvent read = MirroredEvent.read(left);
            long position = read.event().position();
            if (!read.identity().equals(store.id().identity()) || layout.indexOf(left.key()) != indexOf(left)) {
                throw new ForeignRecordException("It is of another journal, or not where its entity lies: identity=" + read.identity()
                        + " recordPosition=" + position);
            }
            return position >= reached ? Optional.empty()
                    : Optional.of("An event stands in the topic a second time: second=" + position + place(left));
        } catch (ForeignRecordException e) {
            return Optional.of("A record is not one of an event. " + e.getMessage() + place(left));
        }
    }

    private int indexOf(ConsumerRecord<byte[], byte[]> record) {
        return layout.indexOf(record.topic(), record.partition());
    }

    private String place(ProducerRecord<byte[], byte[]> expected) {
        return topic(expected.topic()) + " partition=" + expected.partition();
    }

    private String place(ConsumerRecord<byte[], byte[]> record) {
        return topic(record.topic()) + " partition=" + record.partition() + " offset=" + record.offset();
    }

    /** Where there are several it is said which one. */
    private String topic(String topic) {
        return layout.routes().byCategory().isEmpty() ? "" : " topic=" + topic;
    }
}
