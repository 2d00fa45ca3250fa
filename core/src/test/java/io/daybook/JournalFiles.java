package io.daybook;

import io.daybook.host.Holes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a closed journal: kept, damaged and put back. Names stand in FORMAT.md. */
public final class JournalFiles {

    /** The folder of Chronicle Queue. */
    public static final String QUEUE = "queue";
    /** The folder of what is derived. */
    public static final String INDEX = "index";

    private static final int BLOCK = 4096;
    private static final int PART = 16 * BLOCK;
    private static final int END_OF_FILE = 0xC000_0000;

    private JournalFiles() {
    }

    /** The journal's cycle files, oldest first. */
    public static List<Path> cycles(Path folder) {
        return files(folder.resolve(QUEUE)).stream().filter(file -> file.toString().endsWith(".cq4")).toList();
    }

    /** All files under a folder, in the order of their names. */
    public static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder with all in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Changes the byte at this offset by these bits. */
    public static void flip(Path file, long offset, int bits) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(offset);
            int old = access.read();
            access.seek(offset);
            access.write(old ^ bits);
        }
    }

    /** Cuts the file off. */
    public static void truncate(Path file, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(length);
        }
    }

    /**
     * The blocks of the file that hold anything but zeros, by their offset. An empty file is not even opened: it may be one whose lock this
     * process would lose by closing it.
     */
    public static Map<Long, byte[]> blocks(Path file) throws IOException {
        return blocks(file, Long.MAX_VALUE);
    }

    private static Map<Long, byte[]> blocks(Path file, long most) throws IOException {
        Map<Long, byte[]> blocks = new TreeMap<>();
        if (Files.size(file) == 0) {
            return blocks;
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r"); Holes holes = Holes.of(file)) {
            byte[] zeros = new byte[BLOCK];
            byte[] part = new byte[PART];
            long length = Math.min(most, access.length());
            long from = holes.pass(0) & -BLOCK;
            while (from < length) {
                access.seek(from);
                int read = access.read(part, 0, (int) Math.min(PART, length - from));
                for (int at = 0; at < read; at += BLOCK) {
                    int end = Math.min(read, at + BLOCK);
                    if (!Arrays.equals(zeros, 0, end - at, part, at, end)) {
                        blocks.put(from + at, Arrays.copyOfRange(part, at, end));
                    }
                }
                from = holes.pass(from + read) & -BLOCK;
            }
        }
        return blocks;
    }

    /** The documents of a cycle file, in order, up to its end or to what was never written. */
    public static List<Document> documents(Path cycle) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (RandomAccessFile access = new RandomAccessFile(cycle.toFile(), "r")) {
            for (long offset = 0; offset + 4 <= access.length();) {
                access.seek(offset);
                int header = Integer.reverseBytes(access.readInt());
                if (header == 0 || header == END_OF_FILE) {
                    break;
                }
                int length = header & 0x3FFF_FFFF;
                documents.add(new Document(offset, length, (header & 0x4000_0000) == 0));
                offset = offset + 4 + length + 3 & ~3L;
            }
        }
        return documents;
    }

    /**
     * A document of Chronicle Queue.
     *
     * @param offset where its header of 4 bytes begins
     * @param length of what follows the header
     * @param data   false: it is Chronicle's own
     */
    public record Document(long offset, int length, boolean data) {
    }

    /** Keeps what stands in a folder, without its holes. */
    public static Kept keep(Path folder) throws IOException {
        return keep(folder, Long.MAX_VALUE);
    }

    /** The same, but of each file the beginning only, which is quicker: a journal file shows hundreds of MiB and holds next to nothing. */
    public static Kept keep(Path folder, long most) throws IOException {
        Map<Path, Long> lengths = new TreeMap<>();
        Map<Path, Map<Long, byte[]>> contents = new TreeMap<>();
        for (Path file : files(folder)) {
            Path name = folder.relativize(file);
            lengths.put(name, Math.min(most, Files.size(file)));
            contents.put(name, blocks(file, most));
        }
        return new Kept(lengths, contents);
    }

    /** What stood in a folder. */
    public record Kept(Map<Path, Long> lengths, Map<Path, Map<Long, byte[]>> contents) {

        /** Makes a folder, in the place of what is there, that holds the same. */
        public void putBack(Path folder) throws IOException {
            if (Files.exists(folder)) {
                delete(folder);
            }
            for (Map.Entry<Path, Long> file : lengths.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                try (RandomAccessFile access = new RandomAccessFile(path.toFile(), "rw")) {
                    access.setLength(file.getValue());
                    for (Map.Entry<Long, byte[]> block : contents.get(file.getKey()).entrySet()) {
                        access.seek(block.getKey());
                        access.write(block.getValue());
                    }
                }
            }
        }

        /** Offsets of the bytes of this file that are not zero. */
        public List<Long> written(Path name) {
            List<Long> offsets = new ArrayList<>();
            contents.get(name).forEach((start, block) -> {
                for (int i = 0; i < block.length; i++) {
                    if (block[i] != 0) {
                        offsets.add(start + i);
                    }
                }
            });
            return offsets;
        }
    }
}
