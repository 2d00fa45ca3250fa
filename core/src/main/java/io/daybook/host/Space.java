package io.daybook.host;

import io.daybook.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.posix.OpenFlag;
import net.openhft.posix.PosixAPI;
import net.openhft.posix.internal.noop.NoOpPosixAPI;

/**
 * Takes room on the disk before it is written: under a memory map a full disk otherwise shows as a lost write or a dead JVM. Room is taken
 * by fallocate without changing the file's size; where the file system cannot, free space is asked for instead, which others may use up
 * meanwhile. Internal: not part of the API.
 */
public final class Space {

    /** What became of a reservation. */
    public enum Outcome {
        /** The room is there. */
        RESERVED,
        /** The disk, or the owner's share of it, is full. */
        NO_ROOM,
        /** The file system does not reserve. */
        CANNOT
    }

    private static final int KEEP_SIZE = 1;
    private static final long LITTLE = 1 << 20;
    private static final int NO_SPACE = 28; // ENOSPC, on all platforms
    private static final int NO_QUOTA = System.getProperty("os.name").startsWith("Mac") ? 69 : 122; // EDQUOT
    private static final boolean CAN_RESERVE = !(PosixAPI.posix() instanceof NoOpPosixAPI);

    private Space() {
    }

    /**
     * Bytes that this process may still take on the disk of a folder. The system is asked directly: a {@code FileStore} reads the table of
     * mounts first, which costs garbage while events are appended.
     */
    public static long free(Path folder) throws IOException {
        long free = folder.toFile().getUsableSpace();
        return free > 0 ? free : Files.getFileStore(folder).getUsableSpace(); // 0 stands for an error too
    }

    /** Opens a file for {@link #reserve}; negative if it cannot be. */
    public static int open(Path file) {
        try {
            return PosixAPI.posix().open(file.toString(), OpenFlag.O_RDWR, 0);
        } catch (RuntimeException e) {
            return -1;
        }
    }

    /** Closes it. */
    public static void close(int descriptor) {
        PosixAPI.posix().close(descriptor);
    }

    /**
     * Takes room for these bytes of an open file in this folder. Looks first whether there is so much, unless it is little: a reservation
     * that fails half-way would keep what it got, and leave the disk full for all others. What the file has already counts as needed there.
     */
    public static Outcome reserve(Path folder, int descriptor, long from, long length) {
        try {
            if (length > LITTLE && free(folder) < length) {
                return Outcome.NO_ROOM;
            }
            if (CAN_RESERVE && PosixAPI.posix().fallocate(descriptor, KEEP_SIZE, from, length) == 0) {
                return Outcome.RESERVED;
            }
            int error = CAN_RESERVE ? PosixAPI.posix().lastError() : 0;
            return error == NO_SPACE || error == NO_QUOTA ? Outcome.NO_ROOM : Outcome.CANNOT;
        } catch (IOException | RuntimeException e) {
            return Outcome.CANNOT;
        }
    }

    /**
     * Makes a file, empty and for its owner only, with room for so many bytes; none is left if there is no room.
     *
     * @throws NoSpaceException if there is no room
     */
    public static void create(Path file, long bytes) throws IOException {
        OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE).close();
        try {
            require(file, 0, bytes);
        } catch (NoSpaceException | IOException e) {
            Files.delete(file);
            throw e;
        }
    }

    /**
     * Takes room for these bytes of a file, which must be there.
     *
     * @throws NoSpaceException if there is no room
     */
    public static void require(Path file, long from, long bytes) throws IOException {
        Outcome outcome = Outcome.CANNOT;
        int descriptor = open(file);
        if (descriptor >= 0) {
            outcome = reserve(file.toAbsolutePath().getParent(), descriptor, from, bytes);
            close(descriptor);
        }
        requireRoom(outcome, file.toAbsolutePath().getParent(), bytes);
    }

    /** Refuses after a reservation that failed: at once if there is no room, or if that much is not free. */
    public static void requireRoom(Outcome outcome, Path folder, long bytes) throws IOException {
        long free = outcome == Outcome.RESERVED ? 0 : free(folder);
        if (outcome == Outcome.NO_ROOM || outcome == Outcome.CANNOT && free < bytes) {
            throw new NoSpaceException("There is no room on the disk, and nothing was written: neededBytes=" + bytes + " freeBytes=" + free
                    + " folder=" + folder);
        }
    }

    /** Makes a small file at least so long, by writing: a hole in a mapping would need room when it is first stored to. */
    public static void fill(FileChannel channel, int length) throws IOException {
        long size = channel.size();
        if (size < length) {
            write(channel, ByteBuffer.allocate((int) (length - size)), size);
        }
    }

    /** Writes all of it at this place: a disk that fills up takes a part, and only the next time says so. */
    public static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long end = at + bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes, end - bytes.remaining());
        }
    }
}
