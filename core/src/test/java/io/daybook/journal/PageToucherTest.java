package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.envelope.Address;
import io.daybook.journal.DocumentScanner.Step;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.core.io.ReferenceOwner;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Touching pages ahead changes no byte, and its mappings live as long as they are touched. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PageToucherTest {

    @TempDir
    private Path root;
    private JournalFolder folder;
    private final ReferenceOwner owner = ReferenceOwner.temporary("test");
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
    }

    private static byte[] bytes(int number, int length) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static void append(JournalWriter writer, int number, int length) {
        byte[] bytes = bytes(number, length);
        writer.open(length);
        writer.write(bytes);
        writer.publish();
    }

    private Thread prepareWithoutPause(JournalWriter writer) {
        Thread thread = new Thread(() -> {
            try {
                while (!stopped) {
                    writer.prepareAhead(0);
                    rounds.incrementAndGet();
                }
                writer.endPreparation();
            } catch (RuntimeException | Error e) {
                failure.set(e);
            }
        }, "toucher");
        thread.start();
        return thread;
    }

    private void stop(Thread thread) throws InterruptedException {
        stopped = true;
        thread.join();
        assertEquals(null, failure.get());
    }

    private void assertStored(int documents, int length) {
        DocumentScanner scanner = new DocumentScanner(new Windows(folder)).moveTo(Address.of(0, 0));
        int found = 0;
        Step step = scanner.next();
        while (step != Step.END) {
            if (step == Step.DOCUMENT) {
                byte[] data = new byte[length];
                scanner.commit().buffer().getBytes(scanner.commit().offset(), data);
                assertArrayEquals(bytes(found, length), data);
                found++;
            }
            step = scanner.next();
        }
        assertEquals(documents, found);
    }

    @Test
    void aWriterThatRollsAllTheTimeIsFollowed() throws Exception {
        int documents = 20_000;
        try (JournalWriter writer = JournalWriter.open(folder, 1 << 20, Address.of(0, 0))) {
            Thread thread = prepareWithoutPause(writer);
            for (int i = 0; i < documents; i++) {
                append(writer, i, 1004);
            }
            stop(thread);
        }
        assertTrue(folder.cycles().length > 10);
        assertStored(documents, 1004);
    }

    @Test
    void aWriterThatLeavesAMappingIsFollowed() throws Exception {
        int documents = 80;
        int length = (8 << 20) - 4;
        try (JournalWriter writer = JournalWriter.open(folder, 2L << 30, Address.of(0, 0))) {
            Thread thread = prepareWithoutPause(writer);
            for (int i = 0; i < documents; i++) {
                append(writer, i, length);
            }
            int before = rounds.get();
            while (rounds.get() < before + 2 && failure.get() == null) {
                Thread.onSpinWait();
            }
            stop(thread);
        }
        assertStored(documents, length);
    }

    @Test
    void itIsDueWhenTheWriterComesCloseToItsEnd() throws IOException {
        try (JournalWriter writer = JournalWriter.open(folder, 64 << 20, Address.of(0, 0))) {
            assertFalse(writer.preparationIsDue());
            writer.prepareAhead(0);
            append(writer, 0, 1004);
            assertTrue(writer.preparationIsDue(), "a new file");
            writer.prepareAhead(0);
            assertFalse(writer.preparationIsDue());
            int appended = 1;
            while (!writer.preparationIsDue()) {
                append(writer, appended++, 1004);
            }
            assertTrue(appended > 100, "appended=" + appended);
            writer.endPreparation();
            writer.prepareAhead(0);
            append(writer, appended, 1004);
        }
    }

    /** Pieces of many pages would be written as a whole by each force. The kernel's list of mappings tells. */
    @Test
    void pagesComeOneByOneWhereTheJournalIsForcedOften() throws IOException {
        try (JournalWriter writer = JournalWriter.open(folder, 64 << 20, Address.of(0, 0))) {
            append(writer, 0, 1004);
            assertTrue(writer.prepareAhead(0));
            assertFalse(anySinglePages());
            append(writer, 1, 1004);
            assertTrue(writer.prepareAhead(1), "forced once");
            for (int i = 2; !writer.preparationIsDue(); i++) {
                append(writer, i, 1004);
            }
            assertTrue(writer.prepareAhead(100));
            assertTrue(anySinglePages());
            for (int i = 1000; !writer.preparationIsDue(); i++) {
                append(writer, i, 1004);
            }
            assertTrue(writer.prepareAhead(0));
            assertFalse(anySinglePages());
            writer.endPreparation();
        }
    }

    private boolean anySinglePages() throws IOException {
        boolean ours = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith(folder.cycleFile(0).toRealPath().toString());
            } else if (ours && line.startsWith("VmFlags:") && line.contains(" rr")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aFileThatTheWriterLeftGetsNoMoreRoomAndTheNextOneIsDue() throws Exception {
        long cycleBytes = 8 << 20;
        Room room = new Room(folder, cycleBytes);
        PageToucher toucher = new PageToucher(room, cycleBytes);
        Path left = folder.cycleFile(0);
        MappedFile file = MappedFile.mappedFile(left.toFile(), 64 << 20, 1 << 20);
        try {
            file.acquireBytesForWrite(owner, 0).release(owner);
            toucher.follow(0, file, 4096);
            toucher.run(0);
            assertFalse(toucher.isDue());
            String blocks = blocks(left);
            toucher.reached(1, 4096); // the writer has rolled; that it has a new file is told a moment later
            toucher.run(0);
            assertEquals(blocks, blocks(left));
            assertTrue(toucher.isDue());
        } finally {
            toucher.close();
            room.close();
            file.releaseLast();
        }
    }

    /** Its work is optional: the JVM's way to tell of a failing disk must not end the thread that also keeps the index. */
    @Test
    void anErrorOfTheMemoryIsNotPassedOn() throws Exception {
        try (JournalWriter writer = JournalWriter.open(folder, 64 << 20, Address.of(0, 0))) {
            Field toucher = JournalWriter.class.getDeclaredField("toucher");
            toucher.setAccessible(true);
            Field pages = PageToucher.class.getDeclaredField("pages");
            pages.setAccessible(true);
            pages.set(toucher.get(writer), new UnsafeBuffer(0, 0) {
                @Override
                public boolean compareAndSetLong(int index, long expected, long update) {
                    throw new InternalError("a fault occurred in an unsafe memory access operation");
                }
            });
            append(writer, 0, 1004);
            writer.prepareAhead(0);
            assertFalse(writer.preparationIsDue(), "not in this file any more");
            append(writer, 1, 1004);
            writer.endPreparation();
        }
        assertStored(2, 1004);
    }

    private static String blocks(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aClosedWriterIsNotTouched() throws IOException {
        JournalWriter writer = JournalWriter.open(folder, 64 << 20, Address.of(0, 0));
        append(writer, 0, 1004);
        writer.close();
        writer.prepareAhead(0);
        assertFalse(writer.preparationIsDue());
        writer.endPreparation();
        assertStored(1, 1004);
    }
}
