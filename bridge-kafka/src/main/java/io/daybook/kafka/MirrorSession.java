package io.daybook.kafka;

import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Follow;
import io.daybook.Poller;
import io.daybook.StartFrom;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The life of one producer, from the look at the topics to the first thing that goes wrong. Then it is thrown away, whatever it was, and a
 * new one goes on from what is committed in Kafka: there is one way to go on, after every fault, and it is the one of a first start. One
 * thread, but {@link #abandon} and what Kafka's thread tells of a send.
 */
final class MirrorSession {

    private static final int POLL_EVENTS = 512;
    private static final long FORMER_NS = TimeUnit.SECONDS.toNanos(3); // markers take milliseconds
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final EventStore store;
    private final BridgeSettings settings;
    private final MirrorFigures figures;
    private final CountDownLatch closing;
    private final Clients clients;
    private volatile Admin admin;
    private volatile Producer<byte[], byte[]> producer;
    private volatile Consumer<byte[], byte[]> reader; // of what is committed
    private TopicTail tail; // as seen by that one
    private Resume resume;
    private Uuid progressTopic;
    private Claim claim;
    private SentRecords sent;
    private Progress progress;
    private RecordEncoder encoder;
    private OpenBatch batch;
    private Map<TopicPartition, Long> newestShown = Map.of(); // position of the last event of each partition, if it may lie ahead

    /**
     * Where a mirror said that it goes on.
     *
     * @param topic  id of the topic of the progress
     * @param offset of its newest progress there that is known to be committed
     */
    record Claim(Uuid topic, long offset) {
    }

    MirrorSession(EventStore store, BridgeSettings settings, MirrorFigures figures, CountDownLatch closing) {
        this.store = store;
        this.settings = settings;
        this.figures = figures;
        this.closing = closing;
        clients = new Clients(settings);
    }

    /**
     * Fences every former mirror, finds out how far they came, and says in Kafka that this one goes on from there.
     *
     * @param mirror        which one this is
     * @param claimedBefore where it said so before, or null; if it did, one that has said so since is left alone
     * @throws BridgeException if another mirror has taken over, or the topics are not as they must be
     */
    void begin(UUID mirror, Claim claimedBefore) {
        boolean claimed = claimedBefore != null;
        if (!claimed) {
            BrokerProbe.requireBroker(settings);
        }
        Layout layout = checkTopics(claimed);
        reader = clients.mirrorsConsumer();
        tail = new TopicTail(reader, this::isClosing);
        resume = new Resume(store, settings, tail);
        Optional<Progress> stored = resume.stored();
        if (claimed) {
            requireStillOwn(stored, mirror, claimedBefore);
        }
        resume.require(stored, layout); // before a mirror that is well is fenced by one that will be refused
        UUID identity = store.id().identity();
        String transactionalId = "daybook-" + identity + "-" + settings.topic();
        producer = clients.producer(transactionalId);
        producer.initTransactions();
        endFormer(transactionalId, layout, mirror);
        Resume.Start start = resume.next(layout, mirror, new LookProof(producer, tail, layout, settings.progressPartition()));
        progress = start.progress();
        newestShown = start.newestShown();
        encoder = new RecordEncoder(layout, identity);
        sent = new SentRecords(layout, settings.progressPartition(), tail.ends());
        producer.beginTransaction();
        batch = new OpenBatch(settings, progress.position());
        commit();
        figures.mirroring(progress.position());
    }

    private void endFormer(String transactionalId, Layout layout, UUID mirror) {
        OpenTransactions former = new OpenTransactions(settings, this::isClosing, FORMER_NS);
        admin = clients.admin();
        try {
            new HangingTransactions(store, settings, resume, former, producer).end(reader, layout, mirror,
                    new OpenProducers(admin, transactionalId));
        } finally {
            Clients.close(admin);
            admin = null;
        }
    }

    /** Where it has said in Kafka that this mirror goes on, be it shown or not; null as long as it has not. */
    Claim claim() {
        return claim;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private Layout checkTopics(boolean claimed) {
        admin = clients.admin();
        try {
            TopicCheck check = new TopicCheck(settings, clients, admin);
            Layout layout = check.layout(!claimed);
            progressTopic = check.progressTopic();
            return layout;
        } finally {
            Clients.close(admin);
            admin = null;
        }
    }

    /** What says so may be committed and not shown ({@link HangingTransactions}), so what is written tells, if what is shown does not. */
    private void requireStillOwn(Optional<Progress> stored, UUID mirror, Claim own) {
        Optional<Progress> newest = stored;
        TopicTail look = tail;
        if (!isOf(mirror, newest)) {
            Consumer<byte[], byte[]> all = clients.consumerOfAll();
            try {
                look = new TopicTail(all, this::isClosing);
                newest = look.progress(settings);
            } finally {
                Clients.close(all);
            }
        }
        if (isOf(mirror, newest)) {
            return;
        }
        if (own.topic.equals(progressTopic) && look.ends().get(settings.progressPartition()) <= own.offset) {
            throw new KafkaException("The topic shows less than this mirror has written there, as a broker does that does not know that"
                    + " another leads by now: topic=" + settings.progressTopic() + " offset=" + own.offset);
        }
        throw new BridgeException(newest.isEmpty() ? "The topics were deleted while they were mirrored to: topic=" + settings.topic()
                : "Another mirror of this journal has taken over: topic=" + settings.topic() + " mirror=" + newest.get().mirror()
                        + " position=" + newest.get().position());
    }

    private static boolean isOf(UUID mirror, Optional<Progress> progress) {
        return progress.filter(known -> known.mirror().equals(mirror)).isPresent();
    }

    /** Mirrors what is on the device, and what comes, until the bridge is closed or something goes wrong, which comes out. */
    void run() throws Exception {
        StartFrom start = new StartFrom.Position(progress.position());
        try (Poller poller = store.poller(Follow.from(start).visibleFrom(Durability.DISK), this::send)) {
            boolean closed = false;
            while (!closed) {
                int handed = poller.poll(POLL_EVENTS);
                if (batch.isDue(handed == POLL_EVENTS)) {
                    commitBatch();
                }
                closed = handed == 0 ? closing.await(restNs(), TimeUnit.NANOSECONDS) : isClosing();
            }
        }
        if (batch.isWhole()) {
            commitBatch();
        }
    }

    /** What comes while a transaction waits for its time goes with it then; to look each millisecond would take the appender's core. */
    private long restNs() {
        return batch.isWhole() ? batch.untilDueNs() : IDLE_NS;
    }

    /** Sends an event in the transaction that is open, or, where a commit ends and that one is full, in the next. */
    private void send(EventView event) {
        if (batch.isFull()) {
            commitBatch();
        }
        if (!batch.isOpen()) {
            requireEpoch();
            producer.beginTransaction();
            batch.begin();
        }
        ProducerRecord<byte[], byte[]> record = encoder.encode(event, progress.epoch());
        if (!isShown(record, event.position())) {
            producer.send(record, sent);
            sent.requireSent();
        }
        batch.add(event, record.topic());
    }

    /** A partition that shows this event already must not get it again. */
    private boolean isShown(ProducerRecord<byte[], byte[]> record, long position) {
        return !newestShown.isEmpty() && position <= newestShown.getOrDefault(new TopicPartition(record.topic(), record.partition()), -1L);
    }

    /** An epoch begins when events may have been lost: what the mirror rests on must be looked at anew. */
    private void requireEpoch() {
        int epoch = store.id().epoch();
        if (epoch != progress.epoch()) {
            throw new EpochChangedException("The journal has begun an epoch: epoch=" + epoch + " before=" + progress.epoch());
        }
    }

    private void commitBatch() {
        commit();
        figures.committed(progress.position(), batch.end());
    }

    private void commit() {
        Progress reached = progress.at(batch.next(), batch.newestByTopic());
        producer.send(new ProducerRecord<>(settings.progressTopic(), 0, reached.key(), reached.value()), sent);
        producer.flush();
        sent.requireSent();
        long committingNs = System.nanoTime();
        producer.commitTransaction();
        claim = new Claim(progressTopic, sent.progressOffset());
        if (sent.awaitShown(reader, committingNs) && !resume.stored().equals(Optional.of(reached))) {
            throw new KafkaException("What was committed is not the newest progress: topic=" + settings.topic() + " position="
                    + reached.position());
        }
        progress = reached;
        if (progress.isEven()) {
            newestShown = Map.of();
        }
    }

    /** Lets go of Kafka at once: what blocks in a client ends with an exception. A transaction that is open is aborted, by Kafka. */
    void abandon() {
        Clients.close(admin);
        Clients.close(producer);
        Consumer<byte[], byte[]> waiting = reader;
        if (waiting != null) {
            waiting.wakeup();
        }
    }

    /** Ends it in good order: an open transaction is aborted, so that consumers need not wait for its timeout. */
    void end(boolean orderly) {
        try {
            if (orderly && batch != null && batch.isOpen()) {
                producer.abortTransaction();
            }
        } finally {
            abandon();
            Clients.close(reader);
        }
    }
}
