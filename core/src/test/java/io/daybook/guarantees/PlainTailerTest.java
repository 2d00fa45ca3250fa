package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;

/** The journal is a Chronicle queue like any other: a plain tailer reads the same commits in the same order. */
class PlainTailerTest extends JournalTest {

    private static final Pattern TOKEN = Pattern.compile("<token (\\d+)>");
    private static final int PAYLOAD_BYTES = 30;
    /** The commits of the known journal. */
    private static final List<List<Integer>> KNOWN = List.of(List.of(0), List.of(1), List.of(2, 3, 4), List.of(5), List.of(6), List.of(7),
        List.of(8, 9), List.of(10));

    @Test
    void aPlainTailerReadsTheSameCommits() {
        List<List<Integer>> commits = new ArrayList<>();
        write(commits, 0, 300);
        assertTrue(JournalFiles.cycles(folder).size() > 2, "over several cycles");
        assertEquals(commits, tail());
        write(commits, 300, 320);
        assertEquals(commits, tail(), "also after a reopening");
    }

    @Test
    void aPlainTailerBesideTheOwner() {
        List<List<Integer>> commits = new ArrayList<>();
        write(commits, 0, 100);
        try (EventStore store = EventStore.open(folder, small())) {
            commits.add(List.of(100));
            store.append("entity", Expected.any(), event(100));
            assertEquals(commits, tail());
            commits.add(List.of(101));
            store.append("entity", Expected.any(), event(101));
        }
        assertEquals(commits, tail());
    }

    /**
     * By itself it waits before a document that was only begun, also where later files follow, and hands out what has only its length. It
     * must see what the store keeps, and go on with the next file.
     */
    @Test
    void aPlainTailerPassesAnEndThatWasCutOffAfterAStopOfTheMachine() throws Exception {
        KnownJournal known = KnownJournal.make(temp.resolve("known"), PAYLOAD_BYTES);
        Damages damages = new Damages(temp.resolve("other"));
        for (String damage : List.of("tail-torn", "tail-garbage", "hole-behind-durable", "last-commit-missing",
            "last-commit-marked-unfinished")) {
            known.putBack(KnownJournal.Left.STOPPED, folder);
            damages.all().get(damage).to(folder, KnownJournal.Left.STOPPED);
            List<List<Integer>> commits = new ArrayList<>();
            try (EventStore store = EventStore.open(folder, KnownJournal.settings())) {
                long end = store.endPosition();
                assertTrue(end >= KnownJournal.FORCED, damage);
                KNOWN.stream().filter(commit -> commit.get(commit.size() - 1) < end).forEach(commits::add);
            }
            assertEquals(commits, tail(PlainTailerTest::knownEvents), damage);
            write(commits, 20, 320);
            assertEquals(commits, tail(document -> {
                List<Integer> events = knownEvents(document);
                return events.isEmpty() ? tokens(document) : events;
            }), () -> damage + ", and what came behind it");
        }
    }

    private void write(List<List<Integer>> commits, int from, int to) {
        try (EventStore store = EventStore.open(folder, small())) {
            for (int token = from; token < to; token++) {
                List<Integer> tokens = new ArrayList<>();
                Commit commit = Commit.create();
                for (int n = 0; n <= token % 5; n++) {
                    tokens.add(token * 10 + n);
                    commit.append("entity-" + n, event(token * 10 + n));
                }
                store.commit(commit);
                commits.add(tokens);
            }
        }
    }

    private static NewEvent event(int token) {
        byte[] payload = new byte[4_000];
        byte[] text = ("<token " + token + ">").getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, payload, token % 3_000, text.length);
        return NewEvent.of("Happened", payload);
    }

    private List<List<Integer>> tail() {
        return tail(PlainTailerTest::tokens);
    }

    /** What each document holds. */
    private List<List<Integer>> tail(Function<String, List<Integer>> content) {
        List<List<Integer>> documents = new ArrayList<>();
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(folder.resolve(JournalFiles.QUEUE))
            .rollCycle(RollCycles.FAST_DAILY).readOnly(true).build();
            ExcerptTailer tailer = queue.createTailer()) {
            assertFalse(queue.isClosed());
            while (true) {
                try (DocumentContext document = tailer.readingDocument()) {
                    if (!document.isPresent()) {
                        return documents;
                    }
                    byte[] bytes = document.wire().bytes().toByteArray();
                    documents.add(content.apply(new String(bytes, StandardCharsets.ISO_8859_1)));
                }
            }
        }
    }

    private static List<Integer> tokens(String document) {
        List<Integer> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(document);
        while (matcher.find()) {
            tokens.add(Integer.parseInt(matcher.group(1)));
        }
        return tokens;
    }

    /** The events of the known journal, by the payloads that it gives them. */
    private static List<Integer> knownEvents(String document) {
        List<Integer> events = new ArrayList<>();
        for (int number = 0; number <= 10; number++) {
            byte[] payload = new byte[PAYLOAD_BYTES];
            for (int i = 0; i < PAYLOAD_BYTES; i++) {
                payload[i] = (byte) (i * 31 + number);
            }
            if (document.contains(new String(payload, StandardCharsets.ISO_8859_1))) {
                events.add(number);
            }
        }
        return events;
    }
}
