package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.sql.type.Types;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The types that the validator gives to expressions and parameters. */
class TypesOfExpressionsTest {
    private static RelDataType type(String expression) {
        return SqlFrontEndFixture.query("SELECT " + expression + " FROM kinds")
                .root()
                .validatedRowType
                .getFieldList()
                .get(0)
                .getType();
    }

    private static String plan(String sql) {
        return RelOptUtil.toString(SqlFrontEndFixture.query(sql).root().rel);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i1 + i2|SMALLINT",
                "i4 + i8|BIGINT",
                "i4 / 2|INTEGER",
                "f4 + f8|DOUBLE",
                "f4|REAL",
                "i8 % 3|BIGINT",
                "dec + 1|DECIMAL(38,2)",
                "ts - ts|BIGINT",
                "ts + 5000000000|TIMESTAMP(9)",
                "ts + INTERVAL '5' MINUTE|TIMESTAMP(9)",
                "ts + INTERVAL '5 minutes'|TIMESTAMP(9)",
                "-i1|TINYINT",
                "sum(i1)|BIGINT",
                "sum(f4)|DOUBLE",
                "sum(dec)|DECIMAL(38,2)",
                "avg(i4)|DOUBLE",
                "count(*)|BIGINT",
                "min(txt)|VARCHAR",
                "max(ts)|TIMESTAMP(9)",
                "txt|VARCHAR",
                "'abc'|VARCHAR",
                "CASE WHEN b THEN 'a' ELSE 'abc' END|VARCHAR",
                "CASE WHEN b THEN i1 ELSE i8 END|BIGINT",
                "coalesce(i4, 0)|INTEGER",
                "coalesce(i4, f8)|DOUBLE",
                "nullif(i8, 0)|BIGINT",
                "NULL|NULL",
                "TIMESTAMP '2024-08-09 00:05:04.525430833'|TIMESTAMP(9)",
                "DATE '2024-01-01'|DATE",
                "TIME '10:00'|TIME",
                "CAST(txt AS VARCHAR(3))|VARCHAR",
                "CAST(ts AS BIGINT)|BIGINT",
                "CAST(i8 AS TIMESTAMP)|TIMESTAMP(9)",
                "i4::text|VARCHAR",
                "try_cast(txt AS INT)|INTEGER",
                "CAST(i4 AS int64)|BIGINT",
                "now()|TIMESTAMP(9)",
                "current_date|DATE",
                "extract(year FROM ts)|BIGINT",
                "xbar(ts, INTERVAL '1' HOUR)|TIMESTAMP(9)",
                "row_number() OVER (ORDER BY ts)|BIGINT",
                "lag(i4, 1, 0) OVER (ORDER BY ts)|INTEGER",
                "sum(i4) OVER (ORDER BY ts)|BIGINT",
                "INTERVAL '1' DAY|INTERVAL DAY TO SECOND",
                "INTERVAL '1 month'|INTERVAL YEAR TO MONTH",
                "9223372036854775807|BIGINT",
                "-9223372036854775808|BIGINT",
                "1.5|DECIMAL(2,1)",
                "1.5e0|DOUBLE",
                "i4 IN (1, 2)|BOOLEAN",
                "EXISTS (SELECT 1 FROM trades)|BOOLEAN"
            })
    void expressionsHaveTheirTypes(String expression, String expected) {
        assertThat(Types.toEngine(type(expression))).hasToString(expected);
    }

    @Test
    void lagIsNullableEvenWithADefault() {
        assertThat(type("lag(i4, 1, 0) OVER (ORDER BY ts)").isNullable()).isTrue();
    }

    @Test
    void timestampsMeetTextAndIntegersToTheNanosecond() {
        assertThat(plan("SELECT 1 FROM trades WHERE ts = '2024-08-09T00:05:04.525430833Z'"))
                .contains("=($3, 2024-08-09 00:05:04.525430833)");
        assertThat(plan("SELECT 1 FROM trades WHERE ts >= 1723161904525430833"))
                .contains(">=($3, 2024-08-09 00:05:04.525430833)");
        assertThat(plan("SELECT 1 FROM trades WHERE ts BETWEEN '2024-01-01' AND '2024-01-02T12:00:00+02:00'"))
                .contains("<=($3, 2024-01-02 10:00:00)");
        assertThat(plan("SELECT 1 FROM trades WHERE ts IN ('2024-01-01', '2024-01-02')"))
                .contains("=($3, 2024-01-02 00:00:00)");
    }

    @Test
    void parametersTakeTheTypeOfWhatTheyMeet() {
        assertThat(SqlFrontEndFixture.query(
                                "SELECT price FROM trades WHERE symbol = ? AND price > ? AND ts BETWEEN ? AND ? LIMIT ?")
                        .parameters())
                .containsExactly(
                        ColumnType.VARCHAR,
                        ColumnType.DOUBLE,
                        ColumnType.TIMESTAMP_NS,
                        ColumnType.TIMESTAMP_NS,
                        ColumnType.INTEGER);
        assertThat(SqlFrontEndFixture.query(
                                "SELECT coalesce(?, 5), CASE WHEN ? THEN 'a' ELSE ? END, xbar(ts, ?) FROM trades")
                        .parameters())
                .containsExactly(ColumnType.INTEGER, ColumnType.BOOLEAN, ColumnType.VARCHAR, ColumnType.INTERVAL_DAY);
        ValidatedStatement insert =
                SqlFrontEndFixture.validate("INSERT INTO trades (ts, symbol, volume) VALUES (?, ?, ?)");
        assertThat(insert.parameters()).containsExactly(ColumnType.TIMESTAMP_NS, ColumnType.VARCHAR, ColumnType.BIGINT);
    }

    @Test
    void insertOfConstantsIsOneSetOfValues() {
        ValidatedStatement.Insert insert = (ValidatedStatement.Insert) SqlFrontEndFixture.validate(
                "INSERT INTO trades VALUES ('A', 1.5, -9223372036854775808, '2024-01-01'), ('B', 1e3, NULL, 5)");
        assertThat(RelOptUtil.toString(insert.source().rel))
                .isEqualToIgnoringWhitespace(
                        "LogicalValues(tuples=[[{ _UTF-8'A', 1.5E0, -9223372036854775808, 2024-01-01 00:00:00 },"
                                + " { _UTF-8'B', 1000.0E0, null, 1970-01-01 00:00:00.000000005 }]])");
        assertThat(insert.singleRow()).isFalse();
        ValidatedStatement.Insert part = (ValidatedStatement.Insert)
                SqlFrontEndFixture.validate("INSERT INTO trades (ts, symbol) VALUES (?, 'A')");
        assertThat(part.ordinals()).containsExactly(3, 0);
        assertThat(part.singleRow()).isTrue();
        assertThat(part.source().rel.getRowType().getFieldCount()).isEqualTo(2);
    }

    @Test
    void unnamedExpressionsAreCalledAsTheyAreWritten() {
        String sql = "SELECT count(*), sum( price )\n * 2, 5 IN (SELECT volume FROM trades), price AS p, current_date,"
                + " last_value(price) IGNORE NULLS OVER (ORDER BY ts), symbol FROM trades GROUP BY price, symbol, ts";
        assertThat(SqlFrontEndFixture.query(sql).root().fields.rightList())
                .containsExactly(
                        "count(*)",
                        "sum( price ) * 2",
                        "5 IN (SELECT volume FROM trades)",
                        "p",
                        "current_date",
                        "last_value(price) IGNORE NULLS OVER (ORDER BY ts)",
                        "symbol");
        assertThat(SqlFrontEndFixture.query("VALUES (1, 2)").root().fields.rightList())
                .isEqualTo(List.of("column1", "column2"));
    }

    @Test
    void resultColumnsKnowWhereTheyComeFrom() {
        assertThat(SqlFrontEndFixture.query(
                                "SELECT PRICE AS p, price + 1, q.bid FROM trades t JOIN quotes q USING (symbol)")
                        .origins())
                .containsExactly(
                        new ValidatedStatement.Origin("trades", "price"),
                        null,
                        new ValidatedStatement.Origin("quotes", "bid"));
    }
}
