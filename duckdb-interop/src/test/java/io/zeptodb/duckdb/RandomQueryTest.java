package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
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

    @Test
    void answersAreDuckDbs() throws SQLException {
        int queries = Integer.getInteger("queries", IN_THE_GATE);
        long seed = Long.getLong("seed", 1);
        String memory = System.getProperty("memory", "100%");
        Verdicts verdicts = new Verdicts();
        try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", "2", "query_memory_limit", memory))) {
            both.run(RandomTables.statements(seed), 2);
            for (int i = 0; i < queries; i++) {
                String sql = new QueryGenerator(seed + i).next();
                List<String> theirs = DuckDbAnswer.rowsIfValid(both.duck(), sql);
                if (theirs != null) {
                    verdicts.judge(both.session(), sql, "seed " + (seed + i), theirs);
                }
            }
        }
        verdicts.report("random queries", seed);
        assertTrue(
                !memory.equals("100%") || verdicts.refused() <= verdicts.compared() * (1 - LEAST_ANSWERED),
                verdicts.refused() + " of " + verdicts.compared() + " queries refused");
        assertTrue(
                verdicts.compared() >= queries * LEAST_ANSWERED,
                "only " + verdicts.compared() + " of " + queries + " queries were valid in DuckDB");
    }
}
