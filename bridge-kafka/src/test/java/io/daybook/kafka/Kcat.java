package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.RecordedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A consumer that shares nothing with the bridge, not even Kafka's Java client: kcat, which stands on librdkafka. */
final class Kcat {

    private static final Path PROGRAM = Path.of("/usr/bin/kcat");
    // Metadata comes last and may be any bytes; a payload may be, too, so only its length is asked for.
    private static final String FORMAT = "%p\\t%o\\t%T\\t%S\\t%k\\t%h\\n";
    private static final int FIELDS = 6;

    private Kcat() {
    }

    /** What it shows of a record. */
    private record Heard(int partition, long offset, long timestamp, int payloadLength, String key, Map<String, String> headers) {
        long number(String header) {
            return Long.parseLong(headers.get(header));
        }
    }

    /**
     * Hears the topics, by a program that starts others, and looks whether together they are these events, whose names hold no tab: each
     * once, in order per entity, commits whole, nothing else. Prints why it does not where kcat is not installed.
     */
    static void assertHolds(List<String> launcher, String address, List<String> topics, List<RecordedEvent> journal) {
        if (isMissing()) {
            return;
        }
        List<Heard> heard = new ArrayList<>();
        Await.until("kcat hears " + journal.size() + " records", () -> {
            heard.clear();
            topics.forEach(topic -> heard.addAll(hear(launcher, address, topic)));
            return heard.size() >= journal.size();
        });
        TreeMap<Long, Heard> byPosition = new TreeMap<>();
        Map<String, Long> versions = new HashMap<>();
        Map<Long, Integer> commits = new HashMap<>();
        for (Heard each : heard) {
            long position = each.number("daybook_position");
            assertTrue(byPosition.put(position, each) == null, "twice: position=" + position);
            assertEquals(versions.getOrDefault(each.key, -1L) + 1, each.number("daybook_version"), "order of " + each.key);
            versions.put(each.key, each.number("daybook_version"));
            commits.merge(each.number("daybook_commit_position"), 1, Integer::sum);
        }
        assertEquals(journal.size(), byPosition.size(), "events in the topic");
        for (RecordedEvent event : journal) {
            Heard each = byPosition.get(event.position());
            assertTrue(each != null, "missing: position=" + event.position());
            assertEquals(event.entity(), each.key);
            assertEquals(event.id().toString(), each.headers.get("ce_id"));
            assertEquals(event.type(), each.headers.get("ce_type"));
            assertEquals(event.timeNs(), each.number("daybook_time_ns"));
            assertEquals(event.timeNs() / 1_000_000, each.timestamp);
            assertEquals(event.payload().length, each.payloadLength);
            assertEquals(event.commitSize(), commits.get(event.commitPosition()), "events of commit " + event.commitPosition());
        }
    }

    /**
     * Hears what is there by now, whatever may have been killed just before: positions without a gap from 0, each once, and every commit
     * with all of its events. Kafka shows the end of a transaction in one partition a moment before another, which is waited for.
     */
    static void assertPrefix(String address, String topic) {
        if (isMissing()) {
            return;
        }
        Await.until("kcat hears whole commits", () -> {
            Map<Long, Integer> left = new HashMap<>();
            List<Heard> heard = hear(List.of(), address, topic);
            for (Heard each : heard) {
                int others = (int) each.number("daybook_commit_size") - 1;
                left.merge(each.number("daybook_commit_position"), others, (was, all) -> was - 1);
            }
            List<Long> positions = heard.stream().map(each -> each.number("daybook_position")).sorted().toList();
            assertEquals(heard.size(), positions.stream().distinct().count(), "an event is there twice");
            boolean dense = positions.isEmpty() || positions.get(positions.size() - 1) == positions.size() - 1;
            return dense && left.values().stream().allMatch(events -> events == 0);
        });
    }

    private static boolean isMissing() {
        boolean missing = !Files.isExecutable(PROGRAM);
        if (missing) {
            System.out.println("Left out. There is no kcat (Debian has it): file=" + PROGRAM);
        }
        return missing;
    }

    private static List<Heard> hear(List<String> launcher, String address, String topic) {
        Path said = null;
        try {
            said = Files.createTempFile("kcat", ".txt");
            List<String> command = new ArrayList<>(launcher);
            command.addAll(List.of(PROGRAM.toString(), "-b", address, "-t", topic, "-C", "-e", "-q", "-o", "beginning",
                    "-X", "isolation.level=read_committed", "-f", FORMAT));
            Process kcat = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
            try {
                assertTrue(kcat.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS), "kcat does not end");
                String text = Files.readString(said, StandardCharsets.ISO_8859_1);
                assertEquals(0, kcat.exitValue(), text);
                return text.isEmpty() ? List.of() : List.of(text.split("\n")).stream().map(Kcat::read).toList();
            } finally {
                kcat.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            if (said != null) {
                said.toFile().delete();
            }
        }
    }

    private static Heard read(String line) {
        String[] fields = line.split("\t", FIELDS);
        Map<String, String> headers = new HashMap<>();
        for (String header : fields[FIELDS - 1].split(",")) {
            int equals = header.indexOf('=');
            if (equals > 0) {
                headers.putIfAbsent(header.substring(0, equals), header.substring(equals + 1));
            }
        }
        return new Heard(Integer.parseInt(fields[0]), Long.parseLong(fields[1]), Long.parseLong(fields[2]), Integer.parseInt(fields[3]),
                fields[4], headers);
    }
}
