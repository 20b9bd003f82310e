package io.zeptodb.bench;

import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;

/**
 * DatabaseMetaData over many tables of ten columns, in the process and through a server: the first call, as a tool makes it, and the median of many. Every answer
 * is counted. Arguments: tables (1000), calls (50).
 */
public final class CatalogReads {
    private static final int COLUMNS = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    private CatalogReads() {}

    /** One call of the metadata. */
    private interface Call {
        ResultSet of(DatabaseMetaData data) throws SQLException;
    }

    public static void main(String[] arguments) throws Exception {
        int tables = arguments.length < 1 ? 1_000 : Integer.parseInt(arguments[0]);
        int calls = arguments.length < 2 ? 50 : Integer.parseInt(arguments[1]);
        try (Connection local = DriverManager.getConnection("jdbc:zepto:")) {
            fill(local, tables);
            try (ZeptoServer server = ZeptoServer.builder()
                            .database(local.unwrap(Database.class))
                            .port(0)
                            .start();
                    Connection remote = DriverManager.getConnection(server.jdbcUrl())) {
                System.out.printf(Locale.ROOT, "%d tables, %d calls, %s%n", tables, calls, Runtime.version());
                System.out.println("| call | where | rows | first | median | best |");
                System.out.println("|---|---|---|---|---|---|");
                row("getTables of all", local, remote, calls, tables, data -> data.getTables(null, "main", "%", null));
                row(
                        "getColumns of all",
                        local,
                        remote,
                        calls,
                        tables * COLUMNS,
                        data -> data.getColumns(null, "main", "%", "%"));
                row(
                        "getColumns of one",
                        local,
                        remote,
                        calls,
                        COLUMNS,
                        data -> data.getColumns(null, "main", "t7", "%"));
                row(
                        "getIndexInfo of one",
                        local,
                        remote,
                        calls,
                        -1,
                        data -> data.getIndexInfo(null, "main", "t7", false, true));
                row("getPrimaryKeys of one", local, remote, calls, -1, data -> data.getPrimaryKeys(null, "main", "t7"));
                row(
                        "getTablePrivileges of one",
                        local,
                        remote,
                        calls,
                        -1,
                        data -> data.getTablePrivileges(null, "main", "t7"));
            }
        }
    }

    private static void fill(Connection local, int tables) throws SQLException {
        StringBuilder columns = new StringBuilder();
        for (int i = 1; i < COLUMNS; i++) {
            columns.append("c").append(i).append(i % 2 == 0 ? " BIGINT, " : " VARCHAR, ");
        }
        try (Statement statement = local.createStatement()) {
            for (int i = 0; i < tables; i++) {
                statement.execute("CREATE TABLE t" + i + " (" + columns + "ts TIMESTAMP_NS)");
            }
        }
    }

    /** @param expected rows of the answer, -1 for any number that is the same each time */
    private static void row(String name, Connection local, Connection remote, int calls, int expected, Call call)
            throws SQLException {
        measure(name, "in process", local, calls, expected, call);
        measure(name, "server", remote, calls, expected, call);
    }

    private static void measure(String name, String where, Connection connection, int calls, int expected, Call call)
            throws SQLException {
        DatabaseMetaData data = connection.getMetaData();
        double[] millis = new double[calls];
        int rows = expected;
        for (int i = 0; i < calls; i++) {
            long begin = System.nanoTime();
            int count = 0;
            try (ResultSet answer = call.of(data)) {
                while (answer.next()) {
                    count++;
                }
            }
            millis[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            rows = rows < 0 ? count : rows;
            if (count != rows) {
                throw new IllegalStateException(name + " has " + count + " rows, expected " + rows);
            }
        }
        double first = millis[0];
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %.0f ms | %.1f ms | %.1f ms |%n",
                name,
                where,
                rows,
                first,
                millis[calls / 2],
                millis[0]);
    }
}
