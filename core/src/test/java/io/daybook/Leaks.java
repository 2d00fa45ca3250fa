package io.daybook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a closed store may have left behind: threads, open files, writable mappings. Files and mappings are looked for on Linux only. */
public final class Leaks {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final long PATIENCE_MS = 20_000;

    private Leaks() {
    }

    /** Fails if a thread of the store runs, or if a file under this folder is open or mapped for writing. */
    public static void assertNone(Path folder) throws IOException, InterruptedException {
        assertNoThreads();
        if (!Files.isDirectory(DESCRIPTORS)) {
            return;
        }
        Path real = folder.toRealPath();
        long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!openFiles(real).isEmpty() || !writableMaps(real).isEmpty()) {
            // Some mappings are released by garbage collection only, and behind it by a thread of the JVM.
            System.gc();
            if (System.nanoTime() > deadline) {
                break;
            }
        }
        assertEquals(List.of(), openFiles(real), "files that were left open");
        assertEquals(List.of(), writableMaps(real), "mappings for writing that were left");
    }

    /** Fails if a thread of a store still runs. */
    public static void assertNoThreads() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("daybook-")) {
                thread.join(PATIENCE_MS);
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
        long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (mappings(folder).size() > most) {
            System.gc();
            assertFalse(System.nanoTime() > deadline, () -> "mappings were left: most=" + most);
        }
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
