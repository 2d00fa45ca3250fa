package io.daybook.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NoSpaceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Room is taken before it is written, and a file that has none leaves no trace. */
class SpaceTest {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private static long blocks(Path file) throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim());
    }

    @Test
    void aNewFileIsEmptyAndHasItsRoom() throws IOException {
        Path file = folder.resolve("new");
        Space.create(file, 5 * MIB);
        assertEquals(0, Files.size(file));
        assertTrue(blocks(file) >= 5 * MIB, "bytes=" + blocks(file));
        Space.require(file, 5 * MIB, 3 * MIB);
        assertEquals(0, Files.size(file));
        assertTrue(blocks(file) >= 8 * MIB, "bytes=" + blocks(file));
    }

    @Test
    void whereThereIsNoRoomNothingIsMade() {
        Path file = folder.resolve("huge");
        NoSpaceException e = assertThrows(NoSpaceException.class, () -> Space.create(file, 1L << 43));
        assertTrue(e.getMessage().contains("neededBytes=" + (1L << 43)), e.getMessage());
        assertFalse(Files.exists(file));
    }

    /** A reservation that fails half-way keeps what it got, which may be all that the disk has. */
    @Test
    void whatCannotBeHadWholeIsNotTakenInPart() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[0]);
        int descriptor = Space.open(file);
        try {
            assertEquals(Space.Outcome.NO_ROOM, Space.reserve(folder, descriptor, 0, 1L << 43));
            assertEquals(0, blocks(file));
        } finally {
            Space.close(descriptor);
        }
    }

    @Test
    void aFileThatIsThereStaysAsItIsWhenMoreIsRefused() throws IOException {
        Path file = Files.write(folder.resolve("small"), new byte[100]);
        assertThrows(NoSpaceException.class, () -> Space.require(file, 100, 1L << 43));
        assertEquals(100, Files.size(file));
        Space.require(folder.resolve("missing"), 0, 100);
        assertFalse(Files.exists(folder.resolve("missing")), "only free space was asked for");
    }

    @Test
    void aSmallFileIsFilledUpToItsLengthAndNoFurther() throws IOException {
        Path file = Files.write(folder.resolve("small"), new byte[] {1, 2, 3});
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Space.fill(channel, 10);
            Space.fill(channel, 5);
        }
        assertEquals(10, Files.size(file));
        assertEquals(1, Files.readAllBytes(file)[0]);
    }

    @Test
    void aReservationThatTheFileSystemCannotMakeIsNoLackOfRoom() throws IOException {
        assertEquals(Space.Outcome.CANNOT, Space.reserve(folder, -1, 0, 100));
        Space.requireRoom(Space.Outcome.CANNOT, folder, 100);
        Space.requireRoom(Space.Outcome.RESERVED, folder, 1L << 50);
        assertThrows(NoSpaceException.class, () -> Space.requireRoom(Space.Outcome.CANNOT, folder, 1L << 50));
        assertThrows(NoSpaceException.class, () -> Space.requireRoom(Space.Outcome.NO_ROOM, folder, 1));
    }
}
