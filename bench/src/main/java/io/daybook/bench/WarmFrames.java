package io.daybook.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.openhft.posix.MAdviseFlag;
import net.openhft.posix.PosixAPI;
import org.agrona.UnsafeApi;

/**
 * Keeps page frames warm on a virtual machine that returns free memory to its host: takes all of it but a few GiB and holds it, so that
 * the frames that files get are always ones that were used just before. A frame that the host must find again costs ten times one that
 * is there, and more than an append; then whoever's page faults are on its own thread loses, whatever else it does. Elsewhere nothing is
 * taken.
 */
final class WarmFrames implements AutoCloseable {

    private static final Path REPORTED = Paths.get("/sys/module/page_reporting/parameters/reported_kib");
    private static final Path MEMORY = Paths.get("/proc/meminfo");
    private static final long LEFT_BYTES = 6L << 30;
    private static final long BLOCK_BYTES = 64 << 20;
    private static final long PAGE_BYTES = 4096;

    private final List<Long> blocks = new ArrayList<>();

    private WarmFrames() {
    }

    /** Holds nothing. */
    static WarmFrames none() {
        return new WarmFrames();
    }

    /** Takes what is free and not needed; this takes a while. */
    static WarmFrames hold() {
        return hold(Long.MAX_VALUE);
    }

    /** The same, but no more than can be had in so many seconds, more or less. */
    static WarmFrames hold(long seconds) {
        long beganNs = System.nanoTime();
        WarmFrames frames = new WarmFrames();
        try {
            if (Files.exists(REPORTED) && Long.parseLong(Files.readString(REPORTED).trim()) > 0) {
                for (long left = available() - LEFT_BYTES; left >= BLOCK_BYTES && secondsSince(beganNs) < seconds; left -= BLOCK_BYTES) {
                    frames.take();
                }
            }
        } catch (IOException e) {
            frames.close();
            throw new IllegalStateException("How much memory is free is not known: file=" + MEMORY, e);
        }
        return frames;
    }

    private static long secondsSince(long ns) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - ns);
    }

    private static long available() throws IOException {
        try (Stream<String> lines = Files.lines(MEMORY)) {
            return lines.filter(line -> line.startsWith("MemAvailable:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).orElse(0L);
        }
    }

    private void take() {
        long block = UnsafeApi.allocateMemory(BLOCK_BYTES + PAGE_BYTES);
        blocks.add(block);
        try {
            // In huge pages the kernel asks the host for 512 frames at once.
            PosixAPI.posix().madvise((block + PAGE_BYTES - 1) & -PAGE_BYTES, BLOCK_BYTES, MAdviseFlag.MADV_HUGEPAGE);
        } catch (RuntimeException e) {
            // It is an advice: it takes longer without.
        }
        for (long page = 0; page < BLOCK_BYTES; page += PAGE_BYTES) {
            UnsafeApi.putByte(block + page, (byte) 1);
        }
    }

    /** What is held. */
    @Override
    public String toString() {
        return blocks.isEmpty() ? "as they are" : "kept warm by holding " + (blocks.size() * BLOCK_BYTES >> 20) + " MiB";
    }

    @Override
    public void close() {
        blocks.forEach(UnsafeApi::freeMemory);
        blocks.clear();
    }
}
