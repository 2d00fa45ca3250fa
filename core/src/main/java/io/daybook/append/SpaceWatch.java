package io.daybook.append;

import io.daybook.host.Space;
import java.io.IOException;
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
    private boolean failed;
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
            long freeBytes = Space.free(folder);
            if (isNews(freeBytes)) {
                LOG.warn("The journal's disk is nearly full; without room appends are refused: folder={} freeBytes={} lowSpaceBytes={}",
                        folder, freeBytes, lowBytes);
            }
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("How much room the journal's disk has is not known: folder={} cause={}", folder, e.toString());
            }
            failed = true;
        }
    }

    /** True if there is too little, and was not before. */
    boolean isNews(long freeBytes) {
        boolean wasLow = low;
        low = freeBytes < lowBytes;
        return low && !wasLow;
    }
}
