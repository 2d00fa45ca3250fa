package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.envelope.Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
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

    private boolean force(long position, long endPosition, long endAddress) throws IOException {
        return forcer.force(position, () -> new Forcer.Mark(endPosition, endAddress), Long.MAX_VALUE);
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
        force(3, 5, Address.of(0, 500));
        assertForced(5, 1);
        force(6, 6, Address.of(0, 600));
        assertForced(6, 2);
    }

    @Test
    void whoFindsHisPositionForcedHasNothingToDo() throws IOException {
        file(0, 10_000);
        force(5, 5, Address.of(0, 500));
        force(5, 9, Address.of(0, 900));
        force(1, 9, Address.of(0, 900));
        force(0, 9, Address.of(0, 900));
        assertForced(5, 1);
        force(7, 5, Address.of(0, 500));
        assertForced(5, 1);
    }

    @Test
    void startsWhereEverythingIsKnownToBeForced() throws IOException {
        forcer = new Forcer(folder, state, 40, Address.of(2, 700));
        assertEquals(40, forcer.forcedPosition());
        file(2, 10_000);
        force(40, 41, Address.of(2, 800));
        assertEquals(0, forcer.forces());
        force(41, 41, Address.of(2, 800));
        assertForced(41, 1);
    }

    @Test
    void goesOverFilesThatWereLeftBehind() throws IOException {
        file(0, 10_000);
        file(1, 3_000);
        file(3, 10_000);
        force(1, 1, Address.of(0, 300));
        force(9, 9, Address.of(3, 200));
        assertForced(9, 2);
        force(10, 10, Address.of(4, 0));
        assertForced(10, 3);
    }

    @Test
    void followsAFileThatGrows() throws IOException {
        file(0, 1_000);
        force(1, 1, Address.of(0, 900));
        Files.delete(folder.cycleFile(0));
        file(0, 300L << 20);
        force(2, 2, Address.of(0, 5_000));
        force(3, 3, Address.of(0, (256L << 20) - 1));
        force(4, 4, Address.of(0, (256L << 20) + 8));
        force(5, 5, Address.of(0, 299L << 20));
        assertForced(5, 5);
    }

    @Test
    void aFileThatIsShorterThanWhatWasWrittenIsNotCalledForced() throws IOException {
        file(0, 1_000);
        assertThrows(IOException.class, () -> force(1, 1, Address.of(0, 5_000)));
        assertEquals(0, forcer.forcedPosition());
    }

    @Test
    void aForceThatFailsIsRecordedWithItsCause() throws IOException {
        Path recorded = root.resolve("recording.jfr");
        file(0, 1_000);
        try (Recording recording = new Recording()) {
            recording.start();
            assertThrows(IOException.class, () -> force(1, 1, Address.of(0, 5_000)));
            recording.dump(recorded);
        }
        RecordedEvent event = RecordingFile.readAllEvents(recorded).stream()
                .filter(e -> e.getEventType().getName().equals("io.daybook.Force") && e.getString("journal").equals(root.toString()))
                .findFirst().orElseThrow();
        assertTrue(event.getString("failure").contains("shorter than what was written"), event::toString);
        assertEquals(1, event.getLong("position"));
        assertEquals(1, event.getLong("events"));
        assertEquals(1_000, event.getLong("bytes"), "what there was");
    }

    @Test
    void aFileThatIsMissingIsNotCalledForced() {
        assertThrows(IOException.class, () -> force(1, 1, Address.of(0, 300)));
        assertEquals(0, forcer.forcedPosition());
    }

    /** What an owner before wrote is the same afterwards, also where the file has holes, and is forced in all files. */
    @Test
    void whatIsDoubtedIsWrittenAgainAsItWas() throws IOException {
        byte[][] before = new byte[2][];
        for (int cycle = 0; cycle < 2; cycle++) {
            file(cycle, 20_000);
            try (FileChannel channel = FileChannel.open(folder.cycleFile(cycle), StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}), 12_286);
                channel.write(ByteBuffer.wrap(new byte[] {1}), 5 << 20);
            }
            before[cycle] = Files.readAllBytes(folder.cycleFile(cycle));
        }
        forcer.doubt(Address.of(1, 13_000));
        force(2, 2, Address.of(1, 13_000));
        assertForced(2, 1);
        for (int cycle = 0; cycle < 2; cycle++) {
            assertArrayEquals(before[cycle], Files.readAllBytes(folder.cycleFile(cycle)));
        }
    }

    /** A folder stands where the second file should be: it cannot be opened for writing. */
    @Test
    void afterAFailureNothingIsEverForcedAgain() throws IOException {
        file(0, 1_000);
        force(1, 1, Address.of(0, 300));
        Files.createDirectories(folder.cycleFile(1));
        IOException failure = assertThrows(IOException.class, () -> force(2, 2, Address.of(1, 300)));
        assertSame(failure, forcer.failure());
        assertEquals(1, forcer.forcedPosition());
        assertEquals(1, state.durablePosition());
        assertEquals(1, forcer.forces());
        Files.delete(folder.cycleFile(1));
        file(1, 1_000);
        for (int i = 0; i < 3; i++) {
            IOException later = assertThrows(IOException.class, () -> force(2, 2, Address.of(1, 300)));
            assertTrue(later.getMessage().contains("earlier force failed"), later.getMessage());
        }
        force(1, 2, Address.of(1, 300));
        assertEquals(1, forcer.forcedPosition(), "what was forced before stays so");
    }

    @Test
    void anInterruptedThreadForcesAndStaysInterrupted() throws IOException {
        file(0, 10_000);
        Thread.currentThread().interrupt();
        force(5, 5, Address.of(0, 500));
        assertTrue(Thread.interrupted());
        assertForced(5, 1);
    }

    /** The first force is held up until all others wait; one more is enough for them, because it takes what is written by then. */
    @Test
    void thoseWhoWaitAtTheSameTimeShareOneForce() throws Exception {
        file(0, 1 << 20);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicLong written = new AtomicLong(1);
        Supplier<Forcer.Mark> mark = () -> new Forcer.Mark(written.get(), Address.of(0, 100 + written.get()));
        ExecutorService threads = Executors.newFixedThreadPool(9);
        try {
            Future<Boolean> first = threads.submit(() -> forcer.force(1, () -> {
                begun.countDown();
                awaitUninterrupted(goOn);
                return new Forcer.Mark(1, Address.of(0, 101));
            }, Long.MAX_VALUE));
            begun.await();
            List<Future<Boolean>> others = new ArrayList<>();
            for (int position = 2; position <= 9; position++) {
                long wanted = position;
                written.set(position);
                others.add(threads.submit(() -> forcer.force(wanted, mark, Long.MAX_VALUE)));
            }
            while (forcer.waiting() < 8) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertTrue(first.get());
            for (Future<Boolean> other : others) {
                assertTrue(other.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertForced(9, 2);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoWaitsForAnothersForceWaitsNoLongerThanHeSays() throws Exception {
        file(0, 10_000);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> other = thread.submit(() -> forcer.force(1, () -> {
                begun.countDown();
                awaitUninterrupted(goOn);
                return new Forcer.Mark(1, Address.of(0, 101));
            }, Long.MAX_VALUE));
            begun.await();
            Thread.currentThread().interrupt();
            assertFalse(forcer.force(1, () -> null, 1_000_000));
            assertTrue(Thread.interrupted(), "the mark stays");
            goOn.countDown();
            assertTrue(other.get());
            assertTrue(forcer.force(1, () -> null, 0), "what is forced is not waited for");
        } finally {
            thread.shutdownNow();
        }
        assertForced(1, 1);
    }

    /** What failed may be pages of the same bytes: nobody knows what the device holds, although the force itself went well. */
    @Test
    void aFailureElsewhereIsOneOfTheForceThatIsUnderWayToo() throws Exception {
        file(0, 10_000);
        forcer.force(1, () -> new Forcer.Mark(1, Address.of(0, 101)), Long.MAX_VALUE);
        IOException elsewhere = new IOException("elsewhere");
        IOException thrown = assertThrows(IOException.class, () -> forcer.force(2, () -> {
            forcer.fail(elsewhere);
            return new Forcer.Mark(2, Address.of(0, 201));
        }, Long.MAX_VALUE));
        assertSame(elsewhere, thrown.getCause());
        assertSame(elsewhere, forcer.failure());
        assertEquals(1, forcer.forcedPosition());
        assertEquals(1, state.durablePosition());
        assertThrows(IOException.class, () -> force(2, 2, Address.of(0, 201)));
        assertTrue(force(1, 1, Address.of(0, 101)));
    }

    /** They must not take the failed force for their own: what they wait for is not on the device. */
    @Test
    void aFailureIsTheFailureOfAllWhoWait() throws Exception {
        file(0, 10_000);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            all.add(threads.submit(() -> forcer.force(1, () -> {
                begun.countDown();
                awaitUninterrupted(goOn);
                throw new IllegalStateException("no end is known");
            }, Long.MAX_VALUE)));
            begun.await();
            for (int i = 0; i < 3; i++) {
                all.add(threads.submit(() -> force(1, 1, Address.of(0, 101))));
            }
            while (forcer.waiting() < 3) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            for (Future<Boolean> caller : all) {
                assertThrows(ExecutionException.class, caller::get);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, forcer.forcedPosition());
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
                        force(position, 300, Address.of(0, 100 + 300));
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
