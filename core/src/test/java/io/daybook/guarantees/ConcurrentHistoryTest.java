package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.AppendResult;
import io.daybook.Commit;
import io.daybook.ConflictException;
import io.daybook.Cursor;
import io.daybook.EventStore;
import io.daybook.EventView;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.StartFrom;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Eight threads append under conditions, and the history is checked, not counted: each tells which version of which entity it won with
 * which token, and the journal must hold exactly that.
 */
class ConcurrentHistoryTest extends JournalTest {

    private static final int THREADS = 8;
    private static final int APPENDS = 100_000;
    private static final int ENTITIES = 1_000;
    private static final long LIMIT_NS = 60_000_000_000L;

    /** What one thread won: token by token, in the order in which it was told so. */
    private static final class Wins {
        final int[] entities = new int[2 * APPENDS];
        final long[] versions = new long[2 * APPENDS];
        final long[] positions = new long[2 * APPENDS];
        int count;
        int conflicts;

        int add(int entity, long version, long position) {
            entities[count] = entity;
            versions[count] = version;
            positions[count] = position;
            return count++;
        }
    }

    @Test
    void theHistoryIsWhatTheThreadsWereTold() throws Exception {
        long seed = seed("theHistoryIsWhatTheThreadsWereTold");
        long start = System.nanoTime();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS + 2);
        AtomicBoolean done = new AtomicBoolean();
        List<Wins> wins = new ArrayList<>();
        try (EventStore store = EventStore.open(folder, small().cycleBytes(16 << 20).flushEvents(4_096))) {
            List<Future<Wins>> writers = new ArrayList<>();
            for (int n = 0; n < THREADS; n++) {
                int thread = n;
                writers.add(executor.submit(() -> write(store, thread, new Random(seed + thread))));
            }
            Future<Long> all = executor.submit(() -> readEverything(store, done));
            Future<Long> one = executor.submit(() -> readEntities(store, done, new Random(seed)));
            for (Future<Wins> writer : writers) {
                wins.add(writer.get());
            }
            done.set(true);
            int conflicts = wins.stream().mapToInt(each -> each.conflicts).sum();
            System.out.println("wins=" + store.endPosition() + " conflicts=" + conflicts + " readsOfAll=" + all.get()
                + " readsOfEntities=" + one.get()
                + " seconds=" + (System.nanoTime() - start) / 1_000_000_000.0);
            assertEquals(conflicts, store.stats().conflicts());
            assertTrue(conflicts > 0, "the threads met");
            assertHistory(store, wins);
        } finally {
            done.set(true);
            executor.shutdownNow();
        }
        try (EventStore store = EventStore.open(folder)) {
            assertHistory(store, wins);
        }
        long took = System.nanoTime() - start;
        System.out.println("checked, and checked again after reopening: seconds=" + took / 1_000_000_000.0);
        assertTrue(took < LIMIT_NS, "it took " + took + " ns");
    }

    private static Wins write(EventStore store, int thread, Random random) {
        Wins wins = new Wins();
        long[] known = new long[ENTITIES];
        Arrays.fill(known, -1);
        for (int i = 0; i < APPENDS; i++) {
            int entity = random.nextInt(ENTITIES);
            int other = (entity + 1 + random.nextInt(ENTITIES - 1)) % ENTITIES;
            boolean two = random.nextInt(16) == 0;
            // Sometimes from memory, which is mostly stale, and else from a fresh look.
            boolean stale = random.nextInt(8) == 0;
            long version = stale ? known[entity] : store.version(name(entity));
            long otherVersion = two ? store.version(name(other)) : -1;
            while (true) {
                try {
                    appendOnce(store, thread, wins, entity, version, two ? other : -1, otherVersion);
                    known[entity] = version + 1;
                    break;
                } catch (ConflictException e) {
                    wins.conflicts++;
                    long expected = e.entity().equals(name(entity)) ? version : otherVersion;
                    if (e.actual() <= expected) {
                        throw new AssertionError("a version went back: " + e.getMessage());
                    }
                    version = e.entity().equals(name(entity)) ? e.actual() : version;
                    otherVersion = e.entity().equals(name(other)) ? e.actual() : otherVersion;
                }
            }
        }
        return wins;
    }

    private static void appendOnce(EventStore store, int thread, Wins wins, int entity, long version, int other, long otherVersion) {
        if (other < 0) {
            AppendResult result = store.append(name(entity), Expected.exactly(version), event(thread, wins.count));
            wins.add(entity, result.version(), result.lastPosition());
            return;
        }
        AppendResult result = store.commit(Commit.create()
            .expect(name(entity), Expected.exactly(version)).append(name(entity), event(thread, wins.count))
            .expect(name(other), Expected.exactly(otherVersion)).append(name(other), event(thread, wins.count + 1)));
        wins.add(entity, version + 1, result.firstPosition());
        wins.add(other, result.version(), result.lastPosition());
    }

    private static NewEvent event(int thread, int number) {
        return NewEvent.of("Won", ByteBuffer.allocate(12).putInt(thread).putLong(number).array());
    }

    private static String name(int entity) {
        return "entity-" + entity;
    }

    /** Every event is one thread's win, and every win is an event: then there was one winner of each version and nothing is lost or
     * doubled. */
    private static void assertHistory(EventStore store, List<Wins> wins) {
        long[] versions = new long[ENTITIES];
        long position = 0;
        try (Cursor cursor = store.readAll(StartFrom.beginning(), Filter.all())) {
            while (cursor.next()) {
                EventView event = cursor.event();
                assertEquals(position++, event.position());
                int entity = Integer.parseInt(event.entity().substring("entity-".length()));
                assertEquals(versions[entity]++, event.version());
                ByteBuffer token = ByteBuffer.wrap(event.copy().payload());
                Wins winner = wins.get(token.getInt());
                int number = (int) token.getLong();
                assertEquals(winner.entities[number], entity);
                assertEquals(winner.versions[number], event.version());
                assertEquals(winner.positions[number], event.position());
            }
        }
        assertEquals(wins.stream().mapToLong(each -> each.count).sum(), position);
        for (int entity = 0; entity < ENTITIES; entity++) {
            assertEquals(versions[entity] - 1, store.version(name(entity)));
        }
        for (int entity = 0; entity < ENTITIES; entity += 10) {
            long version = 0;
            try (Cursor cursor = store.read(name(entity))) {
                while (cursor.next()) {
                    assertEquals(version++, cursor.event().version());
                }
            }
            assertEquals(versions[entity], version);
        }
    }

    private static long readEverything(EventStore store, AtomicBoolean done) {
        long reads = 0;
        long from = 0;
        while (!done.get()) {
            long next = from;
            long left = -1;
            try (Cursor cursor = store.readAll(new StartFrom.Position(from), Filter.all())) {
                while (cursor.next()) {
                    EventView event = cursor.event();
                    assertEquals(next++, event.position(), "positions are dense");
                    assertTrue(left <= 0 == (event.position() == event.commitPosition()) || left == -1, "commits do not overlap");
                    left = event.commitPosition() + event.commitSize() - 1 - event.position();
                }
            }
            assertTrue(left <= 0, "half a commit was shown");
            from = Math.max(0, next - 5_000);
            reads++;
        }
        return reads;
    }

    private static long readEntities(EventStore store, AtomicBoolean done, Random random) {
        long[] seen = new long[ENTITIES];
        Arrays.fill(seen, -1);
        long reads = 0;
        while (!done.get()) {
            int entity = random.nextInt(ENTITIES);
            long version = store.version(name(entity));
            assertTrue(version >= seen[entity], "a version went back");
            long next = 0;
            try (Cursor cursor = store.read(name(entity))) {
                while (cursor.next()) {
                    assertEquals(next++, cursor.event().version());
                }
            }
            assertTrue(next - 1 >= version, "a read shows less than version() did before");
            seen[entity] = next - 1;
            reads++;
        }
        return reads;
    }

    @Test
    void conflictsAreCountedByAllThreads() throws Exception {
        AtomicLong conflicts = new AtomicLong();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.absent(), Events.event("Opened", ""));
            List<Future<?>> threads = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                threads.add(executor.submit(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        try {
                            store.append("a", Expected.absent(), Events.event("Opened", ""));
                        } catch (ConflictException e) {
                            conflicts.incrementAndGet();
                        }
                    }
                }));
            }
            for (Future<?> thread : threads) {
                thread.get();
            }
            assertEquals(conflicts.get(), store.stats().conflicts());
        } finally {
            executor.shutdownNow();
        }
    }
}
