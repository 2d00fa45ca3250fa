package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * RocksDB. One column family holds the events by entity and version, so that a load is one short scan; the other holds them by position,
 * so that a replay is a scan too. An append is one write batch. Its version is judged under the lock of its entity, one of a fixed number,
 * as RocksDB's own pessimistic transactions would do it at more cost; appends to other entities go on beside it, and RocksDB forces them
 * as a group.
 *
 * <p>A position that only tells the event's key would save an append a tenth of its time, and a replay would take ten times as long.
 */
final class RocksDbContender implements Contender {

    private static final long CACHE_BYTES = 256L << 20;
    private static final long WRITE_BUFFER_BYTES = 64L << 20;
    private static final int BLOOM_BITS = 10;
    private static final double MEMTABLE_BLOOM = 0.05;
    private static final int BACKGROUND_JOBS = 2;
    static final int LOCKS = 256;
    static final int MOST_VALUE_BYTES = 1 << 20;

    // An event by position: length of the name, version, name, payload.
    private static final int VERSION_OFFSET = Integer.BYTES;
    private static final int NAME_OFFSET = VERSION_OFFSET + Long.BYTES;

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public String title() {
        return "RocksDB";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D2, Durability.D2G);
    }

    @Override
    public String setup() {
        return "events by entity and version and by position, one write batch an append, 256 locks for entities; write buffers of"
                + " 64 MiB with bloom filters, block cache of 256 MiB, bloom filters of 10 bits, LZ4; D0: sync false; D2, D2G: sync true";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(folder);
        BlockBasedTableConfig table = new BlockBasedTableConfig().setBlockCache(new LRUCache(CACHE_BYTES))
                .setFilterPolicy(new BloomFilter(BLOOM_BITS)).setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        ColumnFamilyOptions families = new ColumnFamilyOptions().setTableFormatConfig(table).setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM).setMemtableWholeKeyFiltering(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true)
                .setMaxBackgroundJobs(BACKGROUND_JOBS);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB db = RocksDB.open(options, folder.toString(), List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, families),
                    new ColumnFamilyDescriptor("positions".getBytes(StandardCharsets.US_ASCII), families)), handles);
            return new Log(db, handles.get(0), handles.get(1), new WriteOptions().setSync(durability != Durability.D0));
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    static IllegalStateException failed(RocksDBException e) {
        return new IllegalStateException("RocksDB failed: status=" + e.getStatus(), e);
    }

    static final class Log implements EventLog {
        final RocksDB db;
        final ColumnFamilyHandle events;
        final ColumnFamilyHandle positions;
        final WriteOptions writeOptions;
        final ReadOptions readOptions = new ReadOptions();
        final ReentrantLock[] locks = IntStream.range(0, LOCKS).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);
        final AtomicLong end = new AtomicLong();
        private final List<AutoCloseable> open = new ArrayList<>();

        Log(RocksDB db, ColumnFamilyHandle events, ColumnFamilyHandle positions, WriteOptions writeOptions) {
            this.db = db;
            this.events = events;
            this.positions = positions;
            this.writeOptions = writeOptions;
            try (RocksIterator last = db.newIterator(positions)) {
                last.seekToLast();
                end.set(last.isValid() ? ByteBuffer.wrap(last.key()).getLong() + 1 : 0);
            }
        }

        @Override
        public synchronized Writer writer() {
            RocksDbWriter writer = new RocksDbWriter(this);
            open.add(writer.batch);
            return writer;
        }

        @Override
        public synchronized Reader reader() {
            RocksDbReader reader = new RocksDbReader(this);
            open.add(reader.byEntity);
            open.add(reader.byPosition);
            return reader;
        }

        int lockOf(String entity) {
            int hash = entity.hashCode();
            return (hash ^ hash >>> 16) & LOCKS - 1;
        }

        @Override
        public synchronized void close() {
            open.forEach(CloseHelper::close);
            readOptions.close();
            writeOptions.close();
            events.close();
            positions.close();
            db.close();
        }
    }

    private static final class RocksDbReader implements Reader {
        private final Log log;
        private final RocksIterator byEntity;
        private final RocksIterator byPosition;
        private final EntityKey key = new EntityKey();
        private final ByteBuffer found = ByteBuffer.allocateDirect(EntityKey.MOST_BYTES);
        private final UnsafeBuffer foundKey = new UnsafeBuffer(0, 0);
        private final ByteBuffer value = ByteBuffer.allocateDirect(MOST_VALUE_BYTES);
        private final UnsafeBuffer payload = new UnsafeBuffer(value);

        RocksDbReader(Log log) {
            this.log = log;
            byEntity = log.db.newIterator(log.events, log.readOptions);
            byPosition = log.db.newIterator(log.positions, log.readOptions);
        }

        @Override
        public int load(String entity, Sink sink) {
            try {
                byEntity.refresh();
                int count = 0;
                key.entity(entity);
                for (byEntity.seek(key.version(0)); byEntity.isValid(); byEntity.next()) {
                    foundKey.wrap(found, 0, byEntity.key(found.clear()));
                    if (!key.isOf(foundKey)) {
                        break;
                    }
                    sink.event(key.versionIn(foundKey), payload, 0, byEntity.value(value.clear()));
                    count++;
                }
                return count;
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }

        @Override
        public long replay(Sink sink) {
            try {
                byPosition.refresh();
                long count = 0;
                for (byPosition.seekToFirst(); byPosition.isValid(); byPosition.next()) {
                    int length = byPosition.value(value.clear());
                    int nameLength = value.getInt(0);
                    int payloadOffset = NAME_OFFSET + nameLength;
                    sink.event(value.getLong(VERSION_OFFSET), payload, payloadOffset, length - payloadOffset);
                    count++;
                }
                return count;
            } catch (RocksDBException e) {
                throw failed(e);
            }
        }
    }
}
