package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.RecoveryReport;
import io.daybook.envelope.Address;
import io.daybook.host.Holes;
import io.daybook.host.OwnerOnly;
import io.daybook.host.Space;
import io.daybook.journal.ChronicleHeader;
import io.daybook.journal.JournalFolder;
import io.daybook.journal.StateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Cuts off what stands behind the last valid commit, keeping a copy: zeros from the cut, an end mark there, later files moved away. A
 * reader, also a plain Chronicle tailer, then goes on with the next file instead of waiting before the gap for ever. Internal: not part of
 * the API.
 */
final class TornTail {

    private static final int END_OF_FILE = 0xC000_0000;
    private static final int STEP = 1 << 20;
    private static final long FIRST_PAGES = 64 << 10; // Chronicle's file header; index pages and documents come behind
    private static final int MOST_COPIES = 32;
    private static final long MOST_COPIED = 256L << 20;

    private final JournalFolder folder;
    private final List<String> setAside = new ArrayList<>();
    private RecoveryReport.Cut cut;

    TornTail(JournalFolder folder) {
        this.folder = folder;
    }

    /**
     * Moves away newest files whose first header is not there: a kill in the middle of a roll leaves one, and Chronicle would wait for it.
     *
     * @throws JournalDamagedException if the machine did not stop and there is more in such a file than a roll cut short leaves
     */
    void setAsideUnfinishedFiles(boolean machineStopped) throws IOException {
        int[] cycles = folder.cycles();
        for (int i = cycles.length - 1; i >= 0 && !JournalFolder.hasFirstHeader(folder.cycleFile(cycles[i])); i--) {
            Path file = folder.cycleFile(cycles[i]);
            if (!machineStopped && hasBytesBehind(file, FIRST_PAGES)) {
                throw new JournalDamagedException("The journal is damaged: a file has lost its first header", file.toString(), 0);
            }
            moveAway(file);
        }
    }

    /**
     * What a roll that failed leaves of a journal that was then closed, behind the file of its last commit: an empty file is deleted, one
     * that was prepared but has no first header moved away.
     */
    void clearBehind(StateFile.Record closedAt) throws IOException {
        int last = closedAt == null ? -1 : Address.cycle(closedAt.endAddress());
        int[] cycles = folder.cycles();
        for (int i = cycles.length - 1; i >= 0 && (cycles[i] > last || Files.size(folder.cycleFile(cycles[i])) == 0); i--) {
            Path file = folder.cycleFile(cycles[i]);
            if (Files.size(file) == 0) {
                Files.delete(file);
            } else if (!JournalFolder.hasFirstHeader(file)) {
                moveAway(file);
            } else {
                return;
            }
        }
    }

    private static boolean hasBytesBehind(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Holes holes = Holes.of(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(STEP);
            return nextWritten(channel, holes, offset, bytes) >= 0;
        }
    }

    /** Reads the next stretch, from this offset on, that is not all zeros. Answers where it begins; -1: there is none. */
    private static long nextWritten(FileChannel channel, Holes holes, long from, ByteBuffer bytes) throws IOException {
        long size = channel.size();
        for (long at = holes.pass(from); at < size; at = holes.pass(at + bytes.limit())) {
            fill(bytes, channel, at, size);
            if (lengthWithoutZeros(bytes) > 0) {
                return at;
            }
        }
        return -1;
    }

    private static void fill(ByteBuffer bytes, FileChannel channel, long at, long size) throws IOException {
        bytes.clear().limit((int) Math.min(STEP, size - at));
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        bytes.flip();
    }

    /** Closes the file at the cut for good. {@code torn}: bytes behind it that look written are copied and zeroed, and all is forced. */
    void cut(long address, boolean torn) throws IOException {
        int cycle = Address.cycle(address);
        long offset = Address.offset(address);
        Path file = folder.cycleFile(cycle);
        RecoveryReport.Cut before = new RecoveryReport.Cut(file.toString(), offset, 0);
        for (int later : folder.cycles()) {
            if (later > cycle) {
                moveAway(folder.cycleFile(later));
                cut = before;
            }
        }
        if (!Files.exists(file)) {
            return;
        }
        if (offset == 0) {
            moveAway(file);
            cut = before;
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long bytes = torn ? zeroBehind(channel, file, offset) : 0;
            if (bytes > 0) {
                cut = new RecoveryReport.Cut(file.toString(), offset, bytes);
            }
            ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, END_OF_FILE);
            Space.write(channel, mark, offset);
            ChronicleHeader.noteEnd(channel, offset);
            channel.force(true);
            JournalFolder.force(folder.queue());
        }
    }

    private long zeroBehind(FileChannel channel, Path file, long offset) throws IOException {
        long written = 0;
        ByteBuffer bytes = ByteBuffer.allocate(STEP);
        ByteBuffer zeros = ByteBuffer.allocate(STEP);
        Path copy = copyName(file, offset);
        FileChannel out = null;
        try (Holes holes = Holes.of(file)) {
            long at = nextWritten(channel, holes, offset, bytes);
            while (at >= 0) {
                if (out == null) {
                    OwnerOnly.createFolder(folder.setAside());
                    out = OwnerOnly.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    setAside.add(copy.getFileName().toString());
                }
                if (at - offset < MOST_COPIED) {
                    Space.write(out, bytes.duplicate(), at - offset);
                    out.force(true);
                }
                written = at + lengthWithoutZeros(bytes) - offset;
                Space.write(channel, zeros.clear().limit(bytes.limit()), at);
                at = nextWritten(channel, holes, at + bytes.limit(), bytes);
            }
            return written;
        } finally {
            if (out != null) {
                out.close();
            }
        }
    }

    private static int lengthWithoutZeros(ByteBuffer bytes) {
        int length = bytes.limit();
        while (length > 0 && bytes.get(length - 1) == 0) {
            length--;
        }
        return length;
    }

    private Path copyName(Path file, long offset) {
        String name = file.getFileName() + "-from-" + offset;
        Path copy = folder.setAside().resolve(name);
        for (int i = 1; Files.exists(copy); i++) {
            copy = folder.setAside().resolve(name + "." + i);
        }
        return copy;
    }

    private void moveAway(Path file) throws IOException {
        OwnerOnly.createFolder(folder.setAside());
        Path to = copyName(file, 0);
        Files.move(file, to);
        setAside.add(to.getFileName().toString());
    }

    /** Deletes all copies but the newest: a machine that stops again and again must not fill its disk with them. */
    void deleteOldCopies() throws IOException {
        if (setAside.isEmpty()) {
            return;
        }
        List<Path> copies;
        try (Stream<Path> files = Files.list(folder.setAside())) {
            copies = files.sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed()).toList();
        }
        for (Path old : copies.subList(Math.min(MOST_COPIES, copies.size()), copies.size())) {
            if (!setAside.contains(old.getFileName().toString())) {
                Files.delete(old);
            }
        }
    }

    /** Where the journal was cut off; null if it was not. */
    RecoveryReport.Cut cut() {
        return cut;
    }

    /** Names of the copies that were kept. */
    List<String> setAside() {
        return setAside;
    }
}
