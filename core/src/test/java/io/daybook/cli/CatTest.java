package io.daybook.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.StoreClock;
import io.daybook.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cat} prints of a journal in which account-1, account-2 and order-1 take turns, ten events each. */
class CatTest {

    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @TempDir
    private Path folder;
    private Path journal;
    private EventClock clock;

    @BeforeEach
    void fill() {
        journal = folder.resolve("journal");
        clock = new EventClock();
        clock.set(1_767_323_045_123_456_789L);
        try (EventStore store = open()) {
            for (int n = 0; n < 30; n++) {
                String entity = List.of("account-1", "account-2", "order-1").get(n % 3);
                store.append(entity, Expected.any(), NewEvent.json(n % 2 == 0 ? "Even" : "Odd", "{\"n\":" + n + "}"));
            }
        }
    }

    private EventStore open() {
        return EventStore.open(journal, StoreSettings.create().clock(clock));
    }

    private List<Integer> cat(Object... args) {
        return run(args).objects().stream().map(e -> e.path("position").asInt()).toList();
    }

    private Shell.Outcome run(Object... args) {
        List<Object> all = new ArrayList<>(List.of("cat", "--journal", journal, "--json"));
        all.addAll(Arrays.asList(args));
        return Shell.run(all.toArray()).expect(0);
    }

    private JsonNode only(NewEvent event) {
        try (EventStore store = open()) {
            store.append("x", Expected.any(), event);
        }
        Shell.Outcome outcome = run("--entity", "x");
        assertEquals(1, outcome.out().lines().count());
        return outcome.object();
    }

    /** Five more events of two entities, a second apart. */
    @Test
    void asOfATimeOrAVersion() {
        try (EventStore store = open()) {
            for (int n = 0; n < 5; n++) {
                clock.set(1_800_000_000_000_000_000L + n * Times.NS_PER_SECOND);
                store.append(n % 2 == 0 ? "account-1" : "order-1", Expected.any(), NewEvent.json("Later", "{}"));
            }
        }
        assertEquals(List.of(30, 31, 32), cat("--from-time", "1800000000", "--to-time", "2027-01-15T08:00:02Z"));
        assertEquals(List.of(32, 31), cat("--from-time", "1800000000.5", "--to-time", "1800000002.9", "--backwards"));
        assertEquals(List.of(30, 32), cat("--entity", "account-1", "--from-time", "1799999999", "--to-time", "1800000003"));
        assertEquals(30, cat("--to-time", "1799999999").size());
        assertEquals(List.of(0, 3, 6), cat("--entity", "account-1", "--to-version", "2"));
        assertEquals(List.of(6, 3, 0), cat("--entity", "account-1", "--to-version", "2", "--backwards"));
        assertEquals(List.of(), cat("--entity", "account-1", "--to-time", "1000"));
        for (List<String> wrong : List.of(List.of("--to-version", "2"), List.of("--to-time", "yesterday"), List.of("--from-time", "x"),
            List.of("--from", "1", "--from-time", "1"), List.of("--follow", "--to-time", "1"))) {
            List<Object> all = new ArrayList<>(List.of("cat", "--journal", journal));
            all.addAll(wrong);
            Shell.run(all.toArray()).expect(2);
        }
    }

    @Test
    void anEventHasExactlyTheseFields() {
        JsonNode event = only(new NewEvent(ID, "Happened", 7, "{\"by\": \"me\"}".getBytes(StandardCharsets.UTF_8),
            "[1,2.50]".getBytes(StandardCharsets.UTF_8)));
        List<String> names = new ArrayList<>();
        event.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("position", "entity", "version", "type", "id", "time", "schemaVersion", "metadata", "payload"), names);
        assertEquals(30, event.path("position").asInt());
        assertEquals("x", event.path("entity").asText());
        assertEquals(0, event.path("version").asInt());
        assertEquals("Happened", event.path("type").asText());
        assertEquals(ID.toString(), event.path("id").asText());
        assertEquals("2026-01-02T03:04:05.123456789Z", event.path("time").asText());
        assertEquals(7, event.path("schemaVersion").asInt());
        assertEquals("me", event.path("metadata").path("by").asText());
    }

    @Test
    void whatIsNotJsonIsBase64() {
        byte[] bytes = {(byte) 0xFF, 0, '{'};
        JsonNode event = only(new NewEvent(ID, "T", 0, "not json".getBytes(StandardCharsets.UTF_8), bytes));
        assertEquals("/wB7", event.path("payloadBase64").asText());
        assertEquals("bm90IGpzb24=", event.path("metadataBase64").asText());
        assertFalse(event.has("payload") || event.has("metadata"));
    }

    @Test
    void emptyMetadataIsNullAndAnEmptyPayloadIsNoJson() {
        JsonNode event = only(new NewEvent(ID, "T", 0, new byte[0], new byte[0]));
        assertTrue(event.has("metadata") && event.path("metadata").isNull());
        assertEquals("", event.path("payloadBase64").asText("missing"));
    }

    @Test
    void almostJsonIsNotJson() {
        for (String payload : List.of("{}{}", "{\"a\":1", "{'a':1}", "nul", "01", "1 2", "\"\n\"")) {
            assertEquals(null, Json.oneLine(payload.getBytes(StandardCharsets.UTF_8)), payload);
        }
        assertEquals(null, Json.oneLine(new byte[] {'"', (byte) 0xE9, '"'}));
        for (String payload : List.of("null", "1e400", "\"a\"", "{\"a\":1,\"a\":2}", "-0.10")) {
            assertEquals(payload, Json.oneLine(payload.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void aPayloadOfManyLinesIsPrintedOnOne() {
        JsonNode event = only(NewEvent.json("T", "{\r\n  \"a\": 1,\n  \"b\": \"x\\ny\"\n}\n"));
        assertEquals("x\ny", event.path("payload").path("b").asText());
    }

    @Test
    void everythingInOrder() {
        List<Integer> all = cat();
        assertEquals(30, all.size());
        for (int n = 0; n < 30; n++) assertEquals(n, all.get(n));
    }

    @Test
    void rangesOfPositionsIncludeBothEnds() {
        assertEquals(List.of(3, 4, 5), cat("--from", 3, "--to", 5));
        assertEquals(List.of(0, 1), cat("--from", 0, "--to", 1));
        assertEquals(List.of(5, 4, 3), cat("--from", 3, "--to", 5, "--backwards"));
        assertEquals(List.of(28, 29), cat("--from", 28));
        assertEquals(List.of(3, 4), cat("--from", 3, "--limit", 2));
        assertEquals(List.of(29, 28), cat("--backwards", "--limit", 2));
        assertEquals(List.of(), cat("--from", 30));
        assertEquals(List.of(), cat("--from", 5, "--to", 4));
        assertEquals(List.of(), cat("--limit", 0));
    }

    @Test
    void oneEntity() {
        assertEquals(List.of(2, 5, 8, 11, 14, 17, 20, 23, 26, 29), cat("--entity", "order-1"));
        assertEquals(List.of(23, 26, 29), cat("--entity", "order-1", "--from-version", 7));
        assertEquals(List.of(29, 26, 23), cat("--entity", "order-1", "--from-version", 7, "--backwards"));
        assertEquals(List.of(5, 8, 11), cat("--entity", "order-1", "--from", 3, "--to", 11));
        assertEquals(List.of(11, 8, 5), cat("--entity", "order-1", "--from", 3, "--to", 11, "--backwards"));
        assertEquals(List.of(5, 8), cat("--entity", "order-1", "--from", 3, "--limit", 2));
        assertEquals(List.of(5, 11), cat("--entity", "order-1", "--from", 3, "--limit", 2, "--type", "Odd"));
        assertEquals(List.of(), cat("--entity", "order-1", "--category", "account"));
        assertEquals(List.of(), cat("--entity", "nobody"));
    }

    @Test
    void filters() {
        assertEquals(List.of(0, 1, 3, 4), cat("--category", "account", "--limit", 4));
        assertEquals(List.of(1, 3), cat("--category", "account", "--type", "Odd", "--limit", 2));
        assertEquals(List.of(0, 1, 2), cat("--category", "account", "--category", "order", "--type", "Odd", "--type", "Even", "--limit",
            3));
        assertEquals(List.of(), cat("--category", "Account"));
        assertEquals(List.of(28, 27), cat("--category", "account", "--backwards", "--limit", 2));
    }

    @Test
    void forPeopleALongPayloadIsShortenedAndNothingMovesTheCursor() {
        try (EventStore store = open()) {
            store.append("x", Expected.any(), NewEvent.json("Long", "{\"text\":\"" + "é".repeat(1000) + "\"}"),
                NewEvent.json("Odd", "\u001B[2J\r\n\t🎉"),
                NewEvent.of("Bytes", new byte[] {1, (byte) 0xFF}));
        }
        List<String> lines = Shell.run("cat", "--journal", journal, "--entity", "x").expect(0).out().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).startsWith("30  2026-01-02T03:04:05.123456789Z  x@0  Long  {\"text\":\"éé") && lines.get(0).endsWith("é…"),
            lines.get(0));
        assertTrue(lines.get(0).length() < 200);
        assertTrue(lines.get(1).endsWith("x@1  Odd   [2J   🎉"), lines.get(1));
        assertTrue(lines.get(2).endsWith("x@2  Bytes  (2 bytes)"), lines.get(2));
    }

    @Test
    void itWorksBesideTheOwner() {
        try (EventStore owner = EventStore.open(journal, StoreSettings.create().clock(StoreClock.system()))) {
            owner.append("y", Expected.absent(), NewEvent.json("T", "{}"));
            assertEquals(List.of(30), cat("--entity", "y"));
        }
    }
}
