package io.daybook.index;

import io.daybook.NoSpaceException;
import io.daybook.StoreClosedException;
import io.daybook.host.OwnerOnly;
import io.daybook.host.ThreadPerTask;
import io.daybook.metrics.FlightEvents;
import io.daybook.metrics.FlushEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/**
 * The index on disk: which files there are, when they are believed, and how they are brought up to date. They are believed if the index
 * was closed cleanly (and the sums are right), or if the machine has not stopped since and all that is in the map is whole.
 * Otherwise they are deleted and made anew, from the heads file if there is one. Internal: not part of the API.
 *
 * <p>Design note: a periodic flush forces nothing. After a stop of the machine the map is not believed anyway, and a kill leaves what was
 * written.
 */
public final class IndexDisk implements HeadsOnDisk {

    private static final int HEADS_AT_ONCE = 64; // about a tenth of a millisecond
    private final IndexSettings settings;
    private final WatermarkFile watermarkFile;
    private PositionTable positions = new PositionTable();
    private volatile HeadMap map;
    private volatile State saved = State.NOTHING;
    private State start = State.NOTHING;
    private long savedPositions;
    private long mapNumber;
    private long headsFilePosition;
    private boolean rebuilt;
    private volatile boolean doubtful;
    private long[] heads = new long[0];

    private IndexDisk(IndexSettings settings, WatermarkFile watermarkFile) {
        this.settings = settings;
        this.watermarkFile = watermarkFile;
    }

    /** Opens the index, or what of it can be believed; {@code trusted} false: nothing. */
    public static EntityIndex open(IndexSettings settings, boolean trusted, Lock lock) throws IOException {
        OwnerOnly.createFolder(settings.folder());
        WatermarkFile watermark = WatermarkFile.open(settings.watermarkFile());
        IndexDisk disk = new IndexDisk(settings, watermark);
        if (!trusted || !disk.openMap()) {
            disk.rebuild(trusted);
        }
        disk.start = disk.saved;
        disk.deleteOtherMaps();
        return new EntityIndex(lock, settings, disk);
    }

    private boolean openMap() throws IOException {
        WatermarkFile.Record record = watermarkFile.read();
        if (record == null || !record.identity().equals(settings.identity())
                || !record.clean() && !record.bootId().equals(settings.bootId())) {
            return false;
        }
        CompletableFuture<PositionTable> loading = PositionTable.loading(settings.positionsFile(), record.positions(),
                settings.threadFactory());
        HeadMap whole = null;
        PositionTable loaded = null;
        try {
            whole = wholeMap(record);
            loaded = ThreadPerTask.join(loading);
        } finally {
            loading.exceptionally(e -> null).join(); // its thread ends before the open does
            if (loaded == null && whole != null) {
                whole.close();
            }
        }
        if (whole == null || loaded == null) {
            return false;
        }
        map = whole;
        positions = loaded;
        mapNumber = record.mapNumber();
        saved = new State(record.position(), record.address(), record.lastTimeNs(), record.entities());
        savedPositions = record.positions();
        headsFilePosition = HeadsFile.positionOf(settings.headsFile(), settings.identity());
        writeOpen();
        return true;
    }

    /** The map that the record tells of; null if it cannot be believed. */
    private HeadMap wholeMap(WatermarkFile.Record record) throws IOException {
        Path file = settings.mapFile(record.mapNumber());
        if (!MapFile.isFinished(file)) {
            return null;
        }
        int sum = record.clean() ? MapFile.sum(file, false, settings.threadFactory()) : MapFile.sumOfDescription(file);
        return sum == record.mapSum() ? HeadMap.openWhole(file, record, settings.threadFactory()) : null;
    }

    private void rebuild(boolean fromHeadsFile) throws IOException {
        rebuilt = true;
        watermarkFile.clear();
        deleteMaps(List.of());
        positions = new PositionTable();
        HeadsFile headsFile = fromHeadsFile ? HeadsFile.open(settings.headsFile(), settings.identity()) : null;
        if (headsFile != null && !positions.load(settings.positionsFile(), headsFile.header().positions())) {
            headsFile = null;
            positions = new PositionTable();
        }
        long capacity = Math.max(settings.capacity(), headsFile == null ? 0 : headsFile.header().entities() * 2);
        map = HeadMap.open(settings.mapFile(++mapNumber), capacity);
        if (headsFile == null) {
            Files.deleteIfExists(settings.headsFile());
            return;
        }
        HeadMap target = map;
        headsFile.forEach((head, at) -> target.putAll(head, 0, 1));
        HeadsFile.Header header = headsFile.header();
        saved = new State(header.position(), header.address(), header.lastTimeNs(), header.entities());
        savedPositions = header.positions();
        headsFilePosition = header.position();
    }

    private void deleteOtherMaps() throws IOException {
        deleteMaps(List.of(map.file()));
    }

    private void deleteMaps(List<Path> kept) throws IOException {
        try (Stream<Path> files = Files.list(settings.folder())) {
            for (Path file : files.filter(f -> f.getFileName().toString().endsWith(".map") && !kept.contains(f)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public boolean get(long[] heads, int at) {
        while (true) {
            HeadMap looked = map;
            HeadMap.Found found = look(looked, heads, at);
            if (found != HeadMap.Found.CLOSED) {
                return found == HeadMap.Found.YES;
            }
            if (looked == map) {
                throw new StoreClosedException("The store was closed: folder=" + settings.folder());
            }
        }
    }

    @Override
    public boolean getAlone(long[] heads, int at) {
        try {
            return map.getAlone(heads, at);
        } catch (IndexDamagedException e) {
            doubt();
            throw e;
        }
    }

    private HeadMap.Found look(HeadMap looked, long[] heads, int at) {
        try {
            return looked.get(heads, at);
        } catch (IndexDamagedException e) {
            doubt();
            throw e;
        }
    }

    /** What is on disk must not be believed again: the next open rebuilds it. */
    private void doubt() {
        doubtful = true;
        watermarkFile.clear();
    }

    @Override
    public void flush(HeadTable table, State state, Runnable between) {
        FlushEvent event = FlightEvents.beginFlush();
        long before = saved.position();
        try {
            long entities = putDirty(table, between);
            save(state.position(), false);
            saved = state;
            writeOpen();
            record(event, before, entities, null);
        } catch (NoSpaceException e) {
            record(event, before, 0, e);
            throw e; // heads on disk may be newer than the watermark: that is what they are between two flushes, too
        } catch (Throwable e) {
            doubt();
            record(event, before, 0, e);
            throw e;
        }
    }

    private void record(FlushEvent event, long before, long entities, Throwable thrown) {
        if (event != null) {
            event.end();
            event.journal = String.valueOf(settings.folder().getParent());
            event.position = saved.position();
            event.events = saved.position() - before;
            event.entities = entities;
            event.failure = thrown == null ? null : thrown.toString();
            event.commit();
        }
    }

    private long putDirty(HeadTable table, Runnable between) {
        long put = 0;
        int[] count = new int[1];
        for (int segment = 0; segment < HeadTable.SEGMENTS; segment++) {
            heads = table.dirtyHeads(segment, heads, count);
            if (count[0] > 0) {
                if (map.size() + count[0] > map.capacity()) {
                    grow(map.size() + count[0]);
                }
            }
            for (int from = 0; from < count[0]; from += HEADS_AT_ONCE) {
                map.putAll(heads, from, Math.min(count[0], from + HEADS_AT_ONCE));
                between.run();
            }
            put += count[0];
        }
        return put;
    }

    private void save(long position, boolean force) {
        try {
            long entries = positions.entriesBefore(position);
            positions.save(settings.positionsFile(), savedPositions, entries, force);
            savedPositions = entries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeOpen() {
        try {
            write(false, map.size(), map.sumOfDescription());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(boolean clean, long mapSize, int mapSum) {
        if (doubtful) {
            return;
        }
        watermarkFile.write(new WatermarkFile.Record(settings.identity(), settings.bootId(), clean, saved.position(), saved.address(),
                saved.timeNs(),
                mapNumber, map.capacity(), mapSize, saved.entities(), savedPositions, mapSum));
    }

    /** Builds a larger map beside the full one and switches; look-ups go on meanwhile. */
    private void grow(long needed) {
        HeadMap old = map;
        try {
            HeadMap larger = HeadMap.open(settings.mapFile(mapNumber + 1), Math.max(needed, old.capacity()) * 2);
            mapNumber++;
            old.forEach((head, at) -> larger.putAll(head, 0, 1));
            map = larger;
            writeOpen();
            old.close();
            Files.delete(old.file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean headsFileIsDue() {
        return saved.position() - headsFilePosition >= settings.headsFileEvents();
    }

    @Override
    public void publishHeads() {
        try {
            save(saved.position(), true);
            HeadsFile.publish(settings.headsFile(), new HeadsFile.Header(settings.identity(), saved.position(), saved.address(),
                    saved.timeNs(),
                    saved.entities(), savedPositions, 0), map);
            headsFilePosition = saved.position();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close(boolean clean) {
        long size = clean ? map.size() : 0;
        map.close();
        if (doubtful) {
            watermarkFile.clear();
        } else if (clean) {
            try {
                save(saved.position(), true);
                write(true, size, MapFile.sum(map.file(), true, settings.threadFactory()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public PositionTable positions() {
        return positions;
    }

    @Override
    public long watermark() {
        return saved.position();
    }

    @Override
    public State start() {
        return start;
    }

    @Override
    public boolean rebuilt() {
        return rebuilt;
    }
}
