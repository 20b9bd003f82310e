package io.zeptodb.server;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The table {@code side (x BIGINT)} of the numbers from 0 on: joined with itself it gives as many rows, and as long a run, as a test wants. */
public final class SideTable {
    private SideTable() {}

    public static void make(Connection connection, int rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE side (x BIGINT)");
            statement.execute("INSERT INTO side SELECT x FROM UNNEST("
                    + IntStream.range(0, rows)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(", ", "ARRAY[", "]"))
                    + ") AS u (x)");
        }
    }
}
