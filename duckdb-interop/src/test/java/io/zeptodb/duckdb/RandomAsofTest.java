package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
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

    @Test
    void answersAreDuckDbs() throws SQLException {
        int queries = Integer.getInteger("queries", IN_THE_GATE);
        long seed = Long.getLong("seed", 1);
        Verdicts verdicts = new Verdicts();
        for (int from = 0; from < queries; from += A_SET_OF_TABLES) {
            judge(seed + from, Math.min(A_SET_OF_TABLES, queries - from), verdicts);
        }
        verdicts.report("random as-of and window joins", seed);
        assertEquals(0, verdicts.refused());
        assertEquals(queries, verdicts.compared());
    }

    /** Queries of consecutive seeds over one set of tables. */
    private static void judge(long seed, int count, Verdicts verdicts) throws SQLException {
        long tables = Long.getLong("tables", seed);
        try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", "2"))) {
            both.run(AsofQueryGenerator.tables(tables), 3);
            for (int i = 0; i < count; i++) {
                AsofQueryGenerator.Pair query = new AsofQueryGenerator(seed + i).next();
                List<String> theirs = DuckDbAnswer.rows(both.duck(), query.duck());
                String what = "seed " + (seed + i) + " tables " + tables + "\n    " + query.duck();
                verdicts.judge(both.session(), query.ours(), what, theirs);
            }
        }
    }
}
