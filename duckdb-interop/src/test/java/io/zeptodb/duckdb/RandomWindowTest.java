package io.zeptodb.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
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
 * DuckDB as the judge over seeded random window functions: frames of every unit with every pair of ends and exclusion, IGNORE NULLS, FILTER, ties and
 * NULLs in partitions and orders. {@code -Dqueries=10000 -Dseed=1} runs more.
 */
class RandomWindowTest {
    private static final int IN_THE_GATE = 600;
    private static final double LEAST_ANSWERED = 0.95;

    @Test
    void answersAreDuckDbs() throws SQLException {
        int queries = Integer.getInteger("queries", IN_THE_GATE);
        long seed = Long.getLong("seed", 1);
        List<String> wrong = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int compared = 0;
        try (Database database = Engine.open(Map.of("threads", "2"));
                Session session = database.openSession();
                Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            int number = 0;
            for (String sql : RandomTables.statements(seed)) {
                session.update(sql);
                statement.execute(RandomTables.forDuckDb(sql));
                if (++number % 2 == 0) {
                    database.checkpoint();
                }
            }
            for (int i = 0; i < queries; i++) {
                WindowGenerator.Query query = new WindowGenerator(seed + i).next();
                List<String> theirs;
                try {
                    theirs = new ArrayList<>(DuckDbAnswer.rows(duck, query.theirs()));
                } catch (SQLException e) {
                    continue; // not valid there: no judge
                }
                compared++;
                compare(session, query.ours(), seed + i, theirs, wrong, refused);
            }
        }
        System.out.printf(
                "random windows: %d compared with DuckDB, %d wrong, %d refused (seed %d)%n",
                compared, wrong.size(), refused.size(), seed);
        refused.stream().limit(10).forEach(System.out::println);
        assertThat(wrong).isEmpty();
        assertThat(refused).hasSizeLessThan((int) (queries * (1 - LEAST_ANSWERED)));
        assertThat(compared).isGreaterThan((int) (queries * LEAST_ANSWERED));
    }

    private static void compare(
            Session session, String sql, long seed, List<String> theirs, List<String> wrong, List<String> refused) {
        List<String> ours;
        try {
            ours = new ArrayList<>(SpecAnswer.rows(session, sql));
        } catch (EngineException e) {
            refused.add("seed " + seed + ": " + e.sqlState() + " " + e.getMessage() + "\n    " + sql);
            return;
        }
        Collections.sort(ours);
        Collections.sort(theirs);
        if (!ours.equals(theirs)) {
            List<String> missing = new ArrayList<>(theirs);
            ours.forEach(missing::remove);
            List<String> extra = new ArrayList<>(ours);
            theirs.forEach(extra::remove);
            wrong.add("seed " + seed + ": missing " + missing.stream().limit(3).toList() + ", unexpected "
                    + extra.stream().limit(3).toList() + "\n    " + sql);
        }
    }
}
