package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.UnsafeBuffer;

/** PostgreSQL as an event store: one plain table. The statement that writes also judges the version; the unique index judges races. */
final class PostgresqlContender implements Contender {

    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS events (
                position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                entity text NOT NULL, version bigint NOT NULL, payload bytea NOT NULL,
                UNIQUE (entity, version))""";
    private static final String APPEND = """
            INSERT INTO events (entity, version, payload) SELECT ?, ?, ?
            WHERE ? = -1 OR EXISTS (SELECT FROM events WHERE entity = ? AND version = ?)
            ON CONFLICT DO NOTHING RETURNING position""";
    // An event that follows one of its own entity within the batch needs that one, any other the one in the table.
    private static final String APPEND_ALL = """
            INSERT INTO events (entity, version, payload)
            SELECT entity, version, payload FROM (
                SELECT *, lag(version) OVER (PARTITION BY entity ORDER BY n) AS before
                FROM unnest(?, ?, ?) WITH ORDINALITY AS batch (entity, version, payload, n)) AS new
            WHERE CASE WHEN before IS NOT NULL THEN before = version - 1
                ELSE version = 0 OR EXISTS (SELECT FROM events AS old WHERE old.entity = new.entity AND old.version = new.version - 1) END
            ORDER BY n
            ON CONFLICT DO NOTHING""";
    private static final String LOAD = "SELECT version, payload FROM events WHERE entity = ? ORDER BY version";
    private static final String REPLAY = "SELECT version, payload FROM events ORDER BY position";
    private static final int ROWS_FETCHED = 10_000;

    // The part of the memory that PostgreSQL's documentation begins with is a quarter; this much holds every workload's hot pages.
    private static final List<String> SETTINGS = List.of("shared_buffers=1GB", "max_wal_size=16GB", "checkpoint_timeout=30min",
            "max_connections=200", "jit=off", "dynamic_shared_memory_type=mmap");

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String title() {
        return "PostgreSQL";
    }

    @Override
    public boolean checksVersions() {
        return true;
    }

    @Override
    public Set<Durability> durabilities() {
        return EnumSet.of(Durability.D0, Durability.D1, Durability.D2, Durability.D2G);
    }

    @Override
    public String setup() {
        return "a server of its own on a Unix socket; table with unique (entity, version), one statement and transaction an append,"
                + " prepared, binary; " + String.join(", ", SETTINGS) + "; D0: " + String.join(", ", durable(Durability.D0))
                + "; D1: " + String.join(", ", durable(Durability.D1)) + "; D2, D2G: default, a connection a thread";
    }

    @Override
    public Optional<String> missing() {
        return PostgresqlServer.missing();
    }

    /**
     * D0: an append is in the kernel before it is answered, never forced; where nothing is forced, images of whole pages guard nothing.
     * D1: what is not yet written is at most three delays of the log's writer old.
     */
    private static List<String> durable(Durability durability) {
        return switch (durability) {
            case D0 -> List.of("fsync=off", "synchronous_commit=on", "full_page_writes=off");
            case D1 -> List.of("synchronous_commit=off", "wal_writer_delay=15ms");
            default -> List.of();
        };
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        List<String> settings = new ArrayList<>(SETTINGS);
        settings.addAll(durable(durability));
        PostgresqlServer server = PostgresqlServer.start(folder, settings);
        try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        } catch (SQLException e) {
            server.close();
            throw new IOException("The table of events could not be made: folder=" + folder, e);
        }
        return new Log(server, new ConcurrentLinkedQueue<>());
    }

    private record Log(PostgresqlServer server, Queue<Connection> connections) implements EventLog {
        @Override
        public Writer writer() {
            try {
                return new TableWriter(connect());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Reader reader() {
            try {
                return new TableReader(connect());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private Connection connect() throws SQLException {
            Connection connection = server.connect();
            connections.add(connection);
            return connection;
        }

        @Override
        public void close() {
            try (server) {
                for (Connection connection : connections) {
                    connection.close();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class TableWriter implements Writer {
        private final Connection connection;
        private final PreparedStatement append;
        private final PreparedStatement appendAll;

        TableWriter(Connection connection) throws SQLException {
            this.connection = connection;
            append = connection.prepareStatement(APPEND);
            appendAll = connection.prepareStatement(APPEND_ALL);
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            try {
                append.setString(1, entity);
                append.setLong(2, expected + 1);
                append.setBytes(3, payload);
                append.setLong(4, expected);
                append.setString(5, entity);
                append.setLong(6, expected);
                try (ResultSet position = append.executeQuery()) {
                    return position.next() ? position.getLong(1) : CONFLICT;
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            int size = batch.size();
            String[] entities = new String[size];
            Long[] versions = new Long[size];
            byte[][] payloads = new byte[size][];
            for (int i = 0; i < size; i++) {
                entities[i] = batch.entity(i);
                versions[i] = batch.expected(i) + 1;
                payloads[i] = batch.payload(i);
            }
            try {
                connection.setAutoCommit(false);
                appendAll.setArray(1, connection.createArrayOf("text", entities));
                appendAll.setArray(2, connection.createArrayOf("bigint", versions));
                appendAll.setArray(3, connection.createArrayOf("bytea", payloads));
                boolean complete = appendAll.executeUpdate() == size;
                if (!complete) connection.rollback();
                // Commits what is open.
                connection.setAutoCommit(true);
                return complete;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class TableReader implements Reader {
        private final Connection connection;
        private final PreparedStatement load;
        private final PreparedStatement replay;
        private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

        TableReader(Connection connection) throws SQLException {
            this.connection = connection;
            load = connection.prepareStatement(LOAD);
            replay = connection.prepareStatement(REPLAY);
            replay.setFetchSize(ROWS_FETCHED);
        }

        @Override
        public int load(String entity, Sink sink) {
            try {
                load.setString(1, entity);
                return (int) handOut(load, sink);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long replay(Sink sink) {
            try {
                // Outside of a transaction the driver would fetch all rows at once.
                connection.setAutoCommit(false);
                long count = handOut(replay, sink);
                connection.setAutoCommit(true);
                return count;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private long handOut(PreparedStatement statement, Sink sink) throws SQLException {
            long count = 0;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byte[] payload = rows.getBytes(2);
                    buffer.wrap(payload);
                    sink.event(rows.getLong(1), buffer, 0, payload.length);
                    count++;
                }
            }
            return count;
        }
    }
}
