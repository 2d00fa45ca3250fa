package io.daybook.kafka;

import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The events of a mirror in the order of positions, put together from all partitions of its topics, in each of which they ascend. What is
 * not an event of the journal, and of the partition that it stands in, is refused. One thread.
 */
final class TopicMerge {

    private static final long BETWEEN_PARTITIONS_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * The next event of a partition.
     *
     * @param mirrored the event
     * @param record   that it was read from
     */
    record Head(MirroredEvent mirrored, ConsumerRecord<byte[], byte[]> record) implements Comparable<Head> {
        long position() {
            return mirrored.event().position();
        }

        @Override
        public int compareTo(Head other) {
            return Long.compare(position(), other.position());
        }
    }

    private final PartitionBuffers buffers;
    private final UUID identity;
    private final Layout layout;
    private final PriorityQueue<Head> heads = new PriorityQueue<>();
    private final Set<Integer> unread = new TreeSet<>(); // their next record is not among the heads; all others' are, or they have ended
    private final Set<Integer> ended = new TreeSet<>();
    private long wanted;

    TopicMerge(PartitionBuffers buffers, UUID identity, Layout layout) {
        this.buffers = buffers;
        this.identity = identity;
        this.layout = layout;
        for (int i = 0; i < layout.partitions().size(); i++) {
            unread.add(i);
        }
    }

    /**
     * Takes the event of this position, which is the one behind the event that was taken before.
     *
     * @throws BridgeException if it is not there
     */
    Head take(long position) {
        wanted = position;
        if (!isNext(position)) {
            read();
        }
        if (!isNext(position) && !isBehind(position)) {
            awaitMore(position);
        }
        Head head = heads.peek();
        if (head == null || head.position() > position) {
            throw new BridgeException("An event is missing in the topics: position=" + position + " topics=" + layout.routes().topics()
                    + (head == null ? " newest=" + (position - 1) : " next=" + head.position() + MirroredEvent.place(head.record())));
        }
        if (head.position() < position) {
            throw secondTime(head);
        }
        return takeNext();
    }

    /** Passes over all events before this position. */
    void passOver(long position) {
        wanted = position;
        read();
        while (isBehind(position)) {
            takeNext();
            read();
        }
    }

    /**
     * Passes over all that is left, which must not be before this position.
     *
     * @return the highest position that there is; -1 if there is none
     */
    long passOverRest(long position) {
        wanted = position;
        long highest = -1;
        for (read(); !heads.isEmpty(); read()) {
            if (isBehind(position)) {
                throw secondTime(heads.peek());
            }
            highest = Math.max(highest, takeNext().position());
        }
        return highest;
    }

    private boolean isNext(long position) {
        return !heads.isEmpty() && heads.peek().position() == position;
    }

    private boolean isBehind(long position) {
        return !heads.isEmpty() && heads.peek().position() < position;
    }

    private Head takeNext() {
        Head head = heads.remove();
        int partition = layout.indexOf(head.record().topic(), head.record().partition());
        buffers.pop(partition);
        ConsumerRecord<byte[], byte[]> next = buffers.buffered(partition);
        if (next == null) {
            unread.add(partition);
        } else {
            heads.add(head(next));
        }
        return head;
    }

    /** Brings a record of every partition that has one. */
    private void read() {
        for (int partition : unread) {
            ConsumerRecord<byte[], byte[]> next = buffers.peek(partition);
            if (next == null) {
                ended.add(partition);
            } else {
                heads.add(head(next));
            }
        }
        unread.clear();
    }

    /** Kafka shows a transaction in one partition a moment before another. */
    private void awaitMore(long position) {
        long beganNs = System.nanoTime();
        while (!ended.isEmpty() && !isNext(position) && System.nanoTime() - beganNs < BETWEEN_PARTITIONS_NS) {
            if (buffers.hasMore(ended)) {
                unread.addAll(ended);
                ended.clear();
                read();
            } else {
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private Head head(ConsumerRecord<byte[], byte[]> record) {
        try {
            MirroredEvent mirrored = MirroredEvent.read(record);
            if (!mirrored.identity().equals(identity)) {
                throw new ForeignRecordException("The record is of another journal: identity=" + mirrored.identity() + " expected="
                        + identity);
            }
            int own = layout.indexOf(record.key());
            if (own != layout.indexOf(record.topic(), record.partition())) {
                throw new ForeignRecordException("The record stands in another partition than its entity's: field=partition recordPosition="
                        + mirrored.event().position() + " own=" + layout.partitions().get(own));
            }
            if (record.timestamp() != TimeUnit.NANOSECONDS.toMillis(mirrored.event().timeNs())) {
                throw new ForeignRecordException("The record has another time than its event: field=timestamp recordPosition="
                        + mirrored.event().position() + " timestamp=" + record.timestamp() + " timeNs=" + mirrored.event().timeNs());
            }
            return new Head(mirrored, record);
        } catch (ForeignRecordException e) {
            throw new BridgeException("The topic holds what no mirror wrote. " + e.getMessage() + " awaited=" + wanted
                    + MirroredEvent.place(record), e);
        }
    }

    private static BridgeException secondTime(Head head) {
        return new BridgeException("An event stands in the topic a second time, or behind a later one: position=" + head.position()
                + MirroredEvent.place(head.record()));
    }
}
