package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.JournalDamagedException;
import io.daybook.StoreSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsTest {

    private static final long STEP = 256L << 20;
    private static final long OVERLAP = StoreSettings.MAX_COMMIT_BYTES + (1L << 20);

    @TempDir
    private Path root;
    private JournalFolder folder;
    private Windows windows;

    @BeforeEach
    void name() {
        folder = new JournalFolder(root);
        windows = new Windows(folder);
    }

    private void file(int cycle, long size) throws IOException {
        try (CycleFile file = CycleFile.create(folder, cycle)) {
            file.document(new byte[] {1, 2, 3, 4}).size(size);
        }
    }

    @Test
    void aWindowHoldsWhatWasAskedForAndNothingBehindTheEndOfTheFile() throws IOException {
        file(3, 1000);
        Window window = windows.at(3, 0, 1000);
        assertEquals(3, window.cycle());
        assertEquals(0, window.base());
        assertEquals(1000, window.buffer().capacity());
        assertTrue(window.holds(0, 1000));
        assertFalse(window.holds(0, 1001));
        assertFalse(window.holds(1000, 1));
        assertFalse(window.holds(-1, 1));
        assertEquals(1, window.buffer().getByte(window.index(CycleFile.FIRST + 4)));
        assertNull(windows.at(3, 0, 1001));
        assertNull(windows.at(3, 1000, 1));
        assertNull(windows.at(3, STEP, 1));
        assertSame(window, windows.at(3, 999, 1), "mapped once");
    }

    @Test
    void aLongerWindowTakesItsPlaceWhenTheFileHasGrown() throws IOException {
        file(0, 1000);
        Window before = windows.require(0, 500, 4);
        try (var channel = FileChannel.open(folder.cycleFile(0), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {9}), 4999);
        }
        assertSame(before, windows.at(0, 500, 4));
        Window after = windows.at(0, 4999, 1);
        assertNotSame(before, after);
        assertEquals(5000, after.buffer().capacity());
        assertEquals(9, after.buffer().getByte(4999));
        assertSame(after, windows.at(0, 500, 4));
        assertEquals(1, before.buffer().getByte(CycleFile.FIRST + 4), "who kept the shorter one reads on");
    }

    @Test
    void windowsOverlapByMoreThanTheLargestCommit() throws IOException {
        file(0, STEP + OVERLAP + 5000);
        Window first = windows.at(0, STEP - 1, OVERLAP);
        assertEquals(0, first.base());
        assertEquals(STEP + OVERLAP, first.buffer().capacity());
        assertSame(first, windows.at(0, STEP - 1, OVERLAP));
        Window second = windows.at(0, STEP, OVERLAP);
        assertEquals(STEP, second.base());
        assertEquals(OVERLAP + 5000, second.buffer().capacity());
        assertEquals(0, second.index(STEP));
        assertEquals(OVERLAP + 4999, second.index(STEP + OVERLAP + 4999));
        assertSame(second, windows.at(0, STEP + OVERLAP + 4999, 1));
        assertSame(first, windows.at(0, 0, 1));
        assertNull(windows.at(0, STEP - 1, OVERLAP + 2), "longer than any commit");
        assertTrue(OVERLAP > StoreSettings.MAX_COMMIT_BYTES + DocumentScanner.HEADER_LENGTH);
    }

    @Test
    void aMissingFileHasNoWindowUntilItIsThere() throws IOException {
        assertNull(windows.at(7, 0, 4));
        JournalDamagedException e = assertThrows(JournalDamagedException.class, () -> windows.require(7, 8, 4));
        assertEquals(folder.cycleFile(7).toString(), e.file());
        assertEquals(8, e.offset());
        file(7, 100);
        assertEquals(7, windows.at(7, 8, 4).cycle());
        file(2, 100);
        assertEquals(2, windows.at(2, 8, 4).cycle());
        assertEquals(7, windows.at(7, 8, 4).cycle());
    }

    @Test
    void aFileWithoutAFirstHeaderIsNotMapped() throws IOException {
        Files.createDirectories(folder.queue());
        for (byte highest : new byte[] {0, (byte) 0x80, (byte) 0xC0}) {
            Files.write(folder.cycleFile(1), new byte[] {8, 0, 0, highest, 1, 1, 1, 1, 1, 1, 1, 1});
            assertNull(windows.at(1, 0, 4), "highest byte=" + highest);
        }
        Files.write(folder.cycleFile(1), new byte[] {8, 0, 0, 0x40, 1, 1, 1, 1, 1, 1, 1, 1});
        assertEquals(12, windows.at(1, 0, 4).buffer().capacity());
    }

    @Test
    void whatWasForgottenIsMappedAnew() throws IOException {
        file(1, 1000);
        Window before = windows.at(1, 0, 4);
        Files.delete(folder.cycleFile(1));
        assertSame(before, windows.at(1, 0, 4));
        windows.forget();
        assertNull(windows.at(1, 0, 4));
        file(1, 500);
        assertEquals(500, windows.at(1, 0, 4).buffer().capacity());
    }

    @Test
    void anInterruptedThreadMapsAndStaysInterrupted() throws IOException {
        file(1, 1000);
        Thread.currentThread().interrupt();
        assertEquals(1, windows.at(1, 0, 4).cycle());
        assertTrue(Thread.interrupted());
    }

    @Test
    void findsTheNextCycleThatHasAFile() throws IOException {
        for (int cycle : new int[] {2, 3, 9}) {
            file(cycle, 100);
        }
        assertEquals(2, windows.cycleAfter(0));
        assertEquals(2, windows.cycleAfter(1));
        assertEquals(3, windows.cycleAfter(2));
        assertEquals(9, windows.cycleAfter(3));
        assertEquals(9, windows.cycleAfter(8));
        assertEquals(-1, windows.cycleAfter(9));
    }
}
