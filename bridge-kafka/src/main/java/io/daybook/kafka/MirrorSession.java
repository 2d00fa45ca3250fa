package io.daybook.kafka;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Follow;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * The life of one producer, from the look at the topics to the first thing that goes wrong. Then it is thrown away, whatever it was, and a
 * new one goes on from what is committed in Kafka: there is one way to go on, after every fault, and it is the one of a first start. One
 * thread, but {@link #abandon} and what Kafka's thread tells of a send.
 */
final class MirrorSession {

    private static final int POLL_EVENTS = 512;
    private static final long FORMER_NS = TimeUnit.SECONDS.toNanos(15);
    private static final long IDLE_MS = 1;
    private static final long LONGEST_WITH_MORE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final EventStore store;
    private final BridgeSettings settings;
    private final MirrorFigures figures;
    private final CountDownLatch closing;
    private final Clients clients;
    private volatile Admin admin;
    private volatile Producer<byte[], byte[]> producer;
    private Progress progress;
    private RecordEncoder encoder;
    private final boolean routed;
    private boolean open; // a transaction
    private boolean whole; // its last event is the last one of a commit
    private int events;
    private long bytes;
    private long begunNs;
    private long next; // position behind the last event that was sent
    private volatile Exception sendFailure;
    private final Callback whenSent = (metadata, problem) -> keepFirst(problem);
    private final Map<String, Long> sent = new HashMap<>(); // the last one of each topic; where there are routes

    MirrorSession(EventStore store, BridgeSettings settings, MirrorFigures figures, CountDownLatch closing) {
        this.store = store;
        this.settings = settings;
        this.figures = figures;
        this.closing = closing;
        clients = new Clients(settings);
        routed = !settings.routes().byCategory().isEmpty();
    }

    /**
     * Fences every former mirror, finds out how far they came, and says in Kafka that this one goes on from there.
     *
     * @param mirror  which one this is
     * @param claimed it said so before; then one that has said so since is left alone
     * @throws BridgeException if another mirror has taken over, or the topics are not as they must be
     */
    void begin(UUID mirror, boolean claimed) {
        if (!claimed) {
            BrokerProbe.requireBroker(settings);
        }
        Layout layout = checkTopics(claimed);
        try (ClosingConsumer reader = new ClosingConsumer(clients.consumer())) {
            Resume resume = new Resume(store, settings, new TopicTail(reader.consumer(), () -> closing.getCount() == 0));
            Optional<Progress> stored = resume.stored();
            if (claimed) {
                requireStillOwn(stored, mirror);
            }
            resume.require(stored, layout); // before a mirror that is well is fenced by one that will be refused
            UUID identity = store.id().identity();
            producer = clients.producer("daybook-" + identity + "-" + settings.topic());
            producer.initTransactions();
            awaitFormer(reader.consumer());
            progress = resume.next(layout, mirror);
            encoder = new RecordEncoder(layout, identity);
            producer.beginTransaction();
            next = progress.position();
            commit();
        }
        figures.mirroring(progress.position());
    }

    /**
     * What a former session committed may not be shown yet, in some partitions or in all: a broker that was killed behind its answer shows
     * it a moment after it is there again, or not at all. Whoever looked how far it came meanwhile would send it a second time.
     *
     * @throws KafkaException if it is not shown: rather none is mirrored than one twice
     */
    private void awaitFormer(Consumer<byte[], byte[]> reader) {
        List<String> topics = new ArrayList<>(settings.routes().topics());
        topics.add(settings.progressTopic());
        try {
            new OpenTransactions(settings, () -> closing.getCount() == 0, FORMER_NS).awaitEnd(reader, topics);
        } catch (BridgeException e) {
            throw new KafkaException(e.getMessage()); // without the cause, which is final for who only reads: this is waited for
        }
    }

    private record ClosingConsumer(Consumer<byte[], byte[]> consumer) implements AutoCloseable {
        @Override
        public void close() {
            Clients.close(consumer);
        }
    }

    private Layout checkTopics(boolean claimed) {
        admin = clients.admin();
        try {
            return new TopicCheck(settings, clients, admin).layout(!claimed);
        } finally {
            Clients.close(admin);
            admin = null;
        }
    }

    private void requireStillOwn(Optional<Progress> stored, UUID mirror) {
        if (stored.isEmpty()) {
            throw new BridgeException("The topics were deleted while they were mirrored to: topic=" + settings.topic());
        }
        if (!stored.get().mirror().equals(mirror)) {
            throw new BridgeException("Another mirror of this journal has taken over: topic=" + settings.topic() + " mirror="
                    + stored.get().mirror() + " position=" + stored.get().position());
        }
    }

    /** Mirrors what is on the device, and what comes, until the bridge is closed or something goes wrong, which comes out. */
    void run() throws Exception {
        StartFrom start = new StartFrom.Position(progress.position());
        try (Poller poller = store.poller(Follow.from(start).visibleFrom(Durability.DISK), this::send)) {
            boolean closed = false;
            while (!closed) {
                int handed = poller.poll(POLL_EVENTS);
                if (open && whole && isDue(handed == POLL_EVENTS)) {
                    commitBatch();
                }
                closed = handed == 0 ? closing.await(IDLE_MS, TimeUnit.MILLISECONDS) : closing.getCount() == 0;
            }
        }
        if (open && whole) {
            commitBatch();
        }
    }

    /** Each commit is waited for. Where more is there already small transactions would make the last event of it come later, not sooner. */
    private boolean isDue(boolean more) {
        long delayNs = settings.batchDelay().toNanos();
        return isFull() || System.nanoTime() - begunNs >= (more ? Math.max(delayNs, LONGEST_WITH_MORE_NS) : delayNs);
    }

    private boolean isFull() {
        return events >= settings.batchEvents() || bytes >= settings.batchBytes();
    }

    /** Sends an event in the transaction that is open, or, where a commit ends and that one is full, in the next. */
    private void send(EventView event) {
        if (open && whole && isFull()) {
            commitBatch();
        }
        if (!open) {
            requireEpoch();
            producer.beginTransaction();
            open = true;
            begunNs = System.nanoTime();
        }
        ProducerRecord<byte[], byte[]> record = encoder.encode(event, progress.epoch());
        producer.send(record, whenSent);
        requireSent();
        if (routed) {
            sent.put(record.topic(), event.position());
        }
        events++;
        bytes += event.payloadLength() + event.metadataLength();
        next = event.position() + 1;
        whole = next == event.commitPosition() + event.commitSize();
    }

    /**
     * Kafka's client throws nothing where a broker is not found in time, and tells at the commit: until then each event of a large
     * transaction would wait as long again (max.block.ms, 15 s), and the state would be MIRRORING meanwhile.
     */
    private void requireSent() {
        Exception problem = sendFailure;
        if (problem != null) {
            throw problem instanceof KafkaException known ? known : new KafkaException(problem);
        }
    }

    private void keepFirst(Exception problem) {
        if (problem != null && sendFailure == null) {
            sendFailure = problem;
        }
    }

    /** An epoch begins when events may have been lost: what the mirror rests on must be looked at anew. */
    private void requireEpoch() {
        int epoch = store.id().epoch();
        if (epoch != progress.epoch()) {
            throw new EpochChangedException("The journal has begun an epoch: epoch=" + epoch + " before=" + progress.epoch());
        }
    }

    private void commitBatch() {
        int committed = events;
        commit();
        open = false;
        events = 0;
        bytes = 0;
        figures.committed(progress.position(), committed);
    }

    private void commit() {
        Progress reached = progress.at(next, sent);
        producer.send(new ProducerRecord<>(settings.progressTopic(), 0, reached.key(), reached.value()));
        producer.commitTransaction();
        progress = reached;
    }

    /** Lets go of Kafka at once: what blocks in a client ends with an exception. A transaction that is open is aborted, by Kafka. */
    void abandon() {
        Clients.close(admin);
        Clients.close(producer);
    }

    /** Ends it in good order: an open transaction is aborted, so that consumers need not wait for its timeout. */
    void end(boolean orderly) {
        if (orderly && open) {
            producer.abortTransaction();
        }
        abandon();
    }
}
