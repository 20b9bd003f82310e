package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.util.ArrayList;
import java.util.List;

/** What DuckDB's answers say of ours, over the queries of one test: how many were compared, which are wrong, which we refuse with a clear error. */
final class Verdicts {
    private static final int MOST_SHOWN = 20;

    private final List<String> wrong = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private int compared;

    /**
     * Compares the answers to one query, in any order of rows.
     *
     * @param what names the query: its seed
     * @param theirs DuckDB's answer
     */
    void judge(Session session, String sql, String what, List<String> theirs) {
        compared++;
        try {
            String difference = AnswerDifference.ofTexts(theirs, SpecAnswer.rows(session, sql));
            if (difference != null) {
                wrong.add(what + ": " + difference + "\n    " + sql);
            }
        } catch (EngineException e) {
            boolean clear = e.code() != ErrorCode.INTERNAL_ERROR && e.getMessage() != null;
            (clear ? refused : wrong).add(what + ": " + e.sqlState() + " " + e.getMessage() + "\n    " + sql);
        } catch (RuntimeException e) {
            wrong.add(what + ": " + e + " at " + e.getStackTrace()[0] + "\n    " + sql);
        }
    }

    int compared() {
        return compared;
    }

    int refused() {
        return refused.size();
    }

    /** Prints the figures, and fails when an answer was wrong. */
    void report(String queries, long seed) {
        System.out.printf(
                "%s: %d compared with DuckDB, %d wrong, %d refused (seed %d)%n",
                queries, compared, wrong.size(), refused.size(), seed);
        refused.stream().limit(MOST_SHOWN).forEach(System.out::println);
        assertTrue(
                wrong.isEmpty(),
                () -> wrong.size() + " wrong answers:\n"
                        + String.join("\n\n", wrong.subList(0, Math.min(MOST_SHOWN, wrong.size()))));
    }
}
