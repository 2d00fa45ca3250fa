package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What a closed store may have left behind: threads, open files, writable mappings. Files and mappings are looked for on Linux only. */
public final class Leaks {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final long COLLECT_NS = 200_000_000;
    private static final long LOOK_NS = 10_000_000;

    private Leaks() {
    }

    /** Fails if a thread of the store runs, or if a file under this folder is open or mapped for writing. */
    public static void assertNone(Path folder) throws IOException, InterruptedException {
        assertNoThreads();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return;
        }
        Path real = folder.toRealPath();
        assertEquals(List.of(), awaitLeft(() -> openFiles(real), 0), "files that were left open");
        assertEquals(List.of(), awaitLeft(() -> writableMaps(real), 0), "mappings for writing that were left");
    }

    /** Fails if a thread of a store still runs. */
    public static void assertNoThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("daybook-")) {
                thread.join(PATIENCE_NS / 1_000_000);
                assertFalse(thread.isAlive(), () -> "a thread was left: " + thread.getName());
            }
        }
    }

    /** Files under this folder that this process has open. */
    public static List<String> openFiles(Path folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith(folder.toString())) {
                        found.add(target);
                    }
                } catch (IOException e) {
                    // It was closed between the listing and now: the listing's own, for one.
                    continue;
                }
            }
        }
        return found;
    }

    /** Fails if there stay more mappings of files under this folder than so many; garbage collection releases some. */
    public static void awaitMappings(Path folder, int most) throws IOException {
        List<String> left = awaitLeft(() -> mappings(folder), most);
        assertTrue(left.size() <= most, () -> "mappings were left: most=" + most + " left=" + left);
    }

    private interface Sight {
        List<String> look() throws IOException;
    }

    /**
     * What is left once there is no more than so much, or once nothing was let go for so long. Some mappings are released by garbage
     * collection only, and behind it by a thread of the JVM, which each further collection holds up: none is asked for while it gets on.
     */
    private static List<String> awaitLeft(Sight sight, int most) throws IOException {
        List<String> left = sight.look();
        int fewest = left.size();
        long fewerNs = System.nanoTime();
        long collectNs = fewerNs;
        while (left.size() > most && System.nanoTime() - fewerNs < PATIENCE_NS) {
            if (System.nanoTime() - collectNs >= 0) {
                System.gc();
                collectNs = System.nanoTime() + COLLECT_NS;
            }
            LockSupport.parkNanos(LOOK_NS);
            left = sight.look();
            if (left.size() < fewest) {
                fewest = left.size();
                fewerNs = System.nanoTime();
                collectNs = fewerNs + COLLECT_NS;
            }
        }
        return left;
    }

    /** Mappings of files under this folder: lines of the kernel's. */
    public static List<String> mappings(Path folder) throws IOException {
        try (Stream<String> lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.contains(folder.toString())).toList();
        }
    }

    private static List<String> writableMaps(Path folder) throws IOException {
        return mappings(folder).stream().filter(line -> line.split(" +")[1].charAt(1) == 'w').toList();
    }
}
