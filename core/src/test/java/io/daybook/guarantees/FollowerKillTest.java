package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.JournalTest;
import io.daybook.Expected;
import io.daybook.NewEvent;
import io.daybook.RecordedEvent;
import io.daybook.StartFrom;
import io.daybook.Filter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A follower in another process that is killed and started again: with a name it sees every event at least once and in order; with its
 * position beside its state exactly once. So often: the system property {@code daybook.followerKills}.
 */
@Tag("recovery")
class FollowerKillTest extends JournalTest {

    private static final int KILLS = Integer.getInteger("daybook.followerKills", 16);

    private final AtomicBoolean enough = new AtomicBoolean();

    /** Appends, not too fast for those who print every event, until it is enough. */
    private Thread writer(EventStore store) {
        Thread thread = daemon(() -> {
            for (int i = 0; !enough.get(); i++) {
                NewEvent[] events = new NewEvent[1 + i % 3];
                for (int j = 0; j < events.length; j++) {
                    events[j] = NewEvent.of("T", bytes(i % 900, i + j));
                }
                store.append("entity-" + i % 50, Expected.any(), events);
                java.util.concurrent.locks.LockSupport.parkNanos(50_000);
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void withANameEveryEventIsSeenAtLeastOnceInOrder() throws Exception {
        Random random = new Random(seed("withANameEveryEventIsSeenAtLeastOnceInOrder"));
        try (EventStore store = EventStore.open(folder, small())) {
            Thread writer = writer(store);
            long newest = -1;
            long repeated = 0;
            for (int life = 0; life <= KILLS; life++) {
                boolean last = life == KILLS;
                if (last) {
                    enough.set(true);
                    writer.join();
                }
                long wanted = last ? store.endPosition() - 1 : newest + 1 + random.nextInt(500);
                try (ChildJvm child = ChildJvm.start(ChildFollower.class, folder, "named", "totals")) {
                    long before = newest;
                    long first = -1;
                    long previous = -1;
                    while (newest < wanted) {
                        previous = next(child.line(), previous);
                        first = first < 0 ? previous : first;
                        newest = Math.max(newest, previous);
                    }
                    child.kill();
                    for (String line : child.lines()) {
                        if (line.matches("saw \\d+")) { // the last one may be cut off
                            previous = next(line, previous);
                            newest = Math.max(newest, previous);
                        }
                    }
                    assertTrue(first <= before + 1, "life " + life + " skipped from " + before + " to " + first);
                    assertTrue(first > before - 3, "life " + life + " repeats more than a commit: from " + before + " to " + first);
                    repeated += before + 1 - first;
                }
            }
            assertEquals(store.endPosition() - 1, newest);
            System.out.println("kills of a named follower: " + KILLS + "; events: " + (newest + 1) + "; seen again: " + repeated);
        }
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
