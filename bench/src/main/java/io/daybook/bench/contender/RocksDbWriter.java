package io.daybook.bench.contender;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Judges the version under the lock of its entity and writes one batch. */
final class RocksDbWriter implements Writer {

    final WriteBatch batch = new WriteBatch();
    private final RocksDbContender.Log log;
    private final EntityKey key = new EntityKey();
    private final ByteBuffer position = ByteBuffer.allocateDirect(Long.BYTES);
    private final ByteBuffer value = ByteBuffer.allocateDirect(RocksDbContender.MOST_VALUE_BYTES);
    private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);
    private final Map<String, Long> added = new HashMap<>();

    RocksDbWriter(RocksDbContender.Log log) {
        this.log = log;
    }

    @Override
    public long append(String entity, long expected, byte[] payload) {
        ReentrantLock lock = log.locks[log.lockOf(entity)];
        lock.lock();
        try {
            key.entity(entity);
            if (!newestIs(expected)) {
                return CONFLICT;
            }
            batch.clear();
            long at = log.end.getAndIncrement();
            put(at, expected + 1, payload);
            log.db.write(log.writeOptions, batch);
            return at;
        } catch (RocksDBException e) {
            throw RocksDbContender.failed(e);
        } finally {
            lock.unlock();
        }
    }

    private boolean newestIs(long expected) throws RocksDBException {
        return (expected == -1 || exists(expected)) && !exists(expected + 1);
    }

    private boolean exists(long version) throws RocksDBException {
        return log.db.get(log.events, log.readOptions, key.version(version), nothing.clear()) != RocksDB.NOT_FOUND;
    }

    private void put(long at, long version, byte[] payload) throws RocksDBException {
        batch.put(log.events, key.version(version), value.clear().put(payload).flip());
        value.clear().putInt(key.nameLength()).putLong(version).put(key.name()).put(payload).flip();
        batch.put(log.positions, position.clear().putLong(at).flip(), value);
    }

    @Override
    public boolean appendAll(Batch appends) {
        BitSet needed = new BitSet(RocksDbContender.LOCKS);
        for (int i = 0; i < appends.size(); i++) {
            needed.set(log.lockOf(appends.entity(i)));
        }
        // Always in the same order, so that two batches cannot wait for each other.
        needed.stream().forEach(each -> log.locks[each].lock());
        try {
            return writeAll(appends);
        } catch (RocksDBException e) {
            throw RocksDbContender.failed(e);
        } finally {
            needed.stream().forEach(each -> log.locks[each].unlock());
        }
    }

    private boolean writeAll(Batch appends) throws RocksDBException {
        batch.clear();
        added.clear();
        for (int i = 0; i < appends.size(); i++) {
            Long version = added.get(appends.entity(i));
            key.entity(appends.entity(i));
            // What the batch has added itself cannot be got before it is written.
            if (version == null ? !newestIs(appends.expected(i)) : version != appends.expected(i)) {
                return false;
            }
            added.put(appends.entity(i), appends.expected(i) + 1);
            put(log.end.getAndIncrement(), appends.expected(i) + 1, appends.payload(i));
        }
        log.db.write(log.writeOptions, batch);
        return true;
    }
}
