package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.junit.jupiter.api.Test;

/** Names in joins: USING, NATURAL and the forms of as-of joins. */
class JoinNamesTest {
    private static String plan(String sql) {
        return RelOptUtil.toString(SqlFrontEndFixture.query(sql).root().rel);
    }

    private static List<String> names(String sql) {
        return SqlFrontEndFixture.query(sql).root().fields.rightList();
    }

    @Test
    void theThreeFormsOfAsofJoinAreOne() {
        String expected = "LogicalAsofJoin(condition=[=($0, $4)], joinType=[asof], matchCondition=[>=($3, $7)])";
        assertThat(
                        plan(
                                "SELECT bid FROM trades t ASOF JOIN quotes q MATCH_CONDITION t.ts >= q.ts ON t.symbol = q.symbol"))
                .contains(expected);
        assertThat(plan("SELECT bid FROM trades t ASOF JOIN quotes q ON t.symbol = q.symbol AND t.ts >= q.ts"))
                .contains(expected);
        assertThat(plan("SELECT bid FROM trades ASOF JOIN quotes USING (symbol, ts)"))
                .contains(expected);
        assertThat(plan("SELECT bid FROM trades t LEFT ASOF JOIN quotes q ON t.ts < q.ts AND t.symbol = q.symbol"))
                .contains("joinType=[left_asof], matchCondition=[<($3, $7)]");
        assertThat(plan("SELECT bid FROM trades t ASOF JOIN quotes q ON t.ts >= q.ts"))
                .contains("condition=[true]");
    }

    @Test
    void asofJoinKeepsUnmatchedRowsWhenTheOptionSaysSo() {
        SqlFrontEnd frontEnd = new SqlFrontEnd(TestFunctions.registry());
        ValidatedStatement.Query query = (ValidatedStatement.Query) frontEnd.validate(
                "SELECT bid FROM trades ASOF JOIN quotes USING (symbol, ts)",
                new SqlFrontEnd.Context(SqlFrontEndFixture.CATALOG, table -> 1, true));
        assertThat(RelOptUtil.toString(query.root().rel)).contains("left_asof");
    }

    @Test
    void columnsOfUsingAreThereOnceAndUnqualifiedInEveryClause() {
        assertThat(names("SELECT * FROM trades ASOF JOIN quotes USING (symbol, ts)"))
                .containsExactly("symbol", "ts", "price", "volume", "bid", "ask");
        assertThat(names("SELECT * FROM trades NATURAL JOIN quotes"))
                .containsExactly("symbol", "ts", "price", "volume", "bid", "ask");
        String sql = "SELECT symbol, count(*) AS n FROM trades JOIN quotes USING (symbol) WHERE symbol <> 'A'"
                + " GROUP BY symbol HAVING max(symbol) > 'B' ORDER BY symbol, n";
        assertThat(names(sql)).containsExactly("symbol", "n");
        assertThat(plan("SELECT symbol FROM trades a JOIN quotes b USING (symbol) JOIN quotes c USING (symbol)"))
                .contains("LogicalJoin(condition=[=($0, $8)]");
    }

    @Test
    void outerJoinsTakeTheSideThatIsThere() {
        assertThat(plan("SELECT symbol FROM trades RIGHT JOIN quotes USING (symbol)"))
                .contains("symbol=[$4]");
        assertThat(plan("SELECT symbol FROM trades LEFT JOIN quotes USING (symbol)"))
                .contains("symbol=[$0]");
        assertThat(plan("SELECT symbol FROM trades FULL JOIN quotes USING (symbol)"))
                .contains("COALESCE($0, $4)");
    }

    @Test
    void tablesAreFoundBySchemaAndCatalogWithoutCase() {
        assertThat(plan("SELECT 1 FROM Zepto.MAIN.Trades")).contains("zepto, main, trades");
        assertThat(plan("SELECT 1 FROM main.trades")).contains("zepto, main, trades");
        assertThat(plan("SELECT table_name FROM information_schema.tables")).contains("information_schema, tables");
        assertThat(names("SELECT t.table_name, row_count FROM zepto_tables() t"))
                .hasSize(2);
        assertThat(names("SELECT * FROM zepto_segments()")).contains("min_time");
        assertThat(names("SELECT function_name FROM ZEPTO_FUNCTIONS()")).hasSize(1);
    }
}
