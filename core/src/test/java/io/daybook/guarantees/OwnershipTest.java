package io.daybook.guarantees;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.ChildJvm;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.JournalInUseException;
import io.daybook.JournalTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One process writes, and in it one store: another is refused at once and by name, and takes over at once when the owner dies. */
@Tag("recovery")
class OwnershipTest extends JournalTest {

    /** Opens the journal named first, once more at each blank that it is sent, and tells what came of it. */
    static final class ChildOwner {
        private ChildOwner() {
        }

        public static void main(String[] arguments) throws IOException {
            EventStore store = null;
            for (int order = ' '; order != -1; order = System.in.read()) {
                if (order == 'c' && store != null) {
                    store.close();
                    store = null;
                    System.out.println("closed");
                } else if (order == ' ') {
                    long start = System.nanoTime();
                    try {
                        store = EventStore.open(Path.of(arguments[0]), small());
                        System.out.println("opened at " + store.append("a", Expected.any(), Events.event("Happened", "")).lastPosition());
                    } catch (RuntimeException e) {
                        System.out.println("refused after " + (System.nanoTime() - start) / 1_000_000 + " ms with " + e);
                    }
                }
            }
        }
    }

    @Test
    void aSecondStoreInTheSameJvmIsRefused() throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
            for (Path path : List.of(folder, link, folder.resolve("../journal"), Path.of("").toAbsolutePath().relativize(folder))) {
                assertNames(ProcessHandle.current().pid(), assertThrows(JournalInUseException.class,
                    () -> EventStore.open(path, small())).toString());
            }
            assertEquals(0, store.append("a", Expected.absent(), Events.event("Happened", "")).version(), "the owner is not troubled");
        }
        EventStore.open(folder, small()).close();
    }

    @Test
    void ofStoresOpenedAtOnceOneOwns() throws Exception {
        EventStore.open(folder, small()).close();
        for (int round = 0; round < 10; round++) {
            openAtOnce();
        }
    }

    private void openAtOnce() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int n = 0; n < 4; n++) {
                outcomes.add(executor.submit((Callable<Boolean>) this::openAndAppend));
            }
            int owners = 0;
            for (Future<Boolean> outcome : outcomes) {
                owners += outcome.get() ? 1 : 0;
            }
            assertTrue(owners >= 1);
        } finally {
            executor.shutdownNow();
        }
    }

    private boolean openAndAppend() {
        try (EventStore store = EventStore.open(folder, small())) {
            store.append("a", Expected.exactly(store.version("a")), Events.event("Happened", ""));
            return true;
        } catch (JournalInUseException e) {
            return false;
        }
    }

    @Test
    void aSecondProcessIsRefused() throws IOException {
        long own = ProcessHandle.current().pid();
        try (ChildJvm child = startBesideAnOwner(own)) {
            child.tell(" ");
            assertEquals("opened at 1", child.lineThatBegins("opened"), "the owner has closed");
            assertNames(child.pid(), assertThrows(JournalInUseException.class, () -> EventStore.open(folder, small())).toString());
            child.tell("c");
            assertEquals("closed", child.line());
            EventStore.open(folder, small()).close();
        }
    }

    private ChildJvm startBesideAnOwner(long own) throws IOException {
        try (EventStore store = EventStore.open(folder, small())) {
            ChildJvm child = ChildJvm.start(ChildOwner.class, folder);
            assertNames(own, child.lineThatBegins("refused"));
            // A refusal must not open and close the file that carries the lock: that would give the lock away.
            assertThrows(JournalInUseException.class, () -> EventStore.open(folder, small()));
            child.tell(" ");
            assertNames(own, child.lineThatBegins("refused"));
            store.append("a", Expected.absent(), Events.event("Happened", ""));
            return child;
        }
    }

    @Test
    void aKilledOwnerIsFollowedAtOnce() {
        for (int round = 0; round < 4; round++) {
            try (ChildJvm child = ChildJvm.start(ChildOwner.class, folder)) {
                assertEquals("opened at " + 2 * round, child.lineThatBegins("opened"));
                assertNames(child.pid(), assertThrows(JournalInUseException.class, () -> EventStore.open(folder, small())).toString());
                child.kill();
                long start = System.nanoTime();
                try (EventStore store = EventStore.open(folder, small())) {
                    store.append("a", Expected.exactly(2 * round), Events.event("Happened", ""));
                    System.out.println("opened and appended after the owner was killed: " + (System.nanoTime() - start) / 1_000_000
                        + " ms");
                    assertEquals(2 * round + 2, Events.of(store, "a").size());
                }
            }
        }
    }

    private static void assertNames(long pid, String refused) {
        assertTrue(refused.contains("JournalInUseException") && refused.matches("(?s).*\\b" + pid + "\\b.*"), pid + ": " + refused);
    }

    @Test
    void ofStoresThatMakeTheJournalAtOnceOneOwns() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                folder = temp.resolve("journal-" + round);
                CyclicBarrier barrier = new CyclicBarrier(4);
                List<Future<Object>> outcomes = new ArrayList<>();
                for (int n = 0; n < 4; n++) {
                    outcomes.add(executor.submit((Callable<Object>) () -> {
                        barrier.await();
                        try (EventStore store = EventStore.open(folder, small())) {
                            return store.endPosition();
                        } catch (JournalInUseException e) {
                            return e;
                        }
                    }));
                }
                for (Future<Object> outcome : outcomes) {
                    outcome.get();
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
