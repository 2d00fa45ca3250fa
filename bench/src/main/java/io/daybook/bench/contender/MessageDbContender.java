package io.daybook.bench.contender;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Message-db: SQL functions that make an event store of PostgreSQL. An entity is a stream; its name up to the first dash is the stream's
 * category, of which one transaction appends at a time.
 *
 * <p>Its {@code stream_version} is a {@code max(position)}. Once PostgreSQL's statistics say that streams have one message each, as after a
 * filling, the planner reads all of a stream for it, and an append to a long stream takes long: 1.8 ms at 4,000 messages, 0.3 before.
 * Zipf's keys make streams that grow long. Users get the same plan, so nothing is done about it here.
 */
final class MessageDbContender implements Contender {

    // The id is made as in the package's own benchmark.
    private static final String APPEND = "SELECT write_message(gen_random_uuid()::varchar, ?, 'Event', ?::jsonb, NULL, ?)";
    private static final String ALL_MESSAGES = "-1";
    private static final String LOAD = "SELECT position, data FROM get_stream_messages(?, 0, " + ALL_MESSAGES + ")";
    private static final String REPLAY = "SELECT position, data FROM messages ORDER BY global_position";
    private static final String IS_INSTALLED = "SELECT to_regclass('message_store.messages') IS NOT NULL";
    private static final String WRONG_VERSION = "Wrong expected version";

    // The functions call each other without the schema's name. A refusal is an error, of which the server would keep lines in its log.
    private static final List<String> SETTINGS = List.of("search_path=message_store,public", "log_min_messages=fatal");
    private static final Set<Durability> DURABILITIES = Collections.unmodifiableSet(EnumSet.of(Durability.D0, Durability.D2));

    @Override
    public String name() {
        return "message-db";
    }

    @Override
    public String title() {
        return "message-db";
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
        return "message-db 1.3.1 as its install.sh makes it, in a PostgreSQL server of its own on a Unix socket; write_message with the"
                + " expected version, one transaction an append, prepared; several events: as many calls in one transaction, sent together;"
                + " the payload as a JSON string in base64, a third longer, which is all that data holds; no metadata;"
                + " get_stream_messages without a limit; replay by global_position from the table; "
                + String.join(", ", SETTINGS) + ", " + PostgresqlSettings.described(DURABILITIES);
    }

    @Override
    public Optional<String> missing() {
        return PostgresqlServer.missing().or(MessageDbScripts::missing);
    }

    @Override
    public EventLog open(Path folder, Durability durability) throws IOException {
        List<String> settings = PostgresqlSettings.of(durability);
        settings.addAll(SETTINGS);
        return PostgresqlLog.open(folder, settings, new Functions());
    }

    /** A JSON string. Base64 has nothing in it that JSON escapes. */
    private static String toJson(byte[] payload) {
        return '"' + Base64.getEncoder().encodeToString(payload) + '"';
    }

    private static byte[] fromJson(byte[] json) {
        return Base64.getDecoder().decode(Arrays.copyOfRange(json, 1, json.length - 1));
    }

    private static boolean isConflict(SQLException e) {
        return e.getMessage().contains(WRONG_VERSION);
    }

    private static final class Functions implements PostgresqlSchema {
        @Override
        public void create(Connection connection) throws SQLException, IOException {
            try (Statement statement = connection.createStatement()) {
                // All or nothing: the scripts cannot be run twice.
                connection.setAutoCommit(false);
                if (!isInstalled(statement)) {
                    for (String script : MessageDbScripts.all()) {
                        statement.execute(script);
                    }
                }
                connection.commit();
            }
        }

        private static boolean isInstalled(Statement statement) throws SQLException {
            try (ResultSet answer = statement.executeQuery(IS_INSTALLED)) {
                return answer.next() && answer.getBoolean(1);
            }
        }

        @Override
        public Writer writer(Connection connection) throws SQLException {
            return new StreamWriter(connection);
        }

        @Override
        public Reader reader(Connection connection) throws SQLException {
            return new PostgresqlReader(connection, LOAD, REPLAY, MessageDbContender::fromJson);
        }
    }

    private static final class StreamWriter implements Writer {
        private final Connection connection;
        private final PreparedStatement append;
        // What write_message answers is the version, which does not grow from stream to stream.
        private long appended;

        StreamWriter(Connection connection) throws SQLException {
            this.connection = connection;
            append = connection.prepareStatement(APPEND);
        }

        @Override
        public long append(String entity, long expected, byte[] payload) {
            try {
                set(entity, expected, payload);
                append.executeQuery().close();
                return appended++;
            } catch (SQLException e) {
                if (isConflict(e)) return CONFLICT;
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean appendAll(Batch batch) {
            try {
                connection.setAutoCommit(false);
                for (int i = 0; i < batch.size(); i++) {
                    set(batch.entity(i), batch.expected(i), batch.payload(i));
                    append.addBatch();
                }
                boolean complete = executeBatch();
                if (!complete) connection.rollback();
                // Commits what is open.
                connection.setAutoCommit(true);
                return complete;
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private boolean executeBatch() throws SQLException {
            try {
                append.executeBatch();
                return true;
            } catch (SQLException e) {
                if (isConflict(e)) return false;
                throw e;
            }
        }

        private void set(String entity, long expected, byte[] payload) throws SQLException {
            append.setString(1, entity);
            append.setString(2, toJson(payload));
            append.setLong(3, expected);
        }
    }
}
