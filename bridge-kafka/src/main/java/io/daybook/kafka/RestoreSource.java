package io.daybook.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Looks what there is to restore: whose journal, and where its events end. One thread. */
final class RestoreSource {

    /**
     * What there is.
     *
     * @param identity   of the journal
     * @param layout     where entities' events lie
     * @param end        all events before this position are in the topic, or no more are wanted
     * @param epoch      the newest one that is known
     * @param mirrored   the progress of the mirror says so
     */
    record Found(UUID identity, Layout layout, long end, int epoch, boolean mirrored) {
    }

    private final BridgeSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicTail tail;

    RestoreSource(BridgeSettings settings, Consumer<byte[], byte[]> consumer) {
        this.settings = settings;
        this.consumer = consumer;
        tail = new TopicTail(consumer, () -> false);
    }

    /**
     * Looks at the ends of the topics.
     *
     * @throws BridgeException if there is no mirror, or it has other topics or partitions than when it began
     */
    Found find() {
        OpenTransactions open = new OpenTransactions(settings);
        if (!consumer.partitionsFor(settings.progressTopic()).isEmpty()) {
            open.awaitEnd(consumer, List.of(settings.progressPartition()));
        }
        Optional<Progress> progress = progress(); // before the records: what it tells of must be among them
        Layout there = MirrorTopics.layout(consumer, settings, progress);
        open.awaitEnd(consumer, there.partitions());
        MirroredEvent newest = newest(there);
        if (progress.isEmpty()) {
            return new Found(newest.identity(), there, bounded(newest.event().position() + 1), newest.epoch(), false);
        }
        Progress known = progress.get();
        for (Progress again = again(); isOther(again, known); again = again()) {
            known = again; // a mirror has put it back to send again what Kafka does not show, or is done with that
            open.awaitEnd(consumer, there.partitions());
        }
        if (!known.isEven() && settings.restoreTo() > known.position()) {
            throw new BridgeException("Some partitions lack events which others have, Kafka did not show them and no mirror has sent them"
                    + " again yet. Start a mirror of the journal, which does; where the journal is lost, restore what is whole (restoreTo,"
                    + " --to): topic=" + settings.topic() + " position=" + known.position() + " end=" + known.end());
        }
        if (!known.identity().equals(newest.identity())) {
            throw new BridgeException("The events' topics and " + settings.progressTopic() + " tell of two journals: topic="
                    + settings.topic() + " identity=" + newest.identity() + " mirrored=" + known.identity());
        }
        return new Found(known.identity(), there, bounded(known.position()), Math.max(known.epoch(), newest.epoch()), true);
    }

    private static boolean isOther(Progress again, Progress known) {
        return again.position() < known.position() || !known.isEven() && !again.equals(known);
    }

    private Progress again() {
        return progress().orElseThrow(() -> new BridgeException("The progress went away while it was read: topic="
                + settings.progressTopic()));
    }

    private long bounded(long end) {
        return Math.min(end, settings.restoreTo());
    }

    private Optional<Progress> progress() {
        return tail.progressIfThere(settings);
    }

    private MirroredEvent newest(Layout layout) {
        Collection<ConsumerRecord<byte[], byte[]>> last = tail.last(layout.partitions()).values();
        MirroredEvent newest = null;
        for (ConsumerRecord<byte[], byte[]> record : last) {
            try {
                MirroredEvent read = MirroredEvent.read(record);
                newest = newest == null || read.event().position() > newest.event().position() ? read : newest;
            } catch (ForeignRecordException e) {
                throw new BridgeException("The topic holds what no mirror wrote. " + e.getMessage() + MirroredEvent.place(record), e);
            }
        }
        if (newest == null) {
            throw new BridgeException("The mirror holds no event, so there is nothing to restore: topics="
                    + layout.routes().topics());
        }
        return newest;
    }

    /** Whether the mirror tells of this position. */
    boolean isReached(long position) {
        return tail.tellsOf(settings, position);
    }
}
