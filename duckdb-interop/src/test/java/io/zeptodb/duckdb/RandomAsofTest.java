package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * DuckDB as the judge over seeded random as-of, window, union and plus joins, over hot and sealed rows, late ones among them. {@code -Dqueries=10000
 * -Dseed=1} runs more; a query that failed is run again by its own seed with {@code -Dqueries=1 -Dtables=SEED}.
 */
class RandomAsofTest {
    private static final int IN_THE_GATE = 200;
    private static final int A_SET_OF_TABLES = 100;
    private static final int MOST_SHOWN = 20;

    @Test
    void answersAreDuckDbs() throws SQLException {
        int queries = Integer.getInteger("queries", IN_THE_GATE);
        long seed = Long.getLong("seed", 1);
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (int from = 0; from < queries; from += A_SET_OF_TABLES) {
            int count = Math.min(A_SET_OF_TABLES, queries - from);
            compared += compare(seed + from, count, wrong);
        }
        System.out.printf(
                "random as-of and window joins: %d compared with DuckDB, %d wrong (seed %d)%n",
                compared, wrong.size(), seed);
        assertTrue(
                wrong.isEmpty(),
                () -> wrong.size() + " wrong answers:\n"
                        + String.join("\n\n", wrong.subList(0, Math.min(MOST_SHOWN, wrong.size()))));
        assertEquals(queries, compared);
    }

    /** Queries of consecutive seeds over one set of tables. */
    private static int compare(long seed, int count, List<String> wrong) throws SQLException {
        long tables = Long.getLong("tables", seed);
        try (Database database = Engine.open(Map.of("threads", "2"));
                Session session = database.openSession();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            int number = 0;
            for (String sql : AsofQueryGenerator.tables(tables)) {
                session.update(sql);
                statement.execute(RandomTables.forDuckDb(sql));
                if (++number % 3 == 0) {
                    database.checkpoint();
                }
            }
            for (int i = 0; i < count; i++) {
                AsofQueryGenerator.Pair query = new AsofQueryGenerator(seed + i).next();
                List<String> theirs = new ArrayList<>(DuckDbAnswer.rows(duck, query.duck()));
                String what =
                        "seed " + (seed + i) + " tables " + tables + "\n    " + query.ours() + "\n    " + query.duck();
                compare(session, query.ours(), what, theirs, wrong);
            }
            return count;
        }
    }

    private static void compare(Session session, String sql, String what, List<String> theirs, List<String> wrong) {
        List<String> ours;
        try {
            ours = new ArrayList<>(SpecAnswer.rows(session, sql));
        } catch (RuntimeException e) {
            wrong.add(e + " at " + e.getStackTrace()[0] + ", " + what);
            return;
        }
        Collections.sort(ours);
        Collections.sort(theirs);
        if (!ours.equals(theirs)) {
            List<String> missing = new ArrayList<>(theirs);
            ours.forEach(missing::remove);
            List<String> extra = new ArrayList<>(ours);
            theirs.forEach(extra::remove);
            wrong.add(ours.size() + " rows, expected " + theirs.size() + "; missing " + first(missing) + ", unexpected "
                    + first(extra) + ", " + what);
        }
    }

    private static List<String> first(List<String> rows) {
        return rows.subList(0, Math.min(3, rows.size()));
    }
}
