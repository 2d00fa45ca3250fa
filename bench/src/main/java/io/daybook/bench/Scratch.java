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

    private final Path path;

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
     * Writes a file of this size and deletes it. A page frame that a virtual machine has given back to its host costs ten times one that
     * it still has, and more than an append; without this whoever measures first loses.
     */
    void warmFrames(long bytes) {
        Path file = path.resolve("frames");
        ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long written = 0; written < bytes; written += block.capacity()) {
                block.clear();
                channel.write(block);
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
