package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForcerTest {

    @TempDir
    private Path root;
    private JournalFolder folder;
    private StateFile state;
    private Forcer forcer;

    @BeforeEach
    void open() throws IOException {
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        state = StateFile.open(folder);
        forcer = new Forcer(folder, state, 0, Address.of(0, 0));
    }

    private void file(int cycle, long size) throws IOException {
        CycleFile.create(folder, cycle).document(new byte[100]).size(size).close();
    }

    private void assertForced(long position, long forces) {
        assertEquals(position, forcer.forcedPosition());
        assertEquals(position, state.durablePosition());
        assertEquals(forces, forcer.forces());
        assertNull(forcer.failure());
    }

    @Test
    void forcesUpToTheEndThatIsNamedAndPublishesIt() throws IOException {
        file(0, 10_000);
        forcer.force(3, 5, Address.of(0, 500));
        assertForced(5, 1);
        forcer.force(6, 6, Address.of(0, 600));
        assertForced(6, 2);
    }

    @Test
    void whoFindsHisPositionForcedHasNothingToDo() throws IOException {
        file(0, 10_000);
        forcer.force(5, 5, Address.of(0, 500));
        forcer.force(5, 9, Address.of(0, 900));
        forcer.force(1, 9, Address.of(0, 900));
        forcer.force(0, 9, Address.of(0, 900));
        assertForced(5, 1);
        forcer.force(7, 5, Address.of(0, 500));
        assertForced(5, 1);
    }

    @Test
    void startsWhereEverythingIsKnownToBeForced() throws IOException {
        forcer = new Forcer(folder, state, 40, Address.of(2, 700));
        assertEquals(40, forcer.forcedPosition());
        file(2, 10_000);
        forcer.force(40, 41, Address.of(2, 800));
        assertEquals(0, forcer.forces());
        forcer.force(41, 41, Address.of(2, 800));
        assertForced(41, 1);
    }

    @Test
    void goesOverFilesThatWereLeftBehind() throws IOException {
        file(0, 10_000);
        file(1, 3_000);
        file(3, 10_000);
        forcer.force(1, 1, Address.of(0, 300));
        forcer.force(9, 9, Address.of(3, 200));
        assertForced(9, 2);
        forcer.force(10, 10, Address.of(4, 0));
        assertForced(10, 3);
    }

    @Test
    void followsAFileThatGrows() throws IOException {
        file(0, 1_000);
        forcer.force(1, 1, Address.of(0, 900));
        Files.delete(folder.cycleFile(0));
        file(0, 300L << 20);
        forcer.force(2, 2, Address.of(0, 5_000));
        forcer.force(3, 3, Address.of(0, (256L << 20) - 1));
        forcer.force(4, 4, Address.of(0, (256L << 20) + 8));
        forcer.force(5, 5, Address.of(0, 299L << 20));
        assertForced(5, 5);
    }

    @Test
    void forcesAtMostWhatTheFileHas() throws IOException {
        file(0, 1_000);
        forcer.force(1, 1, Address.of(0, 5_000));
        forcer.force(2, 2, Address.of(0, 300L << 20));
        assertForced(2, 2);
    }

    /** A folder stands where the second file should be: it cannot be opened for writing. */
    @Test
    void afterAFailureNothingIsEverForcedAgain() throws IOException {
        file(0, 1_000);
        forcer.force(1, 1, Address.of(0, 300));
        Files.createDirectories(folder.cycleFile(1));
        IOException failure = assertThrows(IOException.class, () -> forcer.force(2, 2, Address.of(1, 300)));
        assertSame(failure, forcer.failure());
        assertEquals(1, forcer.forcedPosition());
        assertEquals(1, state.durablePosition());
        assertEquals(1, forcer.forces());
        Files.delete(folder.cycleFile(1));
        file(1, 1_000);
        for (int i = 0; i < 3; i++) {
            IOException later = assertThrows(IOException.class, () -> forcer.force(2, 2, Address.of(1, 300)));
            assertTrue(later.getMessage().contains("earlier force failed"), later.getMessage());
        }
        forcer.force(1, 2, Address.of(1, 300));
        assertEquals(1, forcer.forcedPosition(), "what was forced before stays so");
    }

    @Test
    void anInterruptedThreadForcesAndStaysInterrupted() throws IOException {
        file(0, 10_000);
        Thread.currentThread().interrupt();
        forcer.force(5, 5, Address.of(0, 500));
        assertTrue(Thread.interrupted());
        assertForced(5, 1);
    }

    @Test
    void manyThreadsShareForces() throws Exception {
        file(0, 1 << 20);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> outcomes = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                outcomes.add(threads.submit(() -> {
                    for (long position = 1; position <= 300; position++) {
                        forcer.force(position, 300, Address.of(0, 100 + 300));
                        assertTrue(forcer.forcedPosition() >= position);
                    }
                    return null;
                }));
            }
            for (Future<?> outcome : outcomes) {
                outcome.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertForced(300, 1);
    }
}
