package io.daybook.kafka;

import static io.daybook.kafka.TopicCopies.at;
import static io.daybook.kafka.TopicCopies.flipped;
import static io.daybook.kafka.TopicCopies.header;
import static io.daybook.kafka.TopicCopies.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.EpochException;
import io.daybook.EventStore;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The comparison of a journal with its mirror names the first of the differences that were planted, by position and field. */
class KafkaBridgeVerifyTest extends MirrorCase {

    private final Random random = new Random(5);
    private TopicCopies copies;

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("KafkaBridgeVerifyTest");
    }

    @AfterEach
    void closeCopies() {
        if (copies != null) {
            copies.close();
        }
    }

    @Test
    void everyPlantedDifferenceIsNamed() throws Exception {
        try (EventStore store = open()) {
            append(store, 60, random);
            mirror(store, settings());
            long end = store.endPosition();
            Verification equal = KafkaBridge.verify(store, settings());
            assertNull(equal.difference());
            assertEquals(end, equal.events());
            assertEquals(end, equal.durable());
            assertEquals(end, verify(store, records -> { }).events(), "a copy is equal");

            assertNamed(store, 40, "missing", records -> records.remove(at(records, 40)));
            assertNamed(store, end - 1, "missing", records -> records.remove(at(records, end - 1))); // a commit that is cut
            assertNamed(store, nextInPartition(store, 40), "second time: second=40", records -> records.add(at(records, 40),
                    records.get(at(records, 40))));
            assertNamed(store, 40, "behind a later one", records -> Collections.swap(records, at(records, 40),
                    at(records, nextInPartition(store, 40))));
            long cut = firstOfSeveral(store, 30);
            assertNamed(store, cut, "missing", records -> records.remove(at(records, cut))); // a commit in the middle that is cut
            assertNamed(store, cut + 1, "missing", records -> records.remove(at(records, cut + 1)));
            assertNamed(store, cut, "missing", records -> records.removeIf(record -> isOf(record, cut))); // all of it
            assertChanged(store, "field=payload", record -> with(record, record.partition(), record.key(), flipped(record.value())));
            assertChanged(store, "field=key", record -> with(record, record.partition(), flipped(record.key()), record.value()));
            assertChanged(store, "field=partition", record -> with(record, (record.partition() + 1) % PARTITIONS, record.key(),
                    record.value()));
            assertChanged(store, "field=timestamp", record -> new ProducerRecord<>(record.topic(), record.partition(),
                    record.timestamp() + 1, record.key(), record.value(), record.headers()));
            List<String> headers = List.of("ce_time", "daybook_epoch", "daybook_version", "daybook_commit_epoch", "ce_id", "ce_type",
                    "ce_source", "ce_subject", "ce_specversion", "daybook_commit_position", "daybook_commit_size",
                    "daybook_schema_version", "daybook_time_ns", "daybook_metadata");
            for (String name : headers) {
                assertChanged(store, name, header(name, name.startsWith("ce_") ? "x" : "77"));
            }
            long described = firstWithMetadata(store, 30);
            assertNamed(store, described, "field=daybook_metadata", records -> {
                Headers of = records.get(at(records, described)).headers();
                byte[] flipped = flipped(of.lastHeader("daybook_metadata").value());
                of.remove("daybook_metadata").add("daybook_metadata", flipped);
            });
            assertChanged(store, "field=other problem=not in the journal", header("other", "x"));
            assertChanged(store, "field=daybook_position", header("daybook_position", "x"));
            assertNamed(store, nextInPartition(store, 39), "not one of an event", records -> records.add(at(records, 40),
                    new ProducerRecord<>("", records.get(at(records, 39)).partition(), new byte[0], new byte[0])));
            assertNamed(store, end, "not one of an event", records -> records.add(new ProducerRecord<>("", 0, new byte[0], new byte[0])));
            assertNamed(store, end, "did not reach", records -> records.add(header("daybook_position", "100000")
                    .apply(records.get(at(records, 40)))));
        }
    }

    @Test
    void aTopicThatGrowsIsComparedUpToWhereItWas() throws Exception {
        try (EventStore store = open(); KafkaBridge bridge = KafkaBridge.start(store, settings())) {
            append(store, 20, random);
            assertMirrored(bridge, store.endPosition());
            for (int i = 0; i < 3; i++) {
                append(store, 200, random);
                Verification verification = KafkaBridge.verify(store, settings());
                assertTrue(verification.isEqual(), String.valueOf(verification.difference()));
            }
        }
    }

    @Test
    void whatIsNoMirrorOfTheJournalIsRefused() throws Exception {
        try (EventStore store = open(); EventStore other = EventStore.open(temp.resolve("other"), small())) {
            assertThrows(BridgeException.class, () -> KafkaBridge.verify(store, settings()));
            mirror(store, settings());
            assertEquals(0, KafkaBridge.verify(store, settings()).events());
            assertTrue(assertThrows(EpochException.class, () -> KafkaBridge.verify(other, settings())).getMessage()
                    .contains("identity=" + store.id().identity()));
        }
    }

    private void assertChanged(EventStore store, String expected, UnaryOperator<ProducerRecord<byte[], byte[]>> change) throws Exception {
        assertNamed(store, 40, expected, records -> records.set(at(records, 40), change.apply(records.get(at(records, 40)))));
    }

    private void assertNamed(EventStore store, long position, String expected,
                             Consumer<List<ProducerRecord<byte[], byte[]>>> damage) throws Exception {
        Verification verification = verify(store, damage);
        assertFalse(verification.isEqual(), "not seen: " + expected);
        assertTrue(verification.difference().what().contains(expected), verification.difference() + " lacks " + expected);
        assertEquals(position, verification.difference().position(), verification.difference().what());
    }

    /** Compares with a copy of the topic that was changed so. */
    private Verification verify(EventStore store, Consumer<List<ProducerRecord<byte[], byte[]>>> damage) throws Exception {
        copies = copies == null ? new TopicCopies(topic, (int) store.endPosition()) : copies;
        return KafkaBridge.verify(store, BridgeSettings.create(SharedBroker.address(), copies.make(damage)));
    }

    private static long firstOfSeveral(EventStore store, long from) {
        return events(store).stream().filter(event -> event.position() >= from && event.commitSize() > 1
                && event.position() == event.commitPosition()).findFirst().orElseThrow().position();
    }

    private static boolean isOf(ProducerRecord<byte[], byte[]> record, long commit) {
        return new String(record.headers().lastHeader("daybook_commit_position").value(), StandardCharsets.UTF_8)
                .equals(Long.toString(commit));
    }

    private static long firstWithMetadata(EventStore store, long from) {
        return events(store).stream().filter(event -> event.position() >= from && event.metadata().length > 0).findFirst().orElseThrow()
                .position();
    }

    /** Position of the event after this one in its partition. */
    private static long nextInPartition(EventStore store, long position) {
        List<Integer> partitions = events(store).stream()
                .map(event -> RecordFormat.partition(event.entity().getBytes(StandardCharsets.UTF_8), PARTITIONS)).toList();
        int next = (int) position + 1;
        while (!partitions.get(next).equals(partitions.get((int) position))) {
            next++;
        }
        return next;
    }
}
