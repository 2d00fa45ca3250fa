package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.ReadRange;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some partitions have more than others, or more than the progress tells, after Kafka did not show what it had acknowledged. */
class UnevenTopicsTest extends RestoreCase {

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("UnevenTopicsTest");
    }

    /** Mirrors some events and appends others; answers where those begin, which is where a commit does. */
    private long mirrored(EventStore store) throws InterruptedException {
        append(store, 30, random);
        mirror(store, settings());
        long end = store.endPosition();
        append(store, 30, random);
        return end;
    }

    private static List<ProducerRecord<byte[], byte[]>> ofPartition(List<ProducerRecord<byte[], byte[]>> records, int partition) {
        return records.stream().filter(record -> record.partition() == partition).toList();
    }

    @Test
    void whatIsThereAndNotInTheProgressIsNotSentAgain() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                former.commit(former.records(end)); // the progress of this transaction was acknowledged, hung and was aborted
            }
            append(store, 10, random);
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
    }

    @Test
    void partitionsThatHaveUnlikeMuchAreSentWhatTheyLack() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(ofPartition(former.records(end), 1));
                records.add(former.progress(end, store.endPosition()));
                former.commit(records);
            }
            String message = assertThrows(BridgeException.class, this::restore).getMessage();
            assertTrue(message.contains("--to") && message.contains("position=" + end), message);
            Verification verification = KafkaBridge.verify(store, settings());
            assertTrue(verification.isEqual() && verification.events() == end, verification.toString());
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
            assertEquals(store.endPosition(), restore().events());
        }
    }

    @Test
    void whatIsWholeIsRestoredWhereSomethingIsMissing() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(ofPartition(former.records(end), 1));
                records.add(former.progress(store.endPosition(), store.endPosition()));
                former.commit(records); // what hung in the other partitions was aborted
            }
            String message = assertThrows(BridgeException.class, this::restore).getMessage();
            assertTrue(message.contains("An event is missing in the topics"), message);
            BridgeSettings to = BridgeSettings.create(SharedBroker.address(), topic).restoreTo(end);
            assertEquals(end, KafkaBridge.restore(temp.resolve("whole"), small(), to, (position, last) -> { }).events());
            try (EventStore whole = EventStore.open(temp.resolve("whole"), small())) {
                assertEquals(end, whole.endPosition());
                assertEquals(store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().limit(end)).toList()
                        .stream().map(RecordedEvent::id).toList(), events(whole).stream().map(RecordedEvent::id).toList());
            }
        }
    }

    /** As by hand, of what Kafka had acknowledged and did not show. */
    @Test
    void whatSomebodyAbortedAfterItWasAcknowledgedIsSentAgain() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                List<ProducerRecord<byte[], byte[]>> all = former.records(end);
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(ofPartition(all, all.get(all.size() - 1).partition()));
                records.add(former.progress(store.endPosition(), store.endPosition()));
                former.commit(records);
            }
            append(store, 3, random);
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
    }

    /**
     * Kafka gives a transactional id another producer id in time: what the former left open no transaction of the mirror ends. Here it is
     * that of another transactional id, which to the mirror is the same.
     */
    @Test
    void whatAFormerProducerIdLeftOpenIsEnded() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            try (FormerMirror former = of(store, UUID.randomUUID().toString())) {
                List<ProducerRecord<byte[], byte[]>> records = former.records(end);
                records.add(former.progress(store.endPosition(), store.endPosition()));
                former.leaveOpen(records);
                mirror(store, settings());
                assertWhole(SharedBroker.address(), store);
            }
        }
    }

    /** A mirror was about to end what hung, and was killed before its progress was committed, or Kafka did not end that commit. */
    @ParameterizedTest
    @ValueSource(strings = {"aborted", "left open", "left open by a former producer id"})
    void aProgressThatWasPutBackAndNotCommittedChangesNothing(String how) throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            long back = events(store).get((int) end / 2).commitPosition();
            try (FormerMirror former = how.endsWith("id") ? of(store, UUID.randomUUID().toString())
                    : new FormerMirror(store, SharedBroker.address(), topic)) {
                former.leaveOpen(List.of(former.progress(back, end)));
                if (how.equals("aborted")) {
                    former.abort();
                }
                mirror(store, settings());
                assertWhole(SharedBroker.address(), store);
            }
        }
    }

    /** It was committed, and the mirror was killed before it took anything away or sent anything again. */
    @Test
    void aProgressThatWasPutBackInVainSendsNothingTwice() throws Exception {
        try (EventStore store = open()) {
            long end = mirrored(store);
            long back = events(store).get((int) end / 2).commitPosition();
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), topic)) {
                former.commit(List.of(former.progress(back, end)));
            }
            mirror(store, settings());
            assertWhole(SharedBroker.address(), store);
        }
    }

    /** Somebody else's may be aborted yet. */
    @Test
    void whatSomebodyElseLeftOpenIsWaitedFor() throws Exception {
        try (EventStore store = open(); FormerMirror other = of(store, UUID.randomUUID().toString())) {
            mirrored(store);
            other.leaveOpen(List.of(new ProducerRecord<>(topic, 0, new byte[1], new byte[1])));
            try (KafkaBridge bridge = KafkaBridge.start(store, settings())) {
                Await.until("told", () -> bridge.status().lastError() != null && bridge.status().lastError().getMessage()
                        .contains("that this journal's mirror would not have sent, and is waited for"));
                assertEquals(BridgeStatus.State.RETRYING, bridge.status().state());
                other.abort();
                assertMirrored(bridge, store.endPosition());
                assertWhole(SharedBroker.address(), store);
            }
        }
    }

    private FormerMirror of(EventStore store, String transactionalId) {
        return new FormerMirror(store, SharedBroker.address(), transactionalId, Layout.of(topic, PARTITIONS));
    }

    @Test
    void topicsOfRoutesThatHaveMoreThanTheProgressTellsAreTakenAsTheyAre() throws Exception {
        BridgeSettings routed = settings().route("account", topic + ".accounts");
        try (EventStore store = open()) {
            append(store, 30, random, "account-", "order-");
            mirror(store, routed);
            long end = store.endPosition();
            append(store, 30, random, "account-", "order-");
            Layout layout = new Layout(routed.routes(), any -> PARTITIONS);
            try (FormerMirror former = new FormerMirror(store, SharedBroker.address(), layout)) {
                former.commit(former.records(end).stream().filter(record -> record.topic().equals(topic)).toList());
            }
            append(store, 10, random, "account-", "order-");
            mirror(store, routed);
            Verification verification = KafkaBridge.verify(store, settings());
            assertTrue(verification.isEqual() && verification.events() == store.endPosition(), verification.toString());
            assertEquals(store.endPosition(), restore().events());
        }
    }

    @Test
    void aRestoreEndsWhereACommitDoes() throws Exception {
        try (EventStore store = open()) {
            mirrored(store);
            mirror(store, settings());
            RecordedEvent second = events(store).stream().filter(event -> event.commitPosition() > 0
                    && event.position() == event.commitPosition() + 1).findFirst()
                    .orElseThrow();
            BridgeSettings within = BridgeSettings.create(SharedBroker.address(), topic).restoreTo(second.position());
            String message = assertThrows(BridgeException.class, () -> KafkaBridge.restore(restored, small(), within, (at, end) -> { }))
                    .getMessage();
            assertTrue(message.contains("No commit begins") && message.contains("commitPosition=" + second.commitPosition()), message);
            BridgeSettings before = BridgeSettings.create(SharedBroker.address(), topic).restoreTo(second.commitPosition());
            assertEquals(second.commitPosition(), KafkaBridge.restore(restored, small(), before, (at, end) -> { }).events());
        }
    }
}
