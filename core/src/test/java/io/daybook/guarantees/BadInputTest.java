package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.ReadRange;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Guarantee 9, what is handed in: every limit is refused before anything is written, and what is just within it is taken. */
class BadInputTest extends JournalTest {

    private static final int MAX_PAYLOAD = 1_000;
    private static final NewEvent GOOD = Events.event("Happened", "");
    private static final List<String> BROKEN = List.of("a\uD800", "\uDC00a", "a\uDC00\uD800", "\uD800", "a\uD83D-1", "\u0000", "a\nb",
        "a\tb", "a\u001f",
        "a\u007f", "a\u0080", "a\u0085b", "\u009f");

    private EventStore store;

    @BeforeEach
    void open() {
        store = EventStore.open(folder, small().maxPayloadBytes(MAX_PAYLOAD));
        store.append("a?", Expected.absent(), Events.event("a?", ""));
        store.append("a?-1", Expected.absent(), GOOD);
    }

    @AfterEach
    void close() {
        store.close();
        store = null;
    }

    @Test
    void namesOfEntities() {
        for (String name : BROKEN) {
            refused(name, () -> store.append(name, Expected.any(), GOOD));
            refused(name, () -> store.commit(Commit.create().append("fine", GOOD).append(name, GOOD)));
            refused(name, () -> store.commit(Commit.create().append("fine", GOOD).expect(name, Expected.any())));
        }
        refused("empty", () -> store.append("", Expected.any(), GOOD));
        refused("empty", () -> store.commit(Commit.create().append("fine", GOOD).expect("", Expected.absent())));
        refused("513 bytes", () -> store.append("x".repeat(513), Expected.any(), GOOD));
        refused("513 bytes", () -> store.append("€".repeat(171), Expected.any(), GOOD));
        refused("514 bytes", () -> store.append("xx" + "😀".repeat(128), Expected.any(), GOOD));
        refused("513 bytes", () -> store.commit(Commit.create().append("fine", GOOD).expect("x".repeat(513), Expected.absent())));
        for (String name : List.of("x", "-", " ", "x".repeat(512), "€".repeat(170) + "xx", "😀".repeat(128), "\u00a0", "a/b\\c", "../..",
            "日本-1")) {
            assertEquals(0, store.append(name, Expected.absent(), GOOD).version());
            assertEquals(name, store.read(name).toList().get(0).entity());
        }
    }

    @Test
    void aNameThatCannotBeIsNeverTakenForAnother() {
        for (String name : BROKEN) {
            nothingOrRefused(name, () -> assertEquals(-1, store.version(name)));
            nothingOrRefused(name, () -> assertEquals(List.of(), Events.of(store, name)));
            nothingOrRefused(name, () -> assertEquals(List.of(), of(Filter.all().category(name))));
            nothingOrRefused(name, () -> assertEquals(List.of(), of(Filter.all().type(name))));
        }
        nothingOrRefused("empty", () -> assertEquals(-1, store.version("")));
        nothingOrRefused("long", () -> assertEquals(-1, store.version("x".repeat(100_000))));
        nothingOrRefused("long", () -> assertEquals(List.of(), Events.of(store, "x".repeat(100_000))));
        nothingOrRefused("long", () -> assertEquals(List.of(), of(Filter.all().category("x".repeat(100_000)).type("y".repeat(100_000)))));
    }

    @Test
    void typesOfEvents() {
        for (String type : BROKEN) {
            refused(type, () -> store.append("x", Expected.any(), Events.event(type, "")));
        }
        refused("empty", () -> store.append("x", Expected.any(), Events.event("", "")));
        refused("256 bytes", () -> store.append("x", Expected.any(), Events.event("t".repeat(256), "")));
        refused("256 bytes", () -> store.append("x", Expected.any(), Events.event("t" + "€".repeat(85), "")));
        for (String type : List.of("t", "t".repeat(255), "€".repeat(85), "two words")) {
            store.append("x", Expected.any(), Events.event(type, ""));
            assertEquals(type, store.read("x", ReadRange.all().reversed()).toList().get(0).type());
        }
    }

    @Test
    void contentsOfEvents() {
        refused("payload", () -> store.append("x", Expected.any(), NewEvent.of("T", new byte[MAX_PAYLOAD + 1])));
        refused("metadata", () -> store.append("x", Expected.any(), GOOD.withMetadata(new byte[(64 << 10) + 1])));
        refused("schema version", () -> store.append("x", Expected.any(), GOOD.withSchemaVersion(-1)));
        refused("schema version", () -> store.append("x", Expected.any(), GOOD.withSchemaVersion(65_536)));
        NewEvent largest = NewEvent.of("T", bytes(MAX_PAYLOAD, 1)).withMetadata(bytes(64 << 10, 2)).withSchemaVersion(65_535);
        store.append("x", Expected.any(), largest);
        store.append("x", Expected.any(), NewEvent.of("T", new byte[0]));
        assertEquals(List.of(MAX_PAYLOAD, 0), store.read("x").toList().stream().map(event -> event.payload().length).toList());
        assertEquals(List.of(65_535, 0), store.read("x").toList().stream().map(event -> event.schemaVersion()).toList());
        assertEquals(List.of(64 << 10, 0), store.read("x").toList().stream().map(event -> event.metadata().length).toList());
    }

    @Test
    void nulls() {
        refused("entity", () -> store.append(null, Expected.any(), GOOD));
        refused("condition", () -> store.append("x", null, GOOD));
        refused("event", () -> store.append("x", Expected.any(), GOOD, null));
        refused("events", () -> store.append("x", Expected.any(), (List<NewEvent>) null, Durability.PROCESS));
        refused("rung", () -> store.append("x", Expected.any(), List.of(GOOD), null));
        refused("commit", () -> store.commit(null));
        refused("rung", () -> store.commit(Commit.create().append("x", GOOD), null));
        refused("type", () -> NewEvent.of(null, new byte[0]));
        refused("payload", () -> NewEvent.of("T", null));
        refused("entity", () -> store.read(null));
        refused("range", () -> store.read("x", null));
        refused("start", () -> store.readAll(null, Filter.all()));
        refused("filter", () -> store.readAll(StartFrom.beginning(), null));
        refused("range", () -> store.readAll(StartFrom.beginning(), Filter.all(), null));
        refused("entity", () -> store.version(null));
        refused("rung", () -> store.endPosition(null));
        refused("rung", () -> store.awaitDurable(0, null, Duration.ZERO));
        refused("timeout", () -> store.awaitDurable(0, Durability.DISK, null));
        assertThrows(NullPointerException.class, () -> Filter.all().category(null));
    }

    @Test
    void emptyCommits() {
        refused("no event", () -> store.append("x", Expected.any()));
        refused("no event", () -> store.append("x", Expected.any(), List.of(), Durability.PROCESS));
        refused("no event", () -> store.commit(Commit.create()));
        refused("conditions only", () -> store.commit(Commit.create().expect("a?", Expected.present()).expect("x", Expected.absent())));
        refused("conditions only", () -> store.commit(Commit.create().expect("x", Expected.present())));
        refused("no event", () -> store.commit(Commit.create().append("x")));
    }

    @Test
    void largeCommits() {
        Commit tooMany = Commit.create();
        for (int i = 0; i <= 65_536; i++) {
            tooMany.append("x", GOOD);
        }
        refused("65,537 events", () -> store.commit(tooMany));
        Commit tooLarge = Commit.create();
        NewEvent large = GOOD.withMetadata(new byte[64 << 10]);
        for (int i = 0; i < 1_024; i++) {
            tooLarge.append("x", large);
        }
        refused("64 MiB and the envelope", () -> store.commit(tooLarge));
        Commit tooLongNames = Commit.create();
        for (int i = 0; i < 65_536; i++) {
            tooLongNames.append("%0512d".formatted(i), NewEvent.of("t".repeat(255), new byte[MAX_PAYLOAD / 2]));
        }
        refused("64 MiB of names", () -> store.commit(tooLongNames));
    }

    @Test
    void conditionsAndIds() {
        refused("exactly(-2)", () -> Expected.exactly(-2));
        refused("exactly(-2)", () -> new Expected.Exactly(-2));
        refused("second condition", () -> Commit.create().expect("x", Expected.any()).expect("x", Expected.any()));
        refused("id twice", () -> store.append("x", Expected.any(), Events.numbered(1), Events.numbered(2), Events.numbered(1)));
        refused("id twice", () -> store.commit(Commit.create().append("x", Events.numbered(1)).append("y", Events.numbered(1))));
    }

    @Test
    void positionsAndRanges() {
        refused("after", () -> StartFrom.after(-1));
        refused("position", () -> store.readAll(new StartFrom.Position(-1), Filter.all()));
        refused("from", () -> ReadRange.all().from(-1));
        refused("to", () -> ReadRange.all().to(-1));
        refused("toPosition", () -> ReadRange.all().toPosition(-1));
        refused("limit", () -> ReadRange.all().limit(-1));
        refused("await", () -> store.awaitDurable(-1, Durability.PROCESS, Duration.ZERO));
        assertEquals(List.of(), Events.drain(store.readAll(StartFrom.beginning(), Filter.all(), ReadRange.all().toTime(-1))));
        assertEquals(List.of(), Events.drain(store.readAll(StartFrom.after(1_000_000), Filter.all(), ReadRange.all().reversed())));
        assertEquals(1, Events.drain(store.read("a?", ReadRange.all().to(Long.MAX_VALUE).limit(Long.MAX_VALUE))).size());
    }

    @Test
    void settings() {
        StoreSettings settings = StoreSettings.create();
        refused("payload", () -> settings.maxPayloadBytes(0));
        refused("payload", () -> settings.maxPayloadBytes((16 << 20) + 1));
        refused("cycle", () -> settings.cycleBytes((1 << 20) - 1));
        refused("window", () -> settings.idWindowEvents(3));
        refused("window", () -> settings.idWindowEvents(0));
        refused("table", () -> settings.headTableBytes((1 << 18) + 1));
        refused("capacity", () -> settings.indexCapacity(-1));
        refused("flush", () -> settings.flushEvents(0));
        refused("jump", () -> settings.clockJumpBoundNs(0));
        refused("clock", () -> settings.clock(null));
        refused("rung", () -> settings.durability(null));
        refused("threads", () -> settings.threadFactory(null));
    }

    private List<String> of(Filter filter) {
        return Events.drain(store.readAll(StartFrom.beginning(), filter));
    }

    private void refused(String what, Executable call) {
        long end = store.endPosition();
        RuntimeException refused = assertThrows(RuntimeException.class, call, () -> "not refused: " + show(what));
        assertTrue(refused instanceof IllegalArgumentException || refused instanceof NullPointerException,
            () -> show(what) + " was refused with " + refused);
        assertTrue(refused.getMessage() != null && refused.getMessage().length() > 3,
            () -> show(what) + " was refused without a reason: " + refused);
        assertEquals(end, store.endPosition(), show(what));
        assertEquals(-1, store.version("fine"), show(what));
        assertEquals(end, store.append("sane", Expected.any(), GOOD).firstPosition(), "the store goes on");
    }

    private static void nothingOrRefused(String what, Executable call) {
        try {
            call.execute();
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage() != null, show(what));
        } catch (Throwable e) {
            throw new AssertionError(show(what), e);
        }
    }

    private static String show(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars().forEach(c -> shown.append(c < ' ' || c > '~' ? "\\u%04x".formatted(c) : String.valueOf((char) c)));
        return shown.toString();
    }
}
