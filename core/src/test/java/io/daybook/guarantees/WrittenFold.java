package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.Filter;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A journal of {@link Written} commits, folded from its first event: what each entity has, what each thread of each life wrote. Order,
 * versions and atomicity are judged by a {@link FollowWitness} on the way.
 */
final class WrittenFold {

    private static final int ENTITIES_READ = 8;

    private final Map<String, List<Long>> entities = new HashMap<>();
    private final Map<Written, Long> commits = new HashMap<>();
    private final Map<Long, Integer> next = new HashMap<>();
    private final Map<Long, Integer> digests = new HashMap<>();
    private long end;

    private WrittenFold() {
    }

    /** Reads all of it, through the journal and not through the heads. */
    static WrittenFold of(EventStore store) {
        WrittenFold fold = new WrittenFold();
        FollowWitness judge = new FollowWitness(0, fold.digests::put);
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                judge.onEvent(cursor.event());
                fold.add(cursor.event().copy());
            }
        }
        judge.requireCommitEnded();
        return fold;
    }

    private void add(RecordedEvent event) {
        end = event.position() + 1;
        List<Long> positions = entities.computeIfAbsent(event.entity(), entity -> new ArrayList<>());
        assertEquals(positions.size(), event.version(), "the versions of " + event.entity() + " are dense");
        positions.add(event.position());
        if (!event.type().equals(Written.TYPE)) {
            return;
        }
        Written commit = Written.of(event.payload());
        int i = (int) (event.position() - event.commitPosition());
        assertEquals(commit.size(), event.commitSize(), "nothing half");
        assertEquals(commit.entity(i), event.entity());
        assertArrayEquals(commit.payload(i), event.payload());
        if (i == 0) {
            assertEquals(next.getOrDefault(writer(commit), 0), commit.number(), () -> "each commit once, in order: " + commit);
            next.put(writer(commit), commit.number() + 1);
            commits.put(commit, event.position());
        } else {
            assertEquals(event.commitPosition(), commits.get(commit), () -> "the events of a commit stand together: " + commit);
        }
    }

    private static long writer(Written commit) {
        return (long) commit.life() << 32 | commit.thread();
    }

    /** Fails unless it holds all that was acknowledged, and nothing else but one commit a thread. */
    void requireAll(List<ChildWriter.Acknowledged> acknowledged) {
        Map<Long, Integer> told = new HashMap<>();
        for (ChildWriter.Acknowledged ack : acknowledged) {
            assertEquals(ack.position(), commits.get(ack.commit()), () -> "acknowledged: " + ack + ", the journal ends at " + end);
            told.merge(writer(ack.commit()), ack.commit().number() + 1, Math::max);
        }
        next.forEach((writer, count) -> assertTrue(count <= told.getOrDefault(writer, 0) + 1, "more was written than was begun"));
    }

    /** Fails unless the store's heads, and what it reads by them, are those of the fold. */
    void requireHeads(EventStore store, Random random) {
        assertEquals(end, store.endPosition());
        List<String> names = new ArrayList<>(entities.keySet());
        names.forEach(entity -> assertEquals(version(entity), store.version(entity), entity));
        for (int i = 0; i < ENTITIES_READ && !names.isEmpty(); i++) {
            String entity = names.get(random.nextInt(names.size()));
            try (Cursor cursor = store.read(entity)) {
                assertEquals(entities.get(entity), cursor.toList().stream().map(RecordedEvent::position).toList(), entity);
            }
        }
        assertEquals(-1, store.version("nobody"));
    }

    /** The position behind its last event. */
    long end() {
        return end;
    }

    /** The newest version of an entity; -1 if it has none. */
    long version(String entity) {
        return entities.getOrDefault(entity, List.of()).size() - 1;
    }

    /** The digest of a block of {@link FollowWitness#BLOCK} events; null if it is not full. */
    Integer digest(long block) {
        return digests.get(block);
    }
}
