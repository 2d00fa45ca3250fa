package io.daybook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in memory, where the system has such a thing: for tests of much opening and closing, whose forcing proves nothing. */
public final class MemoryFolder implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 1L << 30; // some containers have 64 MiB there

    private final Path path;

    private MemoryFolder(Path path) {
        this.path = path;
    }

    private static boolean hasRoom() {
        return Files.isWritable(MEMORY) && MEMORY.toFile().getUsableSpace() >= ROOM;
    }

    /** A new one; below this folder where there is none in memory, or little. */
    public static MemoryFolder make(Path otherwise) throws IOException {
        return new MemoryFolder(Files.createTempDirectory(hasRoom() ? MEMORY : otherwise, "daybook-test-"));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Deletes it with all in it, and looks for what was left open. */
    @Override
    public void close() throws IOException {
        try {
            Leaks.assertNone(path);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            JournalFiles.delete(path);
        }
    }
}
