package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

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

    private static final Set<Durability> DURABILITIES = Collections.unmodifiableSet(
            EnumSet.of(Durability.D0, Durability.D1, Durability.D2, Durability.D2G));

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
        return DURABILITIES;
    }

    @Override
    public String setup() {
        return "a server of its own on a Unix socket; table with unique (entity, version), one statement and transaction an append,"
                + " prepared, binary; " + PostgresqlSettings.described(DURABILITIES);
    }

    @Override
    public Optional<String> missing() {
        return PostgresqlServer.missing();
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        return PostgresqlLog.open(folder, PostgresqlSettings.of(durability), new Table());
    }

    private static final class Table implements PostgresqlSchema {
        @Override
        public void create(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
            }
        }

        @Override
        public Writer writer(Connection connection) throws SQLException {
            return new TableWriter(connection);
        }

        @Override
        public Reader reader(Connection connection) throws SQLException {
            return new PostgresqlReader(connection, LOAD, REPLAY, UnaryOperator.identity());
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
}
