package io.zeptodb.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
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
        Verdicts verdicts = new Verdicts();
        try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", "2"))) {
            both.run(RandomTables.statements(seed), 2);
            for (int i = 0; i < queries; i++) {
                WindowGenerator.Query query = new WindowGenerator(seed + i).next();
                List<String> theirs = DuckDbAnswer.rowsIfValid(both.duck(), query.theirs());
                if (theirs != null) {
                    verdicts.judge(both.session(), query.ours(), "seed " + (seed + i), theirs);
                }
            }
        }
        verdicts.report("random windows", seed);
        assertThat(verdicts.refused()).isLessThan((int) (queries * (1 - LEAST_ANSWERED)));
        assertThat(verdicts.compared()).isGreaterThan((int) (queries * LEAST_ANSWERED));
    }
}
