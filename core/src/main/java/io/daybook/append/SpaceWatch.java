package io.daybook.append;

import io.daybook.host.Space;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns before the journal's disk is full: once, and again only after there was more room in between. One thread. */
final class SpaceWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Path folder;
    private final long lowBytes;
    private boolean low;
    private long lookedNs = System.nanoTime() - PAUSE_NS;

    /** Warns below so many bytes. */
    SpaceWatch(Path folder, long lowBytes) {
        this.folder = folder;
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
            judge(Space.free(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** True if this is the first look that finds so little. */
    boolean judge(long freeBytes) {
        boolean wasLow = low;
        low = freeBytes < lowBytes;
        if (low && !wasLow) {
            LOG.warn("The journal's disk is nearly full; without room appends are refused: folder={} freeBytes={} lowSpaceBytes={}", folder,
                    freeBytes, lowBytes);
        }
        return low && !wasLow;
    }
}
