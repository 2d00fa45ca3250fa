package io.daybook.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.agrona.IoUtil;

/**
 * A folder of its own for one measurement, deleted with all that is in it. It lies in the folder that the system property
 * {@value #PROPERTY} names, else beside the benchmarks' jar, else in the folder for temporary files. It is deleted, too, when the program
 * is told to end: what is measured takes gigabytes.
 */
public final class Scratch implements AutoCloseable {

    /** Names the folder in which measurements are made. */
    public static final String PROPERTY = "daybook.bench.folder";

    private static final long MAPPED_BYTES = 1 << 30;
    private static final int PAGE_BYTES = 4096;
    private static final int MOST_TRIES = 1_000;
    private static final int LOOKS = 100; // a second: what is loading the classes of a queue makes its folder late
    private static final long LOOK_NS = 10_000_000;

    private final Path path;
    private final Thread atEnd;

    private Scratch(Path path, Thread atEnd) {
        this.path = path;
        this.atEnd = atEnd;
    }

    static Scratch create() {
        return createIn(base());
    }

    public static Scratch createIn(Path base) {
        try {
            Files.createDirectories(base);
            String number = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), Character.MAX_RADIX);
            Path path = base.resolve("daybook-bench-" + number); // short: the path of a server's socket has 107 bytes
            Thread atEnd = new Thread(() -> deleteBesideWriters(path));
            Runtime.getRuntime().addShutdownHook(atEnd); // first: in a program that is ending this throws, and no folder is left
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new Scratch(path, atEnd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path base() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Paths.get(named);
        }
        Path besideJar = ForkFlags.origin().getParent();
        return ForkFlags.inJar() && Files.isWritable(besideJar) ? besideJar : Paths.get(System.getProperty("java.io.tmpdir"));
    }

    public Path path(String name) {
        return path.resolve(name);
    }

    /**
     * Touches a file of this size page by page and deletes it. A page frame that a virtual machine has given back to its host costs ten
     * times one that it still has, and more than an append; without this whoever measures first loses. Through a mapping, as queues are
     * written: the frames are then the ones that a queue would get.
     */
    public void warmFrames(long bytes) {
        File file = path.resolve("frames").toFile();
        for (long left = bytes; left > 0; left -= MAPPED_BYTES) {
            MappedByteBuffer frames = IoUtil.mapNewFile(file, Math.min(left, MAPPED_BYTES), false);
            for (int page = 0; page < frames.capacity(); page += PAGE_BYTES) {
                frames.put(page, (byte) 1);
            }
            IoUtil.unmap(frames);
            IoUtil.delete(file, false);
        }
    }

    /** One that is there; whoever made it deletes it. */
    static Scratch existing(Path path) {
        return new Scratch(path, null);
    }

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What still runs, a server too, may make and delete files meanwhile, and the folder itself again. */
    private static void deleteBesideWriters(Path folder) {
        int gone = 0;
        for (int tries = 0; tries < MOST_TRIES && gone < LOOKS; tries++) {
            if (!Files.exists(folder)) {
                gone++;
                LockSupport.parkNanos(LOOK_NS);
                continue;
            }
            gone = 0;
            try {
                delete(folder);
            } catch (UncheckedIOException e) {
                continue; // a file vanished under it
            }
        }
    }

    @Override
    public void close() {
        if (atEnd == null) {
            return; // whoever made it deletes it
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            return; // the program is ending: the hook deletes it
        }
        delete(path);
    }
}
