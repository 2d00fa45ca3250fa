package io.daybook.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Commit;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.NewEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The journal's machine loses its power while it is mirrored. Played on a copy of the files of an open journal: what was forced is there,
 * of what was written since all is lost from some place on, and nobody knows how the machine was left.
 */
class KafkaBridgePowerCutTest extends MirrorCase {

    private static final int LOST_BYTES = 4_000;
    private static final int WRITTEN_BYTES = 4 << 20; // its files are of a mebibyte

    private final Random random = new Random(8);

    @Test
    void theTopicIsNeverAheadOfWhatTheDeviceHad() throws Exception {
        Path journal = temp.resolve("journal");
        for (int cut = 0; cut < Effort.times(2, 40); cut++) {
            Path left = temp.resolve("left-" + cut);
            long reached;
            try (EventStore store = EventStore.open(journal, small()); KafkaBridge bridge = KafkaBridge.start(store, settings())) {
                append(store, 30, random); // the last of them is forced, and nothing forces behind it
                assertMirrored(bridge, store.endPosition());
                reached = store.endPosition(Durability.DISK);
                List<byte[]> unforced = appendUnforced(store, 1 + random.nextInt(20));
                assertEquals(reached, store.endPosition(Durability.DISK));
                assertEquals(reached, bridge.status().position());
                copy(journal, left);
                lose(left, unforced.get(random.nextInt(unforced.size())));
            }
            try (EventStore store = EventStore.open(left, small())) {
                assertTrue(store.endPosition() >= reached, "reached=" + reached + " end=" + store.endPosition());
                assertEquals(cut + 2, store.id().epoch());
                append(store, 10, random);
                mirror(store, settings());
                assertWhole(SharedBroker.address(), store);
            }
            journal = left;
        }
    }

    /** Each is told from all others by what it holds. */
    private List<byte[]> appendUnforced(EventStore store, int events) {
        return Stream.generate(() -> {
            byte[] payload = new byte[LOST_BYTES];
            random.nextBytes(payload);
            store.commit(Commit.create().expect("account-1", Expected.any()).append("account-1", NewEvent.of("Unforced", payload)));
            return payload;
        }).limit(events).toList();
    }

    /** Of a file of the journal that is open only what may be written by now: it is hundreds of mebibytes long, nearly all of it a hole. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Path copy = to.resolve(from.relativize(file));
                if (Files.isRegularFile(file) && Files.size(file) > WRITTEN_BYTES) {
                    Files.write(copy, start(file));
                    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.allocate(1), Files.size(file) - 1);
                    }
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(WRITTEN_BYTES);
        }
    }

    /** All from this payload on, and how the machine was left. */
    private static void lose(Path journal, byte[] from) throws IOException {
        Files.delete(journal.resolve("state.dbk"));
        boolean found = false;
        try (Stream<Path> files = Files.list(journal.resolve("queue"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".cq4")).sorted().toList()) {
                byte[] bytes = start(file);
                int at = found ? 0 : indexOf(bytes, from);
                if (found) {
                    Files.delete(file); // a later one
                } else if (at >= 0) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.write(ByteBuffer.allocate(bytes.length - at), at);
                    }
                    found = true;
                }
            }
        }
        assertTrue(found, "the event is in no file");
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        for (int at = 0; at + wanted.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + 16, wanted, 0, 16)) {
                return at;
            }
        }
        return -1;
    }
}
