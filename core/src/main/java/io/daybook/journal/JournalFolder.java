package io.daybook.journal;

import io.daybook.host.Space;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Names of everything in a journal's folder. Internal: not part of the API.
 *
 * @param root      the journal's folder
 * @param restoring the journal in it is being put together from elsewhere: it is no journal to anybody else yet
 */
public record JournalFolder(Path root, boolean restoring) {

    /** Ending of a journal file. */
    public static final String CYCLE_SUFFIX = ".cq4";

    /** The last cycle whose name sorts behind all others: the end of the year 9999. */
    public static final int LAST_CYCLE = (int) LocalDate.of(9999, 12, 31).toEpochDay();

    // Chronicle names the file of a cycle by the day at which a daily cycle of that number would begin.
    private static final DateTimeFormatter CYCLE_NAME = DateTimeFormatter.ofPattern("uuuuMMdd'F'");

    /** A journal that is there, or is to be made. */
    public JournalFolder(Path root) {
        this(root, false);
    }

    /** Identity and settings fixed at creation; with it the folder is a journal. */
    public Path journalFile() {
        return restoring ? restoreFile() : root.resolve("journal.dbk");
    }

    /** What stands in for {@link #journalFile} until a restored journal is whole. */
    public Path restoreFile() {
        return root.resolve("restore.dbk");
    }

    /** The epochs and where they began. */
    public Path epochFile() {
        return root.resolve("epochs.dbk");
    }

    /** Durable position, clean close, boot id. */
    public Path stateFile() {
        return root.resolve("state.dbk");
    }

    /** What the owner locks. Nothing else ever opens it. */
    public Path ownerLock() {
        return root.resolve("owner.lock");
    }

    /** The owner's process id, for the message to whom is refused. */
    public Path ownerPid() {
        return root.resolve("owner.pid");
    }

    /** The Chronicle Queue. */
    public Path queue() {
        return root.resolve("queue");
    }

    /** Chronicle's own table of its cycles. */
    public Path queueMetadata() {
        return queue().resolve("metadata.cq4t");
    }

    /** Everything derived: may be deleted. */
    public Path index() {
        return root.resolve("index");
    }

    /** Checkpoints of named subscriptions. */
    public Path followers() {
        return root.resolve("followers");
    }

    /** The checkpoint of this subscription. */
    public Path followerFile(String name) {
        return followers().resolve(name + ".dbk");
    }

    /** What the holder of this name locks. Nothing else ever opens it. */
    public Path followerLock(String name) {
        return followers().resolve(name + ".lock");
    }

    /** Copies of what recovery cut off. */
    public Path setAside() {
        return root.resolve("set-aside");
    }

    /** The file of a cycle, whether it exists or not. */
    public Path cycleFile(int cycle) {
        return queue().resolve(CYCLE_NAME.format(LocalDate.ofEpochDay(cycle)) + CYCLE_SUFFIX);
    }

    /** Cycles that have a file, in order. */
    public int[] cycles() {
        if (!Files.isDirectory(queue())) {
            return new int[0];
        }
        try (Stream<Path> files = Files.list(queue())) {
            return files.map(Path::toFile).map(File::getName).filter(name -> name.endsWith(CYCLE_SUFFIX))
                    .flatMapToInt(JournalFolder::cycleOf).sorted().toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static IntStream cycleOf(String name) {
        try {
            return IntStream.of((int) LocalDate.parse(name.substring(0, name.length() - CYCLE_SUFFIX.length()), CYCLE_NAME).toEpochDay());
        } catch (DateTimeParseException e) {
            return IntStream.empty();
        }
    }

    /** Free on the disk that the folder lies on. */
    public long freeBytes() {
        try {
            return Space.free(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True if a file of Chronicle's has its first header, complete. */
    public static boolean hasFirstHeader(FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(header, 0);
        return header.position() == Integer.BYTES
                && (header.getInt(0) & DocumentScanner.END_OF_FILE) == DocumentScanner.METADATA;
    }

    /** The same of a file that is not open. */
    public static boolean hasFirstHeader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return hasFirstHeader(channel);
        }
    }

    /** Forces the entries of a folder to the device: a new or renamed file is there after a power cut only then. */
    public static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
