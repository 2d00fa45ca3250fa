package io.daybook.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.NoSpaceException;
import io.daybook.machine.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to be reserved is; nothing is reserved that no document can use. */
class RoomTest {

    private static final long MIB = 1 << 20;
    private static final long CYCLE_BYTES = 128 * MIB;
    private static final long SLACK = 2 * MIB;

    @TempDir
    private Path root;
    private Path file;
    private Room room;

    @BeforeEach
    void open() throws IOException {
        JournalFolder folder = new JournalFolder(root);
        Files.createDirectories(folder.queue());
        file = folder.cycleFile(0);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(640 * MIB);
        }
        room = new Room(folder, CYCLE_BYTES);
    }

    @AfterEach
    void close() {
        room.close();
    }

    private long reservedBytes() throws IOException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        return 512 * Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim());
    }

    @Test
    void nothingIsReservedBehindTheFilesEnd() throws IOException {
        for (long offset = 0; offset < CYCLE_BYTES - MIB; offset += MIB) {
            room.require(0, offset, MIB);
        }
        assertTrue(reservedBytes() >= CYCLE_BYTES - MIB, "reservedBytes=" + reservedBytes());
        assertTrue(reservedBytes() <= CYCLE_BYTES + SLACK, "reservedBytes=" + reservedBytes());
        room.require(0, CYCLE_BYTES, 8 * MIB);
        assertTrue(reservedBytes() >= CYCLE_BYTES + 8 * MIB, "a document larger than a file: reservedBytes=" + reservedBytes());
    }

    @Test
    void whatCouldNotBeReservedOnceIsReservedLater() throws IOException {
        Path away = root.resolve("away");
        Files.move(file, away);
        room.require(0, 16 * MIB, 1000); // no such file: only free space was asked for
        Files.move(away, file);
        assertEquals(0, reservedBytes());
        assertEquals(48 * MIB, room.reserveAhead(0, 16 * MIB, 48 * MIB));
        assertTrue(reservedBytes() >= 32 * MIB, "reservedBytes=" + reservedBytes());
    }

    /** The look at what is free must not count what the file itself has just got. */
    @Test
    void aNewFileNeedsItsRoomOnce() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(root, 64, "aNewFileNeedsItsRoomOnce")) {
            disk.fillUpTo(5 * MIB);
            JournalFolder folder = new JournalFolder(disk.folder());
            Files.createDirectories(folder.queue());
            try (Room little = new Room(folder, CYCLE_BYTES)) {
                assertThrows(NoSpaceException.class, () -> little.requireForNewFile(0, 8 * MIB));
                assertFalse(Files.exists(folder.cycleFile(0)));
                little.requireForNewFile(0, 2 * MIB);
                assertTrue(Files.exists(folder.cycleFile(0)));
            }
        }
    }

    @Test
    void afterItsCloseNothingIsReserved() throws IOException {
        room.close();
        room.require(0, 0, 1000);
        assertEquals(0, reservedBytes());
    }
}
