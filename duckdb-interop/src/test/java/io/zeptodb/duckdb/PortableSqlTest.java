package io.zeptodb.duckdb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.spec.SpecAnswer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The portable statements of {@code portable.sql}, each in both databases. No answer may differ, every refusal says line and column, and of
 * the statements that DuckDB takes at least 95 % pass. {@code -Dportable.all=true} prints also what DuckDB refuses.
 */
class PortableSqlTest {
    private static final double LEAST_PASSED = 0.95;
    private static final int LEAST_STATEMENTS = 400;

    private final List<String> wrong = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> notInDuckDb = new ArrayList<>();
    private int counted;
    private int passed;

    @Test
    void portableStatementsAnswerAsDuckDbDoes() throws SQLException, IOException {
        try (BesideDuckDb both = new BesideDuckDb(Map.of("threads", "2"))) {
            // where PostgreSQL has one answer and DuckDB's default is another
            both.inDuckDb("SET default_null_order = 'postgres'");
            both.inDuckDb("SET integer_division = true");
            for (PortableStatement each : PortableStatement.all("portable.sql")) {
                run(each, both.session(), both.duck());
            }
        }
        System.out.printf(
                "portable SQL: %d statements that DuckDB takes, %d passed (%.1f %%), %d refused, %d wrong%n",
                counted, passed, 100.0 * passed / counted, refused.size(), wrong.size());
        refused.forEach(System.out::println);
        if (Boolean.getBoolean("portable.all")) {
            notInDuckDb.forEach(System.out::println);
        }
        assertTrue(wrong.isEmpty(), () -> "wrong:\n" + String.join("\n\n", wrong));
        assertTrue(unexpected.isEmpty(), () -> "not as marked:\n" + String.join("\n\n", unexpected));
        assertTrue(counted >= LEAST_STATEMENTS, () -> "only " + counted + " statements count");
        assertTrue(passed >= counted * LEAST_PASSED, () -> passed + " of " + counted + " passed");
    }

    private void run(PortableStatement each, Session session, Connection duck) {
        List<String> theirs;
        try (Statement statement = duck.createStatement()) {
            if (each.isQuery()) {
                theirs = DuckDbAnswer.rows(duck, each.sql());
            } else {
                statement.execute(each.sql());
                theirs = List.of();
            }
        } catch (SQLException e) {
            notInDuckDb.add("not in DuckDB: " + each + "\n    "
                    + e.getMessage().lines().findFirst().orElse(""));
            return;
        }
        counted++;
        List<String> ours = ours(each, session);
        if (ours == null) {
            return;
        }
        String difference = AnswerDifference.of(theirs, ours, each.ordered());
        if (difference != null) {
            wrong.add(each + "\n    " + difference);
            return;
        }
        passed++;
        if (each.refused()) {
            unexpected.add("passes now, take the mark away: " + each);
        }
    }

    /** Our rows; null when the statement is refused, which is noted. */
    private List<String> ours(PortableStatement each, Session session) {
        try {
            if (each.isQuery()) {
                return SpecAnswer.rows(session, each.sql());
            }
            session.update(each.sql());
            return List.of();
        } catch (EngineException e) {
            String text = each + "\n    " + e.sqlState() + " " + e.getMessage() + " (line " + e.line() + ", column "
                    + e.column() + ")";
            if (e.code() == ErrorCode.INTERNAL_ERROR) {
                wrong.add(text);
            } else {
                refused.add("refused: " + text);
                if (e.line() == 0 || e.column() == 0) {
                    unexpected.add("refused without line and column: " + text);
                } else if (!each.refused()) {
                    unexpected.add("refused without the mark: " + text);
                }
            }
        } catch (RuntimeException e) {
            wrong.add(each + "\n    " + e + " at " + e.getStackTrace()[0]);
        }
        return null;
    }
}
