package io.daybook.bench.contender;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/** A way to keep events in PostgreSQL. */
interface PostgresqlSchema {

    /** Makes in the database what is not there yet. */
    void create(Connection connection) throws SQLException, IOException;

    /** Appends over a connection of its own. */
    Writer writer(Connection connection) throws SQLException;

    /** Reads over a connection of its own. */
    Reader reader(Connection connection) throws SQLException;
}
