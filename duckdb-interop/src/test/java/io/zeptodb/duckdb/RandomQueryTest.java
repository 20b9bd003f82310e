package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
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
 * DuckDB as the judge over seeded random queries. {@code -Dqueries=10000 -Dseed=1} runs more; a query that failed is run again by its own
 * seed with {@code -Dqueries=1}; {@code -Dmemory=400KB} gives each query little memory, so that many spill. No answer may differ; what we refuse, DuckDB must refuse too, or be counted as unsupported with a clear
 * error.
 */
class RandomQueryTest {
    private static final int IN_THE_GATE = 1000;
    private static final double LEAST_ANSWERED = 0.95;
    private static final int MOST_SHOWN = 20;

    @Test
    void answersAreDuckDbs() throws SQLException {
        int queries = Integer.getInteger("queries", IN_THE_GATE);
        long seed = Long.getLong("seed", 1);
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int compared = 0;
        String memory = System.getProperty("memory", "100%");
        try (Database database = Engine.open(Map.of("threads", "2", "query_memory_limit", memory));
                Session session = database.openSession();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            int number = 0;
            for (String sql : RandomTables.statements(seed)) {
                session.update(sql);
                statement.execute(RandomTables.forDuckDb(sql));
                if (++number % 2 == 0) {
                    database.checkpoint(); // so that queries see sealed and hot segments
                }
            }
            for (int i = 0; i < queries; i++) {
                String sql = new QueryGenerator(seed + i).next();
                List<String> theirs = theirs(duck, sql);
                if (theirs == null) {
                    continue; // not valid there: no judge
                }
                compared++;
                compare(session, sql, seed + i, theirs, wrong, refused);
            }
        }
        System.out.printf(
                "random queries: %d compared with DuckDB, %d wrong, %d refused (seed %d)%n",
                compared, wrong.size(), refused.size(), seed);
        refused.stream().limit(MOST_SHOWN).forEach(System.out::println);
        assertTrue(
                wrong.isEmpty(),
                () -> wrong.size() + " wrong answers:\n"
                        + String.join("\n\n", wrong.subList(0, Math.min(MOST_SHOWN, wrong.size()))));
        assertTrue(
                !memory.equals("100%") || refused.size() <= compared * (1 - LEAST_ANSWERED),
                refused.size() + " of " + compared + " queries refused");
        assertTrue(
                compared >= queries * LEAST_ANSWERED,
                "only " + compared + " of " + queries + " queries were valid in DuckDB");
    }

    private static List<String> theirs(Connection duck, String sql) {
        try {
            List<String> rows = new ArrayList<>(DuckDbAnswer.rows(duck, sql));
            Collections.sort(rows);
            return rows;
        } catch (SQLException e) {
            return null;
        }
    }

    private static void compare(
            Session session, String sql, long seed, List<String> theirs, List<String> wrong, List<String> refused) {
        List<String> ours;
        try {
            ours = new ArrayList<>(SpecAnswer.rows(session, sql));
        } catch (EngineException e) {
            boolean clear = e.code() != ErrorCode.INTERNAL_ERROR && e.getMessage() != null;
            (clear ? refused : wrong).add("seed " + seed + ": " + e.sqlState() + " " + e.getMessage() + "\n    " + sql);
            return;
        } catch (RuntimeException e) {
            wrong.add("seed " + seed + ": " + e + " at " + e.getStackTrace()[0] + "\n    " + sql);
            return;
        }
        Collections.sort(ours);
        if (!ours.equals(theirs)) {
            List<String> missing = new ArrayList<>(theirs);
            ours.forEach(missing::remove);
            List<String> extra = new ArrayList<>(ours);
            theirs.forEach(extra::remove);
            wrong.add("seed " + seed + ": " + ours.size() + " rows, expected " + theirs.size() + "; missing "
                    + first(missing) + ", unexpected " + first(extra) + "\n    " + sql);
        }
    }

    private static List<String> first(List<String> rows) {
        return rows.subList(0, Math.min(3, rows.size()));
    }
}
