package io.zeptodb.bench;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.Session;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bars from a materialized view beside the same bars from the table, each answer checked against the other. Arguments: rows in millions (4), symbols
 * (10); over five days, so that a bar of a minute has some 55 rows of ten symbols, and five of a hundred.
 */
public final class MaterializedBars {
    private static final int MILLION = 1_000_000;
    private static final int KEYS = 10;
    private static final int DAYS = 5;
    private static final int RUNS = 9;
    private static final int NEW_ROWS = 1_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private static final String BARS =
            "SELECT symbol, xbar(ts, INTERVAL '%s') AS bar, first(price) AS o, max(price) AS h,"
                    + " min(price) AS l, last(price) AS c, sum(volume) AS v, vwap(price, volume) AS w, avg(price) AS m, count(*) AS n"
                    + " FROM t GROUP BY symbol, bar";

    private static final Map<String, String> QUERIES = Map.of(
            "bars of 1 minute",
            BARS.replace("'%s'", "'1' MINUTE"),
            "roll-up to 1 hour",
            BARS.replace("'%s'", "'1' HOUR"),
            "totals by symbol",
            "SELECT symbol, sum(volume), last(price), avg(price) FROM t GROUP BY symbol",
            "an hour of one symbol",
            "SELECT sum(volume), vwap(price, volume) FROM t WHERE symbol = 'S7' AND ts >= '2024-08-10 10:00:00'"
                    + " AND ts < '2024-08-10 11:00:00'");

    private MaterializedBars() {}

    public static void main(String[] arguments) {
        int rows = (arguments.length == 0 ? 4 : Integer.parseInt(arguments[0])) * MILLION;
        int keys = arguments.length < 2 ? KEYS : Integer.parseInt(arguments[1]);
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            Ticks.create(session, "t", "PARTITION BY symbol, DAY(ts)");
            Ticks.append(database, "t", rows, keys, DAYS * Ticks.DAY_NANOS);
            session.update("CREATE MATERIALIZED VIEW bars AS " + BARS.replace("'%s'", "'1' MINUTE"));
            long begin = System.nanoTime();
            count(session, "SELECT * FROM bars");
            System.out.printf(
                    Locale.ROOT,
                    "%d rows of %d symbols, first answer of the view: %.1f ms%n",
                    rows,
                    keys,
                    (System.nanoTime() - begin) / NANOS_PER_MILLI);
            System.out.println("| query | table, ms | view, ms | ratio |");
            System.out.println("|---|---|---|---|");
            QUERIES.keySet().stream().sorted().forEach(name -> compare(session, name, QUERIES.getOrDefault(name, "")));
            afterCommits(database, session, keys);
        }
    }

    private static void compare(Session session, String name, String sql) {
        use(session, false);
        long expected = count(session, sql);
        double table = median(session, sql);
        use(session, true);
        if (count(session, sql) != expected) {
            throw new IllegalStateException(name + ": the view does not give the " + expected + " rows of the table");
        }
        double view = median(session, sql);
        System.out.printf(Locale.ROOT, "| %s | %.2f | %.2f | %.1f |%n", name, table, view, table / view);
    }

    /** Each commit is followed by a query. */
    private static void afterCommits(Database database, Session session, int keys) {
        String sql = QUERIES.getOrDefault("an hour of one symbol", "");
        double[] times = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            Ticks.append(database, "t", NEW_ROWS, keys, Ticks.DAY_NANOS);
            long begin = System.nanoTime();
            count(session, sql);
            times[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
        }
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT, "an hour of one symbol behind a commit of %d rows: %.2f ms%n", NEW_ROWS, times[RUNS / 2]);
    }

    private static void use(Session session, boolean views) {
        session.update("SET use_materialized_views = " + views);
    }

    private static double median(Session session, String sql) {
        double[] times = new double[RUNS];
        for (int i = -2; i < RUNS; i++) {
            long begin = System.nanoTime();
            count(session, sql);
            if (i >= 0) {
                times[i] = (System.nanoTime() - begin) / NANOS_PER_MILLI;
            }
        }
        Arrays.sort(times);
        return times[RUNS / 2];
    }

    private static long count(Session session, String sql) {
        long rows = 0;
        try (PreparedQuery query = session.prepare(sql);
                BatchCursor cursor = query.query(List.of(), ExecutionOptions.DEFAULT)) {
            while (cursor.next()) {
                rows += cursor.batch().getRowCount();
            }
        }
        return rows;
    }
}
