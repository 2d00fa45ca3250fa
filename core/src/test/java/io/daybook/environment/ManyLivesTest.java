package io.daybook.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.daybook.Effort;
import io.daybook.EventStore;
import io.daybook.Events;
import io.daybook.Expected;
import io.daybook.Follow;
import io.daybook.JournalFiles;
import io.daybook.JournalTest;
import io.daybook.Leaks;
import io.daybook.MemoryFolder;
import io.daybook.Poller;
import io.daybook.StartFrom;
import io.daybook.StoreSettings;
import io.daybook.Subscription;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A JVM that opens and closes for as long as it runs keeps nothing of it: no file, no mapping, no thread, no memory. */
class ManyLivesTest extends JournalTest {

    private static final int LIVES = Effort.times(150, 3_000);
    private static final int WARM = LIVES / 3;
    private static final long HEAP_SLACK = 3 << 20;

    private Path root;
    private long events;

    @Test
    void openingAndClosingManyTimesLeavesNothing() throws Exception {
        try (MemoryFolder memory = MemoryFolder.make(temp)) {
            root = memory.path();
            folder = root.resolve("journal");
            liveManyTimes();
        }
    }

    private void liveManyTimes() throws Exception {
        for (int life = 0; life < WARM; life++) {
            live(life);
        }
        Kept before = Kept.now(root);
        for (int life = WARM; life < LIVES; life++) {
            live(life);
        }
        Kept after = Kept.now(root);
        System.out.println("kept after " + WARM + " lives: " + before + ", after " + LIVES + ": " + after);
        assertTrue(after.files.size() <= before.files.size(), () -> "files: before=" + before.files + " after=" + after.files);
        assertTrue(after.threads <= before.threads, "threads");
        assertTrue(after.mappings <= before.mappings, "mappings");
        assertTrue(after.direct <= before.direct, "direct memory");
        assertTrue(after.heap <= before.heap + HEAP_SLACK, "heap");
        assertEquals(events, EventStoreCount.events(folder));
    }

    /** Of the journal that lives long, and now and then of one that is thrown away; read, followed with and without a name. */
    private void live(int life) throws Exception {
        try (EventStore store = EventStore.open(folder, small());
            EventStore reading = EventStore.openReadOnly(folder, StoreSettings.create());
            Poller named = reading.poller(Follow.from(StartFrom.now()).named("lives"), event -> { });
            Subscription following = store.subscribe(Follow.from(StartFrom.now()), event -> { })) {
            events = store.append("a-" + life % 100, Expected.any(), Events.event("Happened", "" + life)).lastPosition() + 1;
            assertEquals(1, Events.of(reading, "a-" + life % 100).size() - life / 100);
            named.poll(10);
            assertTrue(following.lagEvents() <= 1);
        }
        if (life % 5 > 0) {
            return;
        }
        Path other = root.resolve("other");
        try (EventStore store = EventStore.open(other, small())) {
            store.append("a", Expected.absent(), Events.event("Happened", ""));
        }
        JournalFiles.delete(other);
    }

    /** What the process holds once garbage is collected. */
    private record Kept(List<String> files, int threads, int mappings, long direct, long heap) {

        static Kept now(Path folder) throws IOException, InterruptedException {
            Leaks.assertNoThreads();
            Leaks.awaitMappings(folder, 0);
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            List<BufferPoolMXBean> pools = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
            long direct = pools.stream().filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
            return new Kept(openFiles(), ManagementFactory.getThreadMXBean().getThreadCount(), lines("maps", folder), direct, heap);
        }

        /** All, pipes and the like too, but for jars: the JVM opens one when it first looks for a class there, which may be at any time. */
        private static List<String> openFiles() throws IOException {
            return Leaks.openFiles(Path.of("")).stream().filter(file -> !file.endsWith(".jar")).sorted().toList();
        }

        private static int lines(String kind, Path folder) throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self", kind))) {
                return (int) lines.filter(line -> line.contains(folder.toString()) || line.contains("(deleted)")).count();
            }
        }
    }
}
