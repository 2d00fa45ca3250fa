package io.daybook.recovery;

import io.daybook.JournalDamagedException;
import io.daybook.envelope.Address;
import io.daybook.host.OwnerOnly;
import io.daybook.journal.JournalFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts off what stands behind the last valid commit, keeping a copy: zeros from the cut, an end mark there, later files moved away. A
 * reader, also a plain Chronicle tailer, then goes on with the next file instead of waiting before the gap for ever. Internal: not part of
 * the API.
 */
final class TornTail {

    private static final int END_OF_FILE = 0xC000_0000;
    private static final int STEP = 1 << 20;
    private static final long FIRST_PAGES = 64 << 10; // Chronicle's file header; index pages and documents come behind
    private static final long MOST_COPIED = 256L << 20;

    private final JournalFolder folder;
    private final List<String> setAside = new ArrayList<>();

    TornTail(JournalFolder folder) {
        this.folder = folder;
    }

    /**
     * Moves away newest files whose first header is not there: a kill in the middle of a roll leaves one, and Chronicle would wait for it.
     * The same with its own table.
     *
     * @throws JournalDamagedException if the machine did not stop and there is more in such a file than a roll cut short leaves
     */
    void setAsideUnfinishedFiles(boolean machineStopped) throws IOException {
        int[] cycles = folder.cycles();
        for (int i = cycles.length - 1; i >= 0 && !hasFirstHeader(folder.cycleFile(cycles[i])); i--) {
            Path file = folder.cycleFile(cycles[i]);
            if (!machineStopped && hasBytesBehind(file, FIRST_PAGES)) {
                throw new JournalDamagedException("The journal is damaged: a file has lost its first header", file.toString(), 0);
            }
            moveAway(file);
        }
        if (Files.exists(folder.queueMetadata()) && !hasFirstHeader(folder.queueMetadata())) {
            Files.delete(folder.queueMetadata());
        }
    }

    private static boolean hasFirstHeader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return JournalFolder.hasFirstHeader(channel);
        }
    }

    private static boolean hasBytesBehind(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(STEP);
            ByteBuffer zeros = ByteBuffer.allocate(STEP);
            long size = channel.size();
            for (long at = offset; at < size; at += bytes.limit()) {
                fill(bytes, channel, at, size);
                if (bytes.mismatch(zeros.clear().limit(bytes.limit())) >= 0) {
                    return true;
                }
            }
            return false;
        }
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
        for (int later : folder.cycles()) {
            if (later > cycle) {
                moveAway(folder.cycleFile(later));
            }
        }
        Path file = folder.cycleFile(cycle);
        if (!Files.exists(file)) {
            return;
        }
        if (offset == 0) {
            moveAway(file);
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (torn) {
                zeroBehind(channel, file, offset);
            }
            ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, END_OF_FILE);
            channel.write(mark, offset);
            channel.force(true);
            JournalFolder.force(folder.queue());
        }
    }

    private void zeroBehind(FileChannel channel, Path file, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(STEP);
        ByteBuffer zeros = ByteBuffer.allocate(STEP);
        Path copy = copyName(file, offset);
        long size = channel.size();
        FileChannel out = null;
        try {
            for (long at = offset; at < size; at += bytes.limit()) {
                fill(bytes, channel, at, size);
                if (bytes.mismatch(zeros.clear().limit(bytes.limit())) < 0) {
                    continue;
                }
                if (out == null) {
                    OwnerOnly.createFolder(folder.setAside());
                    out = OwnerOnly.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    setAside.add(copy.getFileName().toString());
                }
                if (at - offset < MOST_COPIED) {
                    out.write(bytes.duplicate(), at - offset);
                    out.force(true);
                }
                channel.write(zeros.clear().limit(bytes.limit()), at);
            }
        } finally {
            if (out != null) {
                out.close();
            }
        }
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

    /** Names of the copies that were kept. */
    List<String> setAside() {
        return setAside;
    }
}
