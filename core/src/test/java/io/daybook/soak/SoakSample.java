package io.daybook.soak;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds, as it tells it itself.
 *
 * @param heap     bytes, once garbage is collected
 * @param direct   bytes of direct memory
 * @param threads  that live
 * @param files    that are open
 * @param mappings lines of the kernel's
 * @param rssKb    resident memory, which counts pages of mapped files too
 */
record SoakSample(long heap, long direct, long threads, long files, long mappings, long rssKb) {

    /** Answers each {@code s} on the standard input. */
    static void answer() throws IOException {
        for (int order = System.in.read(); order != -1; order = System.in.read()) {
            if (order == 's') {
                System.out.println(now().line());
            }
        }
    }

    private static SoakSample now() throws IOException {
        long heap = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            heap = Math.min(heap, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd")); Stream<String> maps = Files.lines(Path.of("/proc/self/maps"));
            Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            long rss = status.filter(line -> line.startsWith("VmRSS")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
            return new SoakSample(heap, direct, ManagementFactory.getThreadMXBean().getThreadCount(), files.count(), maps.count(), rss);
        }
    }

    private String line() {
        return "sample " + heap + " " + direct + " " + threads + " " + files + " " + mappings + " " + rssKb;
    }

    static SoakSample of(String line) {
        String[] parts = line.split(" ");
        return new SoakSample(Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]), Long.parseLong(parts[4]),
            Long.parseLong(parts[5]), Long.parseLong(parts[6]));
    }
}
