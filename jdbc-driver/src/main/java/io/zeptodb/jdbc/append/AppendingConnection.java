package io.zeptodb.jdbc.append;

import java.sql.SQLException;

/**
 * A connection that makes appenders, in the process and to a server alike: {@code connection.unwrap(AppendingConnection.class)}, which reaches
 * through the connection of a pool too. Used as the connection is.
 */
public interface AppendingConnection {
    /**
     * An appender to a table. Close it before the connection, or before that goes back to its pool: a pool does not know of it, so that it stays
     * usable then and its rows would be stored in whatever transaction the next borrower has.
     *
     * @param table its name, without quotes
     * @param columns the names of the columns that rows have, in the order in which they are numbered from 1; the others become NULL. None stands for
     *     all, in the order of the table
     * @throws SQLException 42P01 for an unknown table, 42703 for a column that it has not, 42501 without the right to INSERT, 25006 when nothing may be written
     */
    Appender appender(String table, String... columns) throws SQLException;
}
