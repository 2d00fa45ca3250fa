package io.daybook.bench.contender;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.daybook.bench.OldestJdk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a contender must do before it may be timed. */
class ConformanceTest {

    private static final String A = "account-1";
    private static final String B = "account-2";
    private static final int RACED_EVENTS = 200;

    @TempDir
    Path folder;

    /** What was handed out, as text. */
    private static final class Seen implements Reader.Sink {
        private final List<String> events = new ArrayList<>();

        @Override
        public void event(long version, DirectBuffer buffer, int offset, int length) {
            events.add(version + ":" + buffer.getStringWithoutLengthAscii(offset, length));
        }
    }

    static Stream<Contender> all() {
        return Stream.concat(Contenders.embedded().stream(), Contenders.servers().stream());
    }

    static Stream<Contender> rivals() {
        return all().filter(Contender::checksVersions);
    }

    static Stream<Contender> durable() {
        return all().filter(contender -> contender.durabilities().stream().anyMatch(each -> each != Durability.DV));
    }

    /** Opens it, or skips the test, with the reason: a server that the machine does not have, or on a JDK that is not the oldest. */
    private EventLog open(Contender contender) throws Exception {
        if (Contenders.servers().contains(contender)) {
            OldestJdk.require("ConformanceTest of " + contender.name());
        }
        contender.missing().ifPresent(why -> {
            System.out.println(contender.name() + " is not tested: " + why);
            abort(why);
        });
        return contender.open(folder.resolve(contender.name()), contender.durabilities().iterator().next());
    }

    private static byte[] payload(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> load(Reader reader, String entity) {
        Seen seen = new Seen();
        assertEquals(reader.load(entity, seen), seen.events.size());
        return seen.events;
    }

    private static List<String> replay(Reader reader) {
        Seen seen = new Seen();
        assertEquals(reader.replay(seen), seen.events.size());
        return seen.events;
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void aConflictIsRefusedAndLeavesNoTrace(Contender contender) throws Exception {
        try (EventLog log = open(contender)) {
            Writer writer = log.writer();
            assertTrue(writer.append(A, -1, payload("first")) >= 0);
            assertEquals(Writer.CONFLICT, writer.append(A, -1, payload("again")));
            assertEquals(Writer.CONFLICT, writer.append(A, 1, payload("too early")));
            assertEquals(Writer.CONFLICT, writer.append(B, 0, payload("not there")));
            assertTrue(writer.append(A, 0, payload("second")) >= 0);
            assertEquals(List.of("0:first", "1:second"), load(log.reader(), A));
            assertEquals(List.of(), load(log.reader(), B));
        }
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void aBatchIsAllOrNothing(Contender contender) throws Exception {
        try (EventLog log = open(contender)) {
            Writer writer = log.writer();
            Batch batch = new Batch(8);
            assertTrue(writer.appendAll(batch.add(A, -1, payload("a0")).add(B, -1, payload("b0")).add(A, 0, payload("a1"))));
            assertFalse(writer.appendAll(batch.clear().add(A, 1, payload("a2")).add(B, 5, payload("b6"))));
            assertTrue(writer.appendAll(batch.clear().add(B, 0, payload("b1")).add(A, 1, payload("a2"))));
            assertEquals(List.of("0:a0", "1:a1", "2:a2"), load(log.reader(), A));
            assertEquals(List.of("0:b0", "1:b1"), load(log.reader(), B));
            assertEquals(List.of("0:a0", "0:b0", "1:a1", "1:b1", "2:a2"), replay(log.reader()));
        }
    }

    @ParameterizedTest
    @MethodSource("rivals")
    void ofTwoWritersNothingIsLostOrDoubled(Contender contender) throws Exception {
        try (EventLog log = open(contender)) {
            FutureTask<Void> other = new FutureTask<>(() -> race(log, 1), null);
            Thread thread = new Thread(other, "other-writer");
            thread.start();
            try {
                race(log, 0);
            } finally {
                thread.join(); // it must not write into what is closed: under some contenders that ends the JVM
            }
            other.get();
            Set<String> payloads = new HashSet<>();
            for (String entity : List.of(A, B)) {
                List<String> events = load(log.reader(), entity);
                for (int version = 0; version < events.size(); version++) {
                    assertTrue(events.get(version).startsWith(version + ":"), events::toString);
                    assertTrue(payloads.add(events.get(version).substring(events.get(version).indexOf(':'))), events::toString);
                }
            }
            assertEquals(2 * RACED_EVENTS, payloads.size());
            assertEquals(2 * RACED_EVENTS, replay(log.reader()).size());
        }
    }

    /** Appends to two entities in turn; after a conflict with the next version, as versions only grow. */
    private static void race(EventLog log, int number) {
        Writer writer = log.writer();
        long[] versions = {-1, -1};
        for (int i = 0; i < RACED_EVENTS; i++) {
            int entity = i % 2;
            byte[] payload = payload(number + "-" + i);
            while (writer.append(entity == 0 ? A : B, versions[entity], payload) == Writer.CONFLICT) {
                versions[entity]++;
            }
            versions[entity]++;
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everythingIsHandedOutInOrder(Contender contender) throws Exception {
        try (EventLog log = open(contender)) {
            List<String> expected = append(log, 0, 500);
            assertEquals(expected, replay(log.reader()));
            Reader reader = log.reader();
            for (int entity = 0; entity < 7; entity++) {
                int own = entity;
                List<String> events = expected.stream().filter(event -> event.endsWith("-" + own)).toList();
                assertEquals(events, load(reader, "account-" + entity));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theReaderSeesWhatWasAppendedMeanwhile(Contender contender) throws Exception {
        try (EventLog log = open(contender)) {
            Reader reader = log.reader();
            List<String> expected = new ArrayList<>(append(log, 0, 50));
            assertEquals(expected, replay(reader));
            expected.addAll(append(log, 50, 80));
            assertEquals(expected, replay(reader));
        }
    }

    @ParameterizedTest
    @MethodSource("durable")
    void everythingIsThereAfterReopening(Contender contender) throws Exception {
        List<String> expected = new ArrayList<>();
        for (int from = 0; from < 200; from += 100) {
            try (EventLog log = open(contender)) {
                assertEquals(expected, replay(log.reader()));
                expected.addAll(append(log, from, from + 100));
            }
        }
        try (EventLog log = open(contender)) {
            assertEquals(expected, replay(log.reader()));
        }
    }

    /** Appends to seven entities in turn. */
    private static List<String> append(EventLog log, int from, int to) {
        Writer writer = log.writer();
        List<String> events = new ArrayList<>();
        for (int i = from; i < to; i++) {
            long version = i / 7;
            String text = i + "-" + i % 7;
            assertTrue(writer.append("account-" + i % 7, version - 1, payload(text)) >= 0);
            events.add(version + ":" + text);
        }
        return events;
    }
}
