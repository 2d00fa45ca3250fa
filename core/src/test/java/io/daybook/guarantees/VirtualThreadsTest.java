package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.daybook.ConflictException;
import io.daybook.Durability;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalTest;
import io.daybook.NewEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store works from virtual threads: nothing is kept per thread, and none that waits for another holds it up for ever. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest extends JournalTest {

    private static final int THREADS = 10_000;

    @Test
    void tenThousandVirtualThreadsAppend() throws Exception {
        ExecutorService executor = virtualThreads();
        try (EventStore store = EventStore.open(folder, small())) {
            List<Future<Long>> outcomes = new ArrayList<>();
            for (int n = 0; n < THREADS; n++) {
                int thread = n;
                outcomes.add(executor.submit(() -> append(store, thread)));
            }
            HashSet<Long> positions = new HashSet<>();
            for (Future<Long> outcome : outcomes) {
                assertTrue(positions.add(outcome.get()), "a position was given twice");
            }
            assertEquals(2 * THREADS, store.endPosition());
            assertEquals(2 * THREADS, Events.all(store).size());
            List<String> tokens = new ArrayList<>();
            for (int entity = 0; entity < 100; entity++) {
                tokens.addAll(Events.payloads(store, "shared-" + entity));
            }
            assertEquals(THREADS, tokens.size());
            assertEquals(THREADS, new HashSet<>(tokens).size(), "every thread's event is there, once");
        } finally {
            executor.shutdownNow();
        }
    }

    private static long append(EventStore store, int thread) {
        Durability rung = thread % 100 == 0 ? Durability.DISK : Durability.PROCESS;
        assertEquals(0, store.append("own-" + thread, Expected.absent(), List.of(Events.event("Began", "")), rung).version());
        String entity = "shared-" + thread % 100;
        NewEvent event = Events.event("Joined", "thread " + thread);
        long version = store.version(entity);
        while (true) {
            try {
                return store.append(entity, Expected.exactly(version), event).lastPosition();
            } catch (ConflictException e) {
                version = e.actual();
            }
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        int release = Runtime.version().feature();
        if (release < 21) {
            System.out.println("tenThousandVirtualThreadsAppend: JDK " + release + " has no virtual threads, so this is left out");
        }
        assumeTrue(release >= 21, "no virtual threads before JDK 21");
        ExecutorService executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        return executor;
    }
}
