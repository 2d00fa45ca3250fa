package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Filter;
import io.daybook.Follow;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import io.daybook.Poller;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A follower in another process that is killed and started again: with a name it sees every event at least once and in order; with its
 * position beside its state exactly once.
 */
class FollowerKillTest extends JournalTest {

    private static final int KILLS = Effort.times(4, 200);

    private static final String NAME = "totals";

    private final AtomicBoolean enough = new AtomicBoolean();
    private long seenAgain;

    private Thread writer(EventStore store) {
        Thread thread = daemon(() -> append(store, () -> !enough.get()));
        thread.start();
        return thread;
    }

    /** Appends, not too fast for those who print every event. */
    static void append(EventStore store, BooleanSupplier more) {
        for (int i = 0; more.getAsBoolean(); i++) {
            NewEvent[] events = new NewEvent[1 + i % 3];
            for (int j = 0; j < events.length; j++) {
                events[j] = NewEvent.of("T", bytes(i % 900, i + j));
            }
            store.append("entity-" + i % 50, Expected.any(), events);
            LockSupport.parkNanos(50_000);
        }
    }

    @BeforeAll
    static void onOldestJdk() {
        Effort.onOldestJdk("FollowerKillTest");
    }

    @Test
    void withANameEveryEventIsSeenAtLeastOnceInOrder() throws Exception {
        Random random = new Random(seed("withANameEveryEventIsSeenAtLeastOnceInOrder"));
        try (EventStore store = EventStore.open(folder, small())) {
            Thread writer = writer(store);
            long newest = -1;
            for (int life = 0; life <= KILLS; life++) {
                boolean last = life == KILLS;
                if (last) {
                    enough.set(true);
                    writer.join();
                }
                long wanted = last ? store.endPosition() - 1 : newest + 1 + random.nextInt(500);
                newest = live("named", newest, wanted);
            }
            assertEquals(store.endPosition() - 1, newest);
            System.out.println("kills of a named follower: " + KILLS + "; events: " + (newest + 1) + "; seen again: " + seenAgain);
        }
    }

    /** The store that appends dies with its subscription. */
    @Test
    void withANameInTheOwnerItselfToo() throws Exception {
        Random random = new Random(seed("withANameInTheOwnerItselfToo"));
        long newest = -1;
        for (int life = 0; life < KILLS; life++) {
            newest = live("owner", newest, newest + 1 + random.nextInt(500));
        }
        try (EventStore store = EventStore.open(folder, small())) {
            long[] next = {-1};
            try (Poller poller = store.poller(Follow.from(StartFrom.beginning()).named(NAME), event -> {
                assertTrue(next[0] < 0 || event.position() == next[0]);
                next[0] = event.position() + 1;
            })) {
                int first = poller.poll(1);
                assertTrue(first == 0 || next[0] <= newest + 2, "skipped from " + newest + " to " + next[0]);
                while (poller.poll(100) > 0) {
                    continue;
                }
                assertEquals(store.endPosition() - 1, poller.position());
            }
        }
        System.out.println("kills of an owner that follows itself: " + KILLS + "; events: " + (newest + 1) + "; seen again: " + seenAgain);
    }

    /** A child follows until it has seen this position, and is killed. Answers how far it came; before it was {@code before}. */
    private long live(String how, long before, long wanted) throws Exception {
        long first = -1;
        long previous = -1;
        try (ChildJvm child = ChildJvm.start(ChildFollower.class, folder, how, NAME)) {
            while (Math.max(before, previous) < wanted) {
                String line = child.line();
                if (line != null && line.startsWith("[")) {
                    continue; // a log line of Chronicle's, about the owner that is dead
                }
                previous = next(line, previous);
                first = first < 0 ? previous : first;
            }
            child.kill();
            for (String line : child.lines()) {
                if (line.matches("saw \\d+")) { // the last one may be cut off
                    previous = next(line, previous);
                }
            }
        }
        assertTrue(first <= before + 1, "skipped from " + before + " to " + first);
        assertTrue(first > before - 3, "more than a commit is repeated: from " + before + " to " + first);
        seenAgain += before + 1 - first;
        return Math.max(before, previous);
    }

    private static long next(String line, long previous) {
        assertTrue(line != null && line.startsWith("saw "), line);
        long position = Long.parseLong(line.substring(4));
        assertTrue(previous < 0 || position == previous + 1, "from " + previous + " to " + position);
        return position;
    }

    @Test
    void withThePositionBesideTheStateExactlyOnce() throws Exception {
        Random random = new Random(seed("withThePositionBesideTheStateExactlyOnce"));
        Path state = temp.resolve("state");
        try (EventStore store = EventStore.open(folder, small())) {
            Thread writer = writer(store);
            for (int life = 0; life <= KILLS; life++) {
                boolean last = life == KILLS;
                if (last) {
                    enough.set(true);
                    writer.join();
                }
                long wanted = last ? store.endPosition() : (Files.exists(state) ? records(state) : 0) + 1 + random.nextInt(500);
                try (ChildJvm child = ChildJvm.start(ChildFollower.class, folder, "beside", state)) {
                    while (!Files.exists(state) || records(state) < wanted) {
                        assertTrue(child.line() != null, "it goes on until it is killed");
                    }
                    child.kill();
                }
            }
            ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(state));
            List<RecordedEvent> all = store.readAll(StartFrom.beginning(), Filter.all()).toList();
            assertEquals(all.size(), records.capacity() / ChildFollower.RECORD);
            for (RecordedEvent event : all) {
                assertEquals(event.position(), records.getLong());
                assertEquals(event.payload().length == 0 ? -1 : event.payload()[0], records.getLong(), () -> Events.line(event));
            }
            System.out.println("kills of a follower with its position beside its state: " + KILLS + "; events: " + all.size());
        }
    }

    private static long records(Path state) throws Exception {
        return Files.size(state) / ChildFollower.RECORD;
    }
}
