package io.daybook.kafka;

import static io.daybook.Expected.any;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a record, without a broker: the contract of FORMAT.md. */
class RecordFormatTest {

    private static final UUID ID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final long TIME_NS = StillClock.TIME_NS;

    @TempDir
    private Path temp;

    @Test
    void aRecordHoldsAllOfAnEventAndGivesItBack() {
        try (EventStore store = store()) {
            store.append("account-42", any(), new NewEvent(ID, "Opened", 7, new byte[] {0, -1, 2}, new byte[] {9, 0, 8}));
            store.commit(Commit.create().append("a/b c%-é", NewEvent.json("Größer", "{}"))
                    .append("account-42", NewEvent.of("Empty", new byte[0])));
            List<ProducerRecord<byte[], byte[]>> records = encode(store);
            List<RecordedEvent> events = store.readAll(StartFrom.beginning(), Filter.all()).toList();
            assertEquals(3, records.size());
            for (int i = 0; i < records.size(); i++) {
                MirroredEvent mirrored = MirroredEvent.read(consumed(records.get(i)));
                assertEquals(store.id().identity(), mirrored.identity());
                assertEquals(3, mirrored.epoch());
                assertEquals(1, mirrored.commitEpoch());
                assertSame(events.get(i), mirrored.event());
            }
        }
    }

    @Test
    void theHeadersAreThoseOfTheContract() {
        try (EventStore store = store()) {
            store.append("a/b c-é~", any(), new NewEvent(ID, "Opened", 7, new byte[] {5}, new byte[] {9}));
            ProducerRecord<byte[], byte[]> record = encode(store).get(0);
            assertEquals("a/b c-é~", new String(record.key(), StandardCharsets.UTF_8));
            assertArrayEquals(new byte[] {9}, record.value());
            assertEquals(TIME_NS / 1_000_000, record.timestamp());
            assertEquals("1.0", text(record, "ce_specversion"));
            assertEquals(ID.toString(), text(record, "ce_id"));
            assertEquals("Opened", text(record, "ce_type"));
            assertEquals("daybook:" + store.id().identity() + "/a%2Fb%20c-%C3%A9~", text(record, "ce_source"));
            assertEquals("a/b c-é~", text(record, "ce_subject"));
            assertEquals("2023-11-14T22:13:20.120000000Z", text(record, "ce_time"));
            assertEquals("1", text(record, "daybook_header_version"));
            assertEquals("0", text(record, "daybook_position"));
            assertEquals("0", text(record, "daybook_version"));
            assertEquals("0", text(record, "daybook_commit_position"));
            assertEquals("1", text(record, "daybook_commit_size"));
            assertEquals("7", text(record, "daybook_schema_version"));
            assertEquals("3", text(record, "daybook_epoch"));
            assertEquals("1", text(record, "daybook_commit_epoch"));
            assertEquals(Long.toString(TIME_NS), text(record, "daybook_time_ns"));
            assertArrayEquals(new byte[] {5}, record.headers().lastHeader("daybook_metadata").value());
        }
    }

    @Test
    void aRecordOfBeforeItToldTheEpochOfItsEventIsStillOne() {
        try (EventStore store = store()) {
            store.append("account-42", any(), NewEvent.json("Opened", "{}"));
            ProducerRecord<byte[], byte[]> record = encode(store).get(0);
            ConsumerRecord<byte[], byte[]> old = consumed(record);
            old.headers().remove("daybook_commit_epoch");
            assertEquals(3, MirroredEvent.read(old).commitEpoch());
            assertEquals(Optional.empty(), RecordComparison.difference(record, old));
        }
    }

    @Test
    void timesAndNumbersAreWrittenAsTheJdkWritesThem() {
        DateTimeFormatter formatter = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            long any = i < 4 ? new long[] {0, -1, Long.MAX_VALUE, Long.MIN_VALUE}[i] : random.nextLong() >> random.nextInt(64);
            Instant instant = Instant.ofEpochSecond(Math.floorDiv(any, 1_000_000_000L), Math.floorMod(any, 1_000_000_000L));
            assertEquals(formatter.format(instant), new String(RecordFormat.time(any), StandardCharsets.UTF_8), "ns=" + any);
            assertEquals(Long.toString(any), new String(RecordFormat.number(any), StandardCharsets.UTF_8));
        }
    }

    /** What any client's murmur2 partitioner answers; a consumer finds an entity's partition by it. */
    @Test
    void thePartitionDependsOnTheEntityAndTheirNumberOnly() {
        assertEquals(4, RecordFormat.partition(utf8("account-42"), 7));
        assertEquals(0, RecordFormat.partition(utf8("é"), 3));
        assertEquals(0, RecordFormat.partition(utf8("anything"), 1));
    }

    @Test
    void whatIsNoRecordOfAnEventIsRefusedByField() {
        try (EventStore store = store()) {
            store.append("account-42", any(), NewEvent.json("Opened", "{}"));
            ConsumerRecord<byte[], byte[]> good = consumed(encode(store).get(0));
            for (String field : List.of("daybook_position", "daybook_header_version", "ce_source", "ce_id", "daybook_epoch")) {
                assertTrue(refusal(good, field, null).contains("field=" + field), field);
                assertTrue(refusal(good, field, "odd").contains("field=" + field), field);
            }
            assertTrue(refusal(good, "daybook_header_version", "2").contains("found=2 known=1"));
        }
    }

    @Test
    void theProgressIsReadBackAndAnotherVersionRefused() {
        Progress progress = new Progress(UUID.randomUUID(), 3, 1L << 40, Layout.of("events", 12), UUID.randomUUID());
        assertEquals(progress, Progress.read("events", progress.value()));
        byte[] newer = new String(progress.value(), StandardCharsets.UTF_8).replace("progress_version=1", "progress_version=4")
                .getBytes(StandardCharsets.UTF_8);
        assertTrue(assertThrows(ForeignRecordException.class, () -> Progress.read("events", newer)).getMessage()
                .contains("progress_version=4"));
        assertThrows(ForeignRecordException.class, () -> Progress.read("events", new byte[] {1, 2, 3}));
        assertThrows(ForeignRecordException.class, () -> Progress.read("events", null));
    }

    private EventStore store() {
        return EventStore.open(temp.resolve("journal"), StoreSettings.create().clock(new StillClock()));
    }

    private static List<ProducerRecord<byte[], byte[]>> encode(EventStore store) {
        RecordEncoder encoder = new RecordEncoder(Layout.of("events", 7), store.id().identity());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                records.add(encoder.encode(cursor.event(), 3));
            }
        }
        return records;
    }

    private static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(sent.topic(), sent.partition(), 0, sent.timestamp(), TimestampType.CREATE_TIME, sent.key().length,
                sent.value().length, sent.key(), sent.value(), new RecordHeaders(sent.headers()), Optional.empty());
    }

    private static String refusal(ConsumerRecord<byte[], byte[]> good, String field, String value) {
        ConsumerRecord<byte[], byte[]> bad = new ConsumerRecord<>(good.topic(), 0, 0, good.timestamp(), TimestampType.CREATE_TIME, 0, 0,
                good.key(), good.value(), new RecordHeaders(good.headers()), Optional.empty());
        bad.headers().remove(field);
        if (value != null) {
            bad.headers().add(field, utf8(value));
        }
        return assertThrows(ForeignRecordException.class, () -> MirroredEvent.read(bad)).getMessage();
    }

    private static void assertSame(RecordedEvent expected, RecordedEvent found) {
        assertArrayEquals(expected.payload(), found.payload());
        assertArrayEquals(expected.metadata(), found.metadata());
        assertEquals(withoutBytes(expected), withoutBytes(found));
    }

    private static RecordedEvent withoutBytes(RecordedEvent e) {
        return new RecordedEvent(e.position(), e.entity(), e.version(), e.type(), e.id(), e.timeNs(), e.schemaVersion(), null, null,
                e.commitPosition(), e.commitSize());
    }

    private static String text(ProducerRecord<byte[], byte[]> record, String header) {
        return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
