package io.daybook.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.recovery.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Formats are promises: a journal of every released version opens for ever, gives the same events, and can be appended to. */
class GoldenJournalTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = "version-1")
    void opensGivesTheSameEventsAndGoesOn(String version) throws IOException {
        GoldenJournal.unpack(version, folder);
        List<String> expected = expectedLines(version);
        try (EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create())) {
            assertEquals(expected, GoldenJournal.lines(reading));
        }
        try (EventStore store = EventStore.open(folder)) {
            assertTrue(store.recovery().cleanlyClosed());
            assertEquals(expected, GoldenJournal.lines(store));
            try (Cursor one = store.read("long-stream")) {
                assertEquals(300, one.toList().size());
            }
            NewEvent paid = NewEvent.json("Paid", "{\"cents\":100}").withId(new UUID(1, 2))
                    .withSchemaVersion(7).withMetadata("{\"by\":\"ü\"}".getBytes(StandardCharsets.UTF_8));
            AppendResult repeat = store.append("account-1", Expected.exactly(0), paid);
            assertTrue(repeat.duplicate());
            assertEquals(expected.size(), store.append("account-1", Expected.exactly(3), NewEvent.json("Opened", "{}")).firstPosition());
        }
        Verifier.Report report = Verifier.verify(folder, bytes -> { });
        assertEquals(List.of(), report.problems());
        assertEquals(expected.size() + 1, report.events());
    }

    /** Its checkpoint goes on behind position 1, with the filter that it was made with. */
    @ParameterizedTest
    @ValueSource(strings = "version-1")
    void aNamedSubscriptionGoesOn(String version) throws Exception {
        GoldenJournal.unpack(version, folder);
        Path followers = Files.createDirectories(folder.resolve("followers"));
        try (InputStream in = GoldenJournalTest.class.getResourceAsStream("/golden/" + version + "-follower.dbk")) {
            Files.copy(in, followers.resolve("golden.dbk"));
        }
        Follow follow = Follow.from(StartFrom.now()).named("golden").filter(Filter.all().category("account").type("Paid").type("Opened"));
        try (EventStore store = EventStore.open(folder)) {
            long appended = store.append("account-1", Expected.any(), NewEvent.json("Paid", "{}")).lastPosition();
            List<Long> seen = new ArrayList<>();
            try (Poller poller = store.poller(follow, event -> seen.add(event.position()))) {
                assertEquals(1, poller.position());
                assertEquals(1, poller.poll(1000));
            }
            assertEquals(List.of(appended), seen);
            assertThrows(IllegalArgumentException.class, () -> store.poller(follow.filter(Filter.all()), event -> { }));
        }
    }

    private static List<String> expectedLines(String version) throws IOException {
        try (InputStream in = GoldenJournalTest.class.getResourceAsStream("/golden/" + version + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
