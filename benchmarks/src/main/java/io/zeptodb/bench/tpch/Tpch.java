package io.zeptodb.bench.tpch;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * TPC-H beside DuckDB, both in this process and in memory, both with so many threads: the answers are compared, then each query runs in
 * turns, and the least time of each is printed with their ratio. Arguments: scale (default 0.1), threads (2), runs (5), numbers of queries (all).
 */
public final class Tpch {
    private static final double BUDGET = 5;
    private static final double MILLIS = 1e6;
    private static final String SCALE = "0.1";
    private static final String THREADS = "2";
    private static final int RUNS = 5;

    private Tpch() {}

    public static void main(String[] arguments) throws SQLException, IOException {
        double scale = Double.parseDouble(arguments.length > 0 ? arguments[0] : SCALE);
        String threads = arguments.length > 1 ? arguments[1] : THREADS;
        int runs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : RUNS;
        List<Integer> queries = arguments.length > 3
                ? Arrays.stream(arguments).skip(3).map(Integer::valueOf).toList()
                : TpchTables.allQueries();
        try (Connection zepto = DriverManager.getConnection("jdbc:zepto:?threads=" + threads);
                Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
            try (Statement setting = duck.createStatement()) {
                setting.execute("SET threads TO " + threads);
            }
            TpchTables.create(scale, zepto, duck);
            print("query   ZeptoDB ms   DuckDB ms   ratio");
            List<Integer> slow = new ArrayList<>();
            for (int query : queries) {
                if (ratio(query, zepto, duck, runs) > BUDGET) {
                    slow.add(query);
                }
            }
            print("above %.0f times: %s", BUDGET, slow);
        }
    }

    private static double ratio(int query, Connection zepto, Connection duck, int runs) throws SQLException {
        String sql = TpchTables.query(query);
        String difference = TpchAnswer.of(zepto, sql).difference(TpchAnswer.of(duck, sql));
        if (difference != null) {
            throw new IllegalStateException("query " + query + ": " + difference);
        }
        double ours = Double.MAX_VALUE;
        double theirs = Double.MAX_VALUE;
        for (int run = 0; run < runs; run++) {
            ours = Math.min(ours, millis(zepto, sql));
            theirs = Math.min(theirs, millis(duck, sql));
        }
        print("%5d   %10.1f   %9.1f   %5.2f", query, ours, theirs, ours / theirs);
        return ours / theirs;
    }

    private static double millis(Connection connection, String sql) throws SQLException {
        long start = System.nanoTime();
        TpchAnswer.of(connection, sql);
        return (System.nanoTime() - start) / MILLIS;
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
