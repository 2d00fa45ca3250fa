package io.daybook.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder of its own for one measurement, deleted with all that is in it. It lies in the folder that the system property
 * {@value #PROPERTY} names, else beside the benchmarks' jar, else in the folder for temporary files.
 */
final class Scratch implements AutoCloseable {

    static final String PROPERTY = "daybook.bench.folder";

    private static final int BLOCK_BYTES = 1 << 20;
    private static final int FENCE_BYTES = 1 << 14;

    private final Path path;
    private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private int fences;

    private Scratch(Path path) {
        this.path = path;
    }

    static Scratch create() {
        return createIn(base());
    }

    static Scratch createIn(Path base) {
        try {
            Files.createDirectories(base);
            return new Scratch(Files.createTempDirectory(base, "daybook-bench-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path base() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Paths.get(named);
        }
        Path besideJar = ForkFlags.origin().getParent();
        return ForkFlags.inJar() && Files.isWritable(besideJar) ? besideJar : Paths.get(System.getProperty("java.io.tmpdir"));
    }

    Path path(String name) {
        return path.resolve(name);
    }

    /**
     * Gives so many bytes of memory back that were in use just now: writes two files by turns and deletes the larger. A page frame that a
     * virtual machine has given back to its host costs ten times one that it still has, and more than an append; without this whoever
     * measures first loses. What the smaller file keeps in between hinders the frames from growing into blocks large enough to go back.
     */
    void warmFrames(long bytes) {
        Path freed = path.resolve("frames");
        try (FileChannel large = FileChannel.open(freed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                FileChannel small = FileChannel.open(path.resolve("fences-" + fences++), StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
            for (long written = 0; written < bytes; written += block.capacity()) {
                write(large, block.capacity());
                write(small, FENCE_BYTES);
            }
            Files.delete(freed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(FileChannel channel, int length) throws IOException {
        block.clear().limit(length);
        channel.write(block);
    }

    static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        delete(path);
    }
}
