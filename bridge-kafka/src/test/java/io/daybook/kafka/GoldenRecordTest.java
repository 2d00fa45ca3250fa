package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in topics since version 1 is read for ever, and what is written in version 1 is that, byte for byte. See FORMAT.md. */
class GoldenRecordTest {

    private static final UUID IDENTITY = UUID.fromString("5b32d585-ddc0-4b38-b7f9-c76a3e0388ea");
    private static final UUID ID = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final long TIME_NS = StillClock.TIME_NS;
    private static final String ENTITY = "a/b c-é~";
    private static final byte[] PAYLOAD = {9, 0, 8, -1};
    private static final byte[] METADATA = {0, -1, 2};

    @TempDir
    private Path temp;

    @Test
    void theRecordOfVersionOneIsRead() throws IOException {
        assertRead(1, MirroredEvent.read(golden("record-1.txt")));
    }

    @Test
    void theRecordOfBeforeItToldTheEpochOfItsEventIsRead() throws IOException {
        assertRead(3, MirroredEvent.read(golden("record-1-without-commit-epoch.txt")));
    }

    private static void assertRead(int commitEpoch, MirroredEvent read) {
        RecordedEvent event = read.event();
        assertEquals(IDENTITY, read.identity());
        assertEquals(3, read.epoch());
        assertEquals(commitEpoch, read.commitEpoch());
        assertArrayEquals(PAYLOAD, event.payload());
        assertArrayEquals(METADATA, event.metadata());
        assertEquals(new RecordedEvent(1, ENTITY, 1, "Größer", ID, TIME_NS, 7, null, null, 0, 3), new RecordedEvent(event.position(),
                event.entity(), event.version(), event.type(), event.id(), event.timeNs(), event.schemaVersion(), null, null,
                event.commitPosition(), event.commitSize()));
    }

    @Test
    void theRecordThatIsWrittenIsTheOneOfVersionOne() throws IOException {
        StoreSettings settings = StoreSettings.create().clock(new StillClock());
        try (EventStore store = EventStore.open(temp.resolve("journal"), settings)) {
            store.commit(Commit.create().append(ENTITY, NewEvent.json("First", "{}"))
                    .append(ENTITY, new NewEvent(ID, "Größer", 7, METADATA, PAYLOAD)).append("other", NewEvent.json("Last", "{}")));
            try (Cursor cursor = store.readAll(new StartFrom.Position(1), Filter.all())) {
                cursor.next();
                ProducerRecord<byte[], byte[]> written = new RecordEncoder(Layout.of("events", 1), IDENTITY).encode(cursor.event(), 3);
                ConsumerRecord<byte[], byte[]> golden = golden("record-1.txt");
                assertEquals(Optional.empty(), RecordComparison.difference(written, golden));
                assertEquals(golden.headers(), written.headers());
                assertEquals(golden.timestamp(), written.timestamp());
            }
        }
    }

    @Test
    void theProgressOfVersionOneIsReadAndWritten() throws IOException {
        byte[] golden = bytes("progress-1.txt");
        Progress progress = new Progress(IDENTITY, 3, 1L << 40, Layout.of("events", 12), ID);
        assertEquals(progress, Progress.read("events", golden));
        assertArrayEquals(golden, progress.value());
        assertEquals(IDENTITY.toString(), new String(progress.key(), StandardCharsets.UTF_8));
    }

    @Test
    void theProgressOfVersionTwoIsReadAndWritten() throws IOException {
        byte[] golden = bytes("progress-2.txt");
        Routes routes = new Routes("events", new TreeMap<>(Map.of("account", "events.accounts", "größer = a.b+c%", "events.rest")));
        Progress progress = new Progress(IDENTITY, 3, 1L << 40, 1L << 40, new Layout(routes, String::length),
                new TreeMap<>(Map.of("events", 7L, "events.rest", (1L << 40) - 1)), ID);
        assertEquals(progress, Progress.read("events", golden));
        assertArrayEquals(golden, progress.value());
    }

    @Test
    void theProgressOfVersionThreeIsReadAndWritten() throws IOException {
        byte[] golden = bytes("progress-3.txt");
        Routes routes = new Routes("events", new TreeMap<>(Map.of("account", "events.accounts")));
        Progress progress = new Progress(IDENTITY, 3, 1L << 40, (1L << 40) + 9, new Layout(routes, String::length),
                new TreeMap<>(Map.of("events", 7L)), ID);
        assertEquals(progress, Progress.read("events", golden));
        assertArrayEquals(golden, progress.value());
        assertTrue(!progress.isEven() && progress.at((1L << 40) + 9, Map.of()).isEven());
    }

    /** Lines of {@code name=bytes in hex}, but for the timestamp: it, key and value, then the headers in their order. */
    private static ConsumerRecord<byte[], byte[]> golden(String name) throws IOException {
        long timestamp = 0;
        byte[] key = null;
        byte[] value = null;
        Headers headers = new RecordHeaders();
        for (String line : new String(bytes(name), StandardCharsets.UTF_8).split("\n")) {
            String field = line.substring(0, line.indexOf('='));
            String text = line.substring(field.length() + 1);
            switch (field) {
                case "timestamp" -> timestamp = Long.parseLong(text);
                case "key" -> key = HexFormat.of().parseHex(text);
                case "value" -> value = HexFormat.of().parseHex(text);
                default -> headers.add(field, HexFormat.of().parseHex(text));
            }
        }
        return new ConsumerRecord<>("events", 0, 0, timestamp, TimestampType.CREATE_TIME, key.length, value.length, key, value, headers,
                Optional.empty());
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = GoldenRecordTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }
}
