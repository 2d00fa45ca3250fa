package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * SQLite. One table of events by position, with an index by entity and version. The version is judged by the statement that appends, so
 * that one statement is the whole transaction. All writers share one connection, as SQLite lets one write at a time.
 */
final class SqliteContender implements Contender {

    private static final int CACHE_KIB = 64 << 10;
    // Room for addresses only.
    private static final long MAPPED_BYTES = 64L << 30;

    private static final String TABLE = "create table if not exists events"
            + "(position integer primary key, entity text not null, version integer not null, payload blob not null)";
    private static final String INDEX = "create unique index if not exists versions on events(entity, version)";
    // A version that was not expected becomes null, which is ignored. Not "insert … select", which first copies what it selects elsewhere.
    private static final String APPEND = "insert or ignore into events(entity, version, payload) values (?1,"
            + " (select case when coalesce(max(version), -1) = ?2 then ?2 + 1 end from events where entity = ?1), ?3)";
    private static final String COUNT = "select count(*) from events";
    private static final String LOAD = "select version, payload from events where entity = ? order by version";
    private static final String REPLAY = "select version, payload, entity from events order by position";

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public String title() {
        return "SQLite";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D2);
    }

    @Override
    public String setup() {
        return "write-ahead log, cache of 64 MiB, readers mapped; one prepared statement, its own transaction, an append;"
                + " D0: synchronous off; D2: synchronous full";
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        Files.createDirectories(folder);
        SQLiteConfig config = config(durability);
        String url = "jdbc:sqlite:" + folder.resolve("events.db");
        try {
            Connection writing = config.createConnection(url);
            try (Statement statement = writing.createStatement()) {
                statement.execute(TABLE);
                statement.execute(INDEX);
                try (ResultSet count = statement.executeQuery(COUNT)) {
                    // Only for readers: the writer's own cache spares it a look-up in the log, which a mapping does not.
                    config.setPragma(Pragma.MMAP_SIZE, Long.toString(MAPPED_BYTES));
                    return new Log(url, config, writing, count.getLong(1));
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static SQLiteConfig config(Durability durability) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(durability == Durability.D0 ? SynchronousMode.OFF : SynchronousMode.FULL);
        config.setCacheSize(-CACHE_KIB);
        // Else the driver asks for the new row's number after each append.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("SQLite failed: code=" + e.getErrorCode(), e);
    }

    private static final class Log implements EventLog {
        private final String url;
        private final SQLiteConfig config;
        private final Connection writing;
        private final PreparedStatement append;
        private final List<Connection> reading = new ArrayList<>();
        private long count;

        Log(String url, SQLiteConfig config, Connection writing, long count) throws SQLException {
            this.url = url;
            this.config = config;
            this.writing = writing;
            this.append = writing.prepareStatement(APPEND);
            this.count = count;
        }

        @Override
        public Writer writer() {
            return new SqliteWriter(this);
        }

        @Override
        public synchronized Reader reader() {
            try {
                Connection connection = config.createConnection(url);
                reading.add(connection);
                return new SqliteReader(connection.prepareStatement(LOAD), connection.prepareStatement(REPLAY));
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        synchronized long append(String entity, long expected, byte[] payload) {
            try {
                return insert(entity, expected, payload) ? count++ : Writer.CONFLICT;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        synchronized boolean appendAll(Batch batch) {
            try {
                writing.setAutoCommit(false);
                boolean all = true;
                for (int i = 0; all && i < batch.size(); i++) {
                    all = insert(batch.entity(i), batch.expected(i), batch.payload(i));
                }
                if (all) {
                    count += batch.size();
                } else {
                    writing.rollback();
                }
                // This commits.
                writing.setAutoCommit(true);
                return all;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private boolean insert(String entity, long expected, byte[] payload) throws SQLException {
            append.setString(1, entity);
            append.setLong(2, expected);
            append.setBytes(3, payload);
            return append.executeUpdate() == 1;
        }

        @Override
        public synchronized void close() {
            try {
                for (Connection connection : reading) {
                    connection.close();
                }
                writing.close();
            } catch (SQLException e) {
                throw failed(e);
            }
        }
    }

    private record SqliteWriter(Log log) implements Writer {
        @Override
        public long append(String entity, long expected, byte[] payload) {
            return log.append(entity, expected, payload);
        }

        @Override
        public boolean appendAll(Batch batch) {
            return log.appendAll(batch);
        }
    }

    private static final class SqliteReader implements Reader {
        private final PreparedStatement load;
        private final PreparedStatement replay;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

        SqliteReader(PreparedStatement load, PreparedStatement replay) {
            this.load = load;
            this.replay = replay;
        }

        @Override
        public int load(String entity, Sink sink) {
            try {
                load.setString(1, entity);
                return Math.toIntExact(handOut(load, sink));
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Override
        public long replay(Sink sink) {
            try {
                return handOut(replay, sink);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private long handOut(PreparedStatement statement, Sink sink) throws SQLException {
            try (ResultSet events = statement.executeQuery()) {
                long count = 0;
                while (events.next()) {
                    byte[] payload = events.getBytes(2);
                    buffer.wrap(payload);
                    sink.event(events.getLong(1), buffer, 0, payload.length);
                    count++;
                }
                return count;
            }
        }
    }
}
