package io.daybook.bench.contender;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads by two queries, whose rows are version and payload. */
final class PostgresqlReader implements Reader {

    private static final int ROWS_FETCHED = 10_000;

    private final Connection connection;
    private final PreparedStatement load;
    private final PreparedStatement replay;
    private final UnaryOperator<byte[]> payloadOf;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    /**
     * Prepares both.
     *
     * @param load      the query of one entity, which is its parameter
     * @param replay    the query of all
     * @param payloadOf makes a payload of the second column
     */
    PostgresqlReader(Connection connection, String load, String replay, UnaryOperator<byte[]> payloadOf) throws SQLException {
        this.connection = connection;
        this.load = connection.prepareStatement(load);
        this.replay = connection.prepareStatement(replay);
        this.replay.setFetchSize(ROWS_FETCHED);
        this.payloadOf = payloadOf;
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
                byte[] payload = payloadOf.apply(rows.getBytes(2));
                buffer.wrap(payload);
                sink.event(rows.getLong(1), buffer, 0, payload.length);
                count++;
            }
        }
        return count;
    }
}
