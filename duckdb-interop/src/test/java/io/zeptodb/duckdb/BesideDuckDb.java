package io.zeptodb.duckdb;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A database of ours and one of DuckDB's, both in memory, that are given the same tables. */
final class BesideDuckDb implements AutoCloseable {
    private final Database database;
    private final Session session;
    private final Connection duck;

    /** @param options of our database */
    BesideDuckDb(Map<String, String> options) throws SQLException {
        database = Engine.open(options);
        session = database.openSession();
        duck = DriverManager.getConnection("jdbc:duckdb:");
    }

    Session session() {
        return session;
    }

    Connection duck() {
        return duck;
    }

    /**
     * Runs statements in both.
     *
     * @param together after so many of them our rows are sealed, so that queries see sealed and hot ones; 0 for never
     */
    void run(List<String> statements, int together) throws SQLException {
        int number = 0;
        for (String sql : statements) {
            session.update(sql);
            inDuckDb(RandomTables.forDuckDb(sql));
            if (together > 0 && ++number % together == 0) {
                database.checkpoint();
            }
        }
    }

    /** A statement for DuckDB alone. */
    void inDuckDb(String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        duck.close();
        session.close();
        database.close();
    }
}
