package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.Session;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors that only the run raises tell where in the text the expression stands that raised them. */
class PlacesOfErrorsTest {
    private static void run(Session session, String sql) {
        if (!sql.startsWith("SELECT")) {
            session.update(sql);
            return;
        }
        try (BatchCursor cursor = session.query(sql)) {
            while (cursor.next()) {
                assertThat(cursor.batch().getRowCount()).isNotNegative();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SELECT 1, 1 / 0; 11",
                "SELECT i FROM t WHERE i > 5 % 0; 27",
                "SELECT i + CAST('abc' AS INTEGER) FROM t; 12",
                "SELECT 2147483647 + CAST(1 AS INTEGER), i FROM t; 8",
                "SELECT i * (1 - 7 / (3 - 3)) FROM t; 17",
                "INSERT INTO t SELECT CAST('x' AS INTEGER); 22"
            })
    void theErrorOfAConstantHasItsPlace(String sql, int column) {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (i INTEGER)");
            session.update("INSERT INTO t VALUES (10)");
            assertThatThrownBy(() -> run(session, sql)).isInstanceOfSatisfying(EngineException.class, e -> {
                assertThat(e.sqlState()).startsWith("22");
                assertThat(e.column()).as(String.valueOf(e)).isEqualTo(column);
            });
        }
    }

    @Test
    void theErrorOfARowHasOneToo() {
        try (Database database = Engine.open(Map.of());
                Session session = database.openSession()) {
            session.update("CREATE TABLE t (i INTEGER)");
            session.update("INSERT INTO t VALUES (0)");
            assertThatThrownBy(() -> run(session, "SELECT\n  1 / i FROM t"))
                    .isInstanceOfSatisfying(EngineException.class, e -> {
                        assertThat(e.line()).isEqualTo(2);
                        assertThat(e.column()).isEqualTo(3);
                    });
        }
    }
}
