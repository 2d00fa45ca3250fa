package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.Cursor;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An owner that is killed while it appends. All that it writes follows from life, thread and number, so that a reader can tell what is
 * missing, doubled or wrong; each commit is reported once {@code append} has returned.
 */
final class ChildWriter {

    static final int THREADS = 3;

    private static final int ENTITIES = 50;

    private ChildWriter() {
    }

    /** Arguments: folder, life. */
    public static void main(String[] arguments) {
        int life = Integer.parseInt(arguments[1]);
        System.out.println("opening.");
        EventStore store = EventStore.open(Path.of(arguments[0]), settings());
        System.out.println("opened at " + store.endPosition() + ".");
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            new Thread(() -> append(store, life, number)).start();
        }
    }

    static StoreSettings settings() {
        return StoreSettings.create().cycleBytes(1 << 20).headTableBytes(1 << 18).indexCapacity(64).flushEvents(64).headsFileEvents(1_000);
    }

    private static void append(EventStore store, int life, int thread) {
        try {
            for (int number = 0;; number++) {
                Commit commit = Commit.create();
                for (int i = 0; i < size(number); i++) {
                    String entity = entity(thread, number, i);
                    commit.append(entity, NewEvent.of("Written", payload(life, thread, number, i)));
                    if (!commit.conditions().containsKey(entity)) {
                        commit.expect(entity, Expected.exactly(store.version(entity)));
                    }
                }
                AppendResult result = store.commit(commit, thread == 0 ? Durability.DISK : Durability.PROCESS);
                System.out.println(new Acknowledged(life, thread, number, result.firstPosition()).line());
            }
        } catch (Throwable e) {
            System.out.println("failed: " + e + ".");
            e.printStackTrace(System.out);
            Runtime.getRuntime().halt(3);
        }
    }

    private static int size(int number) {
        return 1 + number % 4;
    }

    private static String entity(int thread, int number, int i) {
        return "entity-" + thread + "-" + (number * 7 + i / 2) % ENTITIES;
    }

    private static byte[] payload(int life, int thread, int number, int i) {
        byte[] payload = new byte[16 + number * 131 % 3_000];
        ByteBuffer.wrap(payload).putInt(life).putInt(thread).putInt(number).putInt(i);
        for (int at = 16; at < payload.length; at++) {
            payload[at] = (byte) (at * 31 + number);
        }
        return payload;
    }

    /** A commit that the child reported. */
    record Acknowledged(int life, int thread, int number, long position) {

        String line() {
            return "ack " + life + " " + thread + " " + number + " " + position + ".";
        }

        /** Null if the line is something else, or was cut off by the kill. */
        static Acknowledged of(String line) {
            if (!line.startsWith("ack ") || !line.endsWith(".")) {
                return null;
            }
            String[] parts = line.substring(4, line.length() - 1).split(" ");
            return new Acknowledged(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
                Long.parseLong(parts[3]));
        }
    }

    /** Fails unless the journal holds all that was acknowledged, nothing twice, nothing in part, and nothing else but one commit a
     * thread. */
    static void assertComplete(EventStore store, List<Acknowledged> acknowledged) {
        Map<String, Long> positions = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        Map<Long, Integer> next = new HashMap<>();
        long position = 0;
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                RecordedEvent event = cursor.event().copy();
                assertEquals(position++, event.position());
                assertEquals(versions.merge(event.entity(), 1L, Long::sum) - 1, event.version());
                if (event.type().equals("Written")) {
                    check(event, positions, next);
                }
            }
        }
        assertEquals(position, store.endPosition());
        Map<Long, Integer> told = new HashMap<>();
        for (Acknowledged ack : acknowledged) {
            assertEquals(ack.position(), positions.get(ack.life() + "." + ack.thread() + "." + ack.number()), () -> "acknowledged: " + ack);
            told.merge(key(ack.life(), ack.thread()), ack.number() + 1, Math::max);
        }
        next.forEach((writer, commits) -> assertTrue(commits <= told.getOrDefault(writer, 0) + 1, "more was written than was begun"));
        versions.forEach((entity, count) -> assertEquals(count - 1, store.version(entity)));
    }

    private static void check(RecordedEvent event, Map<String, Long> positions, Map<Long, Integer> next) {
        ByteBuffer token = ByteBuffer.wrap(event.payload());
        int life = token.getInt();
        int thread = token.getInt();
        int number = token.getInt();
        int i = token.getInt();
        assertArrayEquals(payload(life, thread, number, i), event.payload());
        assertEquals(entity(thread, number, i), event.entity());
        assertEquals(size(number), event.commitSize());
        assertEquals(i, event.position() - event.commitPosition());
        int wanted = next.getOrDefault(key(life, thread), 0);
        assertEquals(i == 0 ? wanted : wanted - 1, number, "each commit once, in order");
        if (i == 0) {
            positions.put(life + "." + thread + "." + number, event.position());
            next.put(key(life, thread), number + 1);
        }
    }

    private static long key(int life, int thread) {
        return (long) life << 32 | thread;
    }
}
