package io.daybook.append;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns before the journal's disk is full: once, and again only after there was more room in between. One thread. */
final class SpaceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final FileStore disk;
    private final long lowBytes;
    private boolean low;
    private long lookedNs = System.nanoTime() - PAUSE_NS;

    /** Warns below so many bytes. */
    SpaceWatch(FileStore disk, long lowBytes) {
        this.disk = disk;
        this.lowBytes = lowBytes;
    }

    /** Looks, unless it has just looked. */
    void look() {
        long nowNs = System.nanoTime();
        if (lowBytes == 0 || nowNs - lookedNs < PAUSE_NS) {
            return;
        }
        lookedNs = nowNs;
        try {
            judge(disk.getUsableSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True if this is the first look that finds so little. */
    boolean judge(long freeBytes) {
        boolean wasLow = low;
        low = freeBytes < lowBytes;
        if (low && !wasLow) {
            LOG.warn("The journal's disk is nearly full; without room appends are refused: disk={} freeBytes={} lowSpaceBytes={}", disk,
                    freeBytes, lowBytes);
        }
        return low && !wasLow;
    }
}
