package io.daybook.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSumTest {

    private static final int PIECE = 4096;

    @TempDir
    private Path root;

    /** The sum is part of the format: in how many pieces it is computed must not show. */
    @Test
    void isThatOfTheWholeWhateverThePieces() throws IOException {
        Random random = new Random(13);
        for (int length : new int[] {0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 37 * PIECE + 5}) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            CRC32C whole = new CRC32C();
            whole.update(bytes);
            Path file = Files.write(root.resolve("bytes"), bytes);
            try (FileChannel channel = FileChannel.open(file)) {
                assertEquals((int) whole.getValue(), FileSum.of(channel, PIECE, Thread::new), "length=" + length);
                assertEquals((int) whole.getValue(), FileSum.of(channel, Thread::new), "length=" + length);
            }
        }
    }

    @Test
    void aFailureOfAPieceIsThatOfTheWhole() throws IOException {
        Path file = Files.write(root.resolve("bytes"), new byte[3 * PIECE]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThrows(NonReadableChannelException.class, () -> FileSum.of(channel, PIECE, Thread::new));
        }
    }

    @Test
    void itsThreadsAreTheHostsAndItDoesWithoutThem() throws IOException {
        byte[] bytes = new byte[1000 * PIECE];
        new Random(23).nextBytes(bytes);
        CRC32C whole = new CRC32C();
        whole.update(bytes);
        Path file = Files.write(root.resolve("bytes"), bytes);
        List<Thread> made = new CopyOnWriteArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            assertEquals((int) whole.getValue(), FileSum.of(channel, PIECE, work -> {
                made.add(new Thread(work));
                return made.get(made.size() - 1);
            }));
            assertEquals(Runtime.getRuntime().availableProcessors() - 1, made.size());
            assertEquals((int) whole.getValue(), FileSum.of(channel, PIECE, work -> {
                throw new OutOfMemoryError("unable to create native thread");
            }));
        }
    }
}
