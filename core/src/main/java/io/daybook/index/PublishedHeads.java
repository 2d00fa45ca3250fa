package io.daybook.index;

import java.io.IOException;
import java.util.concurrent.locks.Lock;

/**
 * A reading process's index: the heads file that the owner published, and behind it whatever this process replays, in memory. It never
 * touches the live map, whose locks a killed reader would leave locked. Costs 85 to 170 bytes an entity that changed since the
 * heads file. Internal: not part of the API.
 */
public final class PublishedHeads implements HeadsOnDisk {

    private static final long UNBOUNDED = 1L << 40;

    private final HeadsFile file;
    private final PositionTable positions;

    private PublishedHeads(HeadsFile file, PositionTable positions) {
        this.file = file;
        this.positions = positions;
    }

    /** Opens what is published; {@code trusted} false: nothing, so that the whole journal is replayed. */
    public static EntityIndex open(IndexSettings settings, boolean trusted, Lock lock) throws IOException {
        HeadsFile file = trusted ? HeadsFile.open(settings.headsFile(), settings.identity()) : null;
        PositionTable positions = new PositionTable();
        if (file != null && !positions.load(settings.positionsFile(), file.header().positions())) {
            file = null;
            positions = new PositionTable();
        }
        IndexSettings unbounded = new IndexSettings(settings.folder(), settings.identity(), settings.bootId(), settings.hash(), UNBOUNDED,
                settings.capacity(), settings.flushEvents(), settings.headsFileEvents(), settings.threadFactory());
        return new EntityIndex(lock, unbounded, new PublishedHeads(file, positions));
    }

    @Override
    public State start() {
        return file == null ? State.NOTHING : new State(file.header().position(), file.header().address(), file.header().lastTimeNs(),
                file.header().entities());
    }

    @Override
    public PositionTable positions() {
        return positions;
    }

    @Override
    public boolean get(long[] heads, int at) {
        return file != null && file.get(heads, at);
    }

    @Override
    public void flush(HeadTable table, State state, Runnable between) {
        // nothing of a reading process goes to disk
    }

    @Override
    public long watermark() {
        return start().position();
    }

    @Override
    public boolean headsFileIsDue() {
        return false;
    }

    @Override
    public void publishHeads() {
        throw new UnsupportedOperationException("A reading process publishes nothing");
    }

    @Override
    public void close(boolean clean) {
        // the mapping is released with the last reference
    }

    @Override
    public boolean rebuilt() {
        return file == null;
    }
}
