package io.daybook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The look for what was left behind must not be what keeps it. */
class LeaksTest {

    private static final int MAPPINGS = 300;
    private static final long MAPPED_BYTES = 256 << 20;
    private static final int MOST_COLLECTIONS = MAPPINGS / 10;

    @TempDir
    Path folder;

    /** A thread of the JVM unmaps what was collected, a few between two collections: a loop of them left some after twenty seconds. */
    @Test
    void aLookLetsTheJvmUnmapWhatItCollected() throws Exception {
        mapAndForget();
        long before = collections();
        Leaks.assertNone(folder);
        assertTrue(collections() - before < MOST_COLLECTIONS, () -> "collections=" + (collections() - before));
    }

    private void mapAndForget() throws IOException {
        List<Object> mapped = new ArrayList<>(); // until all are there
        for (int i = 0; i < MAPPINGS; i++) {
            Path file = folder.resolve("file-" + i);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, MAPPED_BYTES);
                mapping.put(0, (byte) 1);
                mapped.add(mapping);
            }
            Files.delete(file); // its room is given back when it is unmapped, which takes a while
        }
        assertTrue(mapped.size() <= Leaks.mappings(folder.toRealPath()).size());
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }
}
