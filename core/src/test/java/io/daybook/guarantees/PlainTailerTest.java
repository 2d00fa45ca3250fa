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

    /** The tokens that each document holds. */
    private List<List<Integer>> tail() {
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
                    List<Integer> tokens = new ArrayList<>();
                    Matcher matcher = TOKEN.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
                    while (matcher.find()) {
                        tokens.add(Integer.parseInt(matcher.group(1)));
                    }
                    documents.add(tokens);
                }
            }
        }
    }
}
