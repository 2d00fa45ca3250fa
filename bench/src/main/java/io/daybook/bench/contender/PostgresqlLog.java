package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Events in a PostgreSQL server of its own; each writer and reader has a connection. */
final class PostgresqlLog implements EventLog {

    private final PostgresqlServer server;
    private final PostgresqlSchema schema;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();

    private PostgresqlLog(PostgresqlServer server, PostgresqlSchema schema) {
        this.server = server;
        this.schema = schema;
    }

    /** Starts the server with its data in the folder; what is not there yet is made. Each setting is {@code name=value}. */
    static PostgresqlLog open(Path folder, List<String> settings, PostgresqlSchema schema) throws IOException {
        PostgresqlServer server = PostgresqlServer.start(folder, settings);
        try (Connection connection = server.connect()) {
            schema.create(connection);
        } catch (SQLException e) {
            server.close();
            throw new IOException("The database could not be prepared: folder=" + folder, e);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        return new PostgresqlLog(server, schema);
    }

    @Override
    public Writer writer() {
        try {
            return schema.writer(connect());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reader reader() {
        try {
            return schema.reader(connect());
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
