package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.journal.BootId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UninterruptedTest {

    @TempDir
    private Path folder;

    /** Interrupted right when it reads, for so many times. */
    private String read(AtomicInteger runs, int interrupts) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve("file"), StandardOpenOption.READ)) {
            if (runs.getAndIncrement() < interrupts) {
                Thread.currentThread().interrupt();
            }
            ByteBuffer bytes = ByteBuffer.allocate(2);
            channel.read(bytes, 0);
            return new String(bytes.array());
        }
    }

    @Test
    void isBegunAgainAsOftenAsItIsInterrupted() throws IOException {
        Files.writeString(folder.resolve("file"), "ok");
        for (int interrupts = 0; interrupts < 4; interrupts++) {
            AtomicInteger runs = new AtomicInteger();
            int times = interrupts;
            assertEquals("ok", Uninterrupted.call(() -> read(runs, times)));
            assertEquals(interrupts + 1, runs.get());
            assertEquals(interrupts > 0, Thread.interrupted(), "the mark is put back");
        }
    }

    @Test
    void anInterruptFromBeforeHoldsNothingUp() throws IOException {
        Files.writeString(folder.resolve("file"), "ok");
        AtomicInteger runs = new AtomicInteger();
        Thread.currentThread().interrupt();
        assertEquals("ok", Uninterrupted.call(() -> read(runs, 0)));
        assertEquals(1, runs.get());
        assertTrue(Thread.interrupted());
    }

    @Test
    void otherFailuresAreTold() {
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, () -> Uninterrupted.call(() -> read(new AtomicInteger(), 0)));
        assertTrue(Thread.interrupted());
        assertThrows(IllegalStateException.class, () -> Uninterrupted.call(() -> {
            throw new IllegalStateException();
        }));
        assertFalse(Thread.interrupted());
    }

    @Test
    void theBootIdStaysTheSame() {
        assertEquals(BootId.current().equals(BootId.current()), Files.exists(Path.of("/proc/sys/kernel/random/boot_id")));
    }
}
