package io.zeptodb.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What a database runs: a test whose statement has to be under way waits for that, and not for a time in which it should be. */
public final class RunningStatements {
    private static final long LOOK_EVERY_MILLIS = 5;

    private RunningStatements() {}

    /** Waits, as long as the test has time, until a statement of this text can be cancelled. @param looking another connection, to the same database */
    public static void await(Connection looking, String sql) throws SQLException, InterruptedException {
        try (PreparedStatement query =
                looking.prepareStatement("SELECT count(*) FROM zepto_queries() WHERE sql_text = ?")) {
            query.setString(1, sql);
            while (count(query) == 0) {
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        }
    }

    private static long count(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
