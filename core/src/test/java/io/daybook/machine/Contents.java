package io.daybook.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Filter;
import io.daybook.StartFrom;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * What a journal holds that {@link LoadWriter}s wrote, read through and checked: positions, versions and times in order, every commit whole
 * and what it should be, each thread's commits one after the other.
 */
final class Contents {

    private final Load load;
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Map<String, Integer> commits = new HashMap<>();
    private long end;
    private long timeNs;

    private Contents(Load load) {
        this.load = load;
    }

    /** Reads all. */
    static Contents read(EventStore store, Load load) {
        Contents contents = new Contents(load);
        long endBefore = store.endPosition();
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                contents.add(cursor.event());
            }
        }
        assertTrue(contents.end >= endBefore, () -> "it ends at " + contents.end + ", not at " + endBefore);
        return contents;
    }

    private void add(EventView event) {
        assertEquals(end++, event.position());
        assertEquals(versions.merge(event.entity(), 1L, Long::sum) - 1, event.version());
        assertTrue(event.timeNs() >= timeNs, "time went back");
        timeNs = event.timeNs();
        if (event.type().equals(Load.TYPE)) {
            addWritten(event);
        }
    }

    private void addWritten(EventView event) {
        byte[] payload = Events.part(event.buffer(), event.payloadOffset(), event.payloadLength());
        ByteBuffer token = ByteBuffer.wrap(payload);
        int life = token.getInt();
        int thread = token.getInt();
        int number = token.getInt();
        int i = token.getInt();
        assertArrayEquals(load.payload(life, thread, number, i), payload);
        assertEquals(load.entity(thread, number, i), event.entity());
        assertEquals(Load.size(number), event.commitSize());
        assertEquals(i, event.position() - event.commitPosition());
        int begun = commits.getOrDefault(life + "." + thread, 0);
        assertEquals(i == 0 ? begun : begun - 1, number, "each commit once, in order");
        if (i == 0) {
            commits.put(life + "." + thread, number + 1);
            positions.put(key(life, thread, number), event.position());
        }
    }

    private static String key(int life, int thread, int number) {
        return life + "." + thread + "." + number;
    }

    /** The position behind the last event. */
    long end() {
        return end;
    }

    /** Where a commit stands; null if it does not. */
    Long position(int life, int thread, int number) {
        return positions.get(key(life, thread, number));
    }

    /** Commits that a thread of a life has in the journal. */
    int commits(int life, int thread) {
        return commits.getOrDefault(life + "." + thread, 0);
    }

    /** The index says of every entity what the journal says; of some all events are read through it. */
    void assertHeadsFit(EventStore store) {
        int n = 0;
        for (Map.Entry<String, Long> entity : versions.entrySet()) {
            assertEquals(entity.getValue() - 1, store.version(entity.getKey()), entity.getKey());
            if (n++ % 50 == 0) {
                assertEquals(entity.getValue(), store.read(entity.getKey()).toList().size(), entity.getKey());
            }
        }
        assertEquals(versions.size(), store.stats().entities());
    }
}
