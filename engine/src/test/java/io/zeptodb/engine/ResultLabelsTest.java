package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What result columns are called, and of which type they say they are. */
class ResultLabelsTest {
    private final Database database = Engine.open(Map.of());
    private final Session session = database.openSession();

    @BeforeEach
    void create() {
        session.update("CREATE TABLE t (symbol SYMBOL, a BIGINT)");
        session.update("CREATE TABLE u (symbol SYMBOL, a BIGINT)");
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private List<ResultColumn> columns(String sql) {
        try (PreparedQuery query = session.prepare(sql)) {
            return query.columns();
        }
    }

    private List<String> labels(String sql) {
        return columns(sql).stream().map(ResultColumn::label).toList();
    }

    @Test
    void escapesOfJdbcAreCalledAsTheyAreWritten() {
        assertThat(labels("SELECT {d '2024-01-01'}, {t '10:00:00'}, {ts '2024-01-01 00:00:00'}, {fn length('abc')}"))
                .containsExactly(
                        "{d '2024-01-01'}", "{t '10:00:00'}", "{ts '2024-01-01 00:00:00'}", "{fn length('abc')}");
    }

    @Test
    void aStarOverAJoinGivesColumnsTheirOwnNames() {
        assertThat(labels("SELECT * FROM t JOIN u ON t.symbol = u.symbol"))
                .containsExactly("symbol", "a", "symbol", "a");
        assertThat(labels("SELECT u.*, t.* FROM t, u ORDER BY 1")).containsExactly("symbol", "a", "symbol", "a");
        assertThat(labels("SELECT * FROM t, u UNION ALL SELECT * FROM t, u"))
                .containsExactly("symbol", "a", "symbol", "a");
        assertThat(labels("WITH w AS (SELECT 1 AS a) SELECT * FROM t, w LIMIT 1"))
                .containsExactly("symbol", "a", "a");
    }

    @Test
    void aliasesStayAsTheyAreWritten() {
        assertThat(labels("SELECT *, t.a AS a0, u.a AS symbol0 FROM t, u"))
                .containsExactly("symbol", "a", "symbol", "a", "a0", "symbol0");
    }

    @Test
    void aggregatesOfAWindowJoinAreCalledAsTheyAreWritten() {
        assertThat(labels("SELECT t.a, wj_sum(u.a), count(*), max(u.a) + 1, *, min(u.a) AS least FROM t WINDOW JOIN u"
                        + " ON t.symbol = u.symbol AND u.a BETWEEN t.a - 5 AND t.a"))
                .containsExactly("a", "wj_sum(u.a)", "count(*)", "max(u.a) + 1", "symbol", "a", "least");
    }

    @Test
    void aSymbolThatIsCastToTextIsText() {
        String sql = "SELECT CAST(symbol AS VARCHAR), symbol::varchar AS s, symbol FROM t";
        assertThat(columns(sql).stream().map(ResultColumn::type).toList())
                .containsExactly(ColumnType.VARCHAR, ColumnType.VARCHAR, ColumnType.SYMBOL);
    }
}
