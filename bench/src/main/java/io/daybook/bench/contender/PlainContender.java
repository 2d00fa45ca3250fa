package io.daybook.bench.contender;

import static org.lmdbjava.DbiFlags.MDB_CREATE;
import static org.lmdbjava.EnvFlags.MDB_NOSYNC;
import static org.lmdbjava.EnvFlags.MDB_NOTLS;
import static org.lmdbjava.EnvFlags.MDB_WRITEMAP;
import static org.lmdbjava.PutFlags.MDB_NOOVERWRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.lmdbjava.ByteBufferProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/**
 * A peer written down in the plainest way, with its defaults: a key of entity and version, one transaction an append, no force. What the
 * tuned adapter of the same peer is held against, so that no peer is slow for our doing. Appends single events only.
 */
final class PlainContender implements Contender {

    private static final long MAP_BYTES = 64L << 30;
    private static final int MOST_VALUE_BYTES = 1 << 20;

    /** Writes an event where none of this entity and version is. */
    private interface Store {
        void put(String entity, long version, byte[] payload) throws Exception;

        void close() throws Exception;
    }

    private interface Opening {
        Store open(Path folder) throws Exception;
    }

    private final String peer;
    private final String title;
    private final Opening opening;

    private PlainContender(String peer, String title, Opening opening) {
        this.peer = peer;
        this.title = title;
        this.opening = opening;
    }

    /** Of each peer that is embedded and a database. */
    static List<Contender> all() {
        return List.of(new PlainContender("lmdb", "LMDB", Lmdb::new), new PlainContender("rocksdb", "RocksDB", Rocks::new),
                new PlainContender("sqlite", "SQLite", Sqlite::new));
    }

    @Override
    public String name() {
        return "plain-" + peer;
    }

    @Override
    public String title() {
        return title + ", plain";
    }

    /** It refuses a version that is there, but takes one that leaves a gap. */
    @Override
    public boolean checksVersions() {
        return false;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0);
    }

    @Override
    public String setup() {
        return "defaults, keys of entity and version, one transaction an append, no force";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        try {
            return new Log(opening.open(folder));
        } catch (Exception e) {
            throw new IOException("It could not be opened: contender=" + name(), e);
        }
    }

    private record Log(Store store) implements EventLog {
        @Override
        public Writer writer() {
            return new PlainWriter(store);
        }

        @Override
        public Reader reader() {
            throw new UnsupportedOperationException("A plain contender only appends");
        }

        @Override
        public void close() {
            try {
                store.close();
            } catch (Exception e) {
                throw failed(e);
            }
        }
    }

    private static final class PlainWriter implements Writer {
        private final Store store;
        private long count;

        PlainWriter(Store store) {
            this.store = store;
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            try {
                store.put(entity, expected + 1, payload);
                return count++;
            } catch (Exception e) {
                throw failed(e);
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            for (int i = 0; i < batch.size(); i++) {
                append(batch.entity(i), batch.expected(i), batch.payload(i));
            }
            return true;
        }
    }

    private static IllegalStateException failed(Exception e) {
        return new IllegalStateException("A plain contender failed", e);
    }

    private static final class Lmdb implements Store {
        private final Env<ByteBuffer> env;
        private final Dbi<ByteBuffer> events;
        private final EntityKey key = new EntityKey();
        private final ByteBuffer value = ByteBuffer.allocateDirect(MOST_VALUE_BYTES);

        Lmdb(Path folder) {
            env = Env.create(ByteBufferProxy.PROXY_OPTIMAL).setMapSize(MAP_BYTES)
                    .open(folder.toFile(), MDB_NOTLS, MDB_NOSYNC, MDB_WRITEMAP);
            events = env.openDbi("events", MDB_CREATE);
        }

        @Override
        public void put(String entity, long version, byte[] payload) {
            try (Txn<ByteBuffer> txn = env.txnWrite()) {
                if (!events.put(txn, key.entity(entity).version(version), value.clear().put(payload).flip(), MDB_NOOVERWRITE)) {
                    throw new IllegalStateException("The version is there already: entity=" + entity + " version=" + version);
                }
                txn.commit();
            }
        }

        @Override
        public void close() {
            env.close();
        }
    }

    private static final class Rocks implements Store {
        private final RocksDB db;
        private final Options options = new Options().setCreateIfMissing(true);
        private final WriteOptions unforced = new WriteOptions();
        private final ReadOptions reading = new ReadOptions();
        private final EntityKey key = new EntityKey();
        private final ByteBuffer value = ByteBuffer.allocateDirect(MOST_VALUE_BYTES);
        private final ByteBuffer nothing = ByteBuffer.allocateDirect(0);

        Rocks(Path folder) throws RocksDBException {
            RocksDB.loadLibrary();
            db = RocksDB.open(options, folder.toString());
        }

        @Override
        public void put(String entity, long version, byte[] payload) throws RocksDBException {
            key.entity(entity);
            if (db.get(reading, key.version(version), nothing.clear()) != RocksDB.NOT_FOUND) {
                throw new IllegalStateException("The version is there already: entity=" + entity + " version=" + version);
            }
            db.put(unforced, key.version(version), value.clear().put(payload).flip());
        }

        @Override
        public void close() {
            db.close();
            reading.close();
            unforced.close();
            options.close();
        }
    }

    private static final class Sqlite implements Store {
        private final Connection connection;
        private final PreparedStatement insert;

        Sqlite(Path folder) throws SQLException {
            connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode = wal");
                statement.execute("pragma synchronous = off");
                statement.execute("create table if not exists events(entity text not null, version integer not null,"
                        + " payload blob not null, primary key(entity, version))");
            }
            insert = connection.prepareStatement("insert into events values(?, ?, ?)");
        }

        @Override
        public void put(String entity, long version, byte[] payload) throws SQLException {
            insert.setString(1, entity);
            insert.setLong(2, version);
            insert.setBytes(3, payload);
            insert.executeUpdate();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
