package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements of our own grammar: what they become. */
class StatementsTest {
    private static TableSchema created(String sql) {
        ValidatedStatement.Ready ready = (ValidatedStatement.Ready) SqlFrontEndFixture.validate(sql);
        return ((Statement.CreateTable) ready.statement()).schema();
    }

    private static Statement ready(String sql) {
        return ((ValidatedStatement.Ready) SqlFrontEndFixture.validate(sql)).statement();
    }

    @Test
    void createTableTakesKeyTimeAndPartitions() {
        TableSchema schema =
                created("CREATE TABLE IF NOT EXISTS main.x (symbol SYMBOL NOT NULL, price FLOAT64, ts TIMESTAMP_NS,"
                        + " other TIMESTAMP(3)) TIMESTAMP(other) PARTITION BY symbol, DAY(other)");
        assertThat(schema.name()).isEqualTo("x");
        assertThat(schema.columns())
                .containsExactly(
                        new ColumnDefinition("symbol", ColumnType.SYMBOL, false),
                        new ColumnDefinition("price", ColumnType.DOUBLE, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true),
                        new ColumnDefinition("other", ColumnType.timestamp(3), true));
        assertThat(schema.timestampOrdinal()).isEqualTo(3);
        assertThat(schema.keyOrdinal()).isZero();
        assertThat(schema.partitioning()).isEqualTo(new PartitionScheme(true, TimeSlice.DAY));
    }

    @Test
    void defaultsAreTheFirstTimestampTheFirstSymbolAndHours() {
        TableSchema schema = created("CREATE TABLE x (v DOUBLE, ts TIMESTAMP, sym SYMBOL, ts2 TIMESTAMP)");
        assertThat(schema.timestampOrdinal()).isEqualTo(1);
        assertThat(schema.keyOrdinal()).isEqualTo(2);
        assertThat(schema.partitioning()).isEqualTo(new PartitionScheme(true, TimeSlice.HOUR));
        assertThat(created("CREATE TABLE x (symbol BIGINT, v INT)").keyOrdinal())
                .isZero();
        assertThat(created("CREATE TABLE x (v INT)").partitioning()).isEqualTo(PartitionScheme.UNPARTITIONED);
    }

    @Test
    void partitionByNoneKeepsTheTimeButSplitsNothing() {
        TableSchema schema = created("CREATE TABLE x (symbol SYMBOL, ts TIMESTAMP) PARTITION BY NONE");
        assertThat(schema.partitioning()).isEqualTo(PartitionScheme.UNPARTITIONED);
        assertThat(schema.timestampOrdinal()).isEqualTo(1);
        assertThat(schema.keyOrdinal()).isEqualTo(TableSchema.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INT64|BIGINT",
                "INT32|INTEGER",
                "FLOAT64|DOUBLE",
                "FLOAT32|REAL",
                "STRING|VARCHAR",
                "TEXT|VARCHAR",
                "BOOL|BOOLEAN",
                "TIMESTAMP_NS|TIMESTAMP(9)",
                "SYMBOL|SYMBOL",
                "INT|INTEGER",
                "LONG|BIGINT",
                "FLOAT|DOUBLE",
                "BYTEA|VARBINARY",
                "BLOB|VARBINARY",
                "VARCHAR|VARCHAR",
                "VARCHAR(10)|VARCHAR",
                "CHAR(3)|VARCHAR",
                "CHARACTER VARYING(5)|VARCHAR",
                "DOUBLE PRECISION|DOUBLE",
                "REAL|REAL",
                "TINYINT|TINYINT",
                "SMALLINT|SMALLINT",
                "BIGINT|BIGINT",
                "DECIMAL(10,2)|DECIMAL(10,2)",
                "NUMERIC(7)|DECIMAL(7,0)",
                "DATE|DATE",
                "TIME|TIME",
                "TIME(3)|TIME(3)",
                "TIMESTAMP|TIMESTAMP(9)",
                "timestamp(0)|TIMESTAMP(0)",
                "VARBINARY|VARBINARY"
            })
    void typesHaveTheirSpellings(String spelling, String type) {
        assertThat(created("CREATE TABLE x (c " + spelling + ")")
                        .columns()
                        .get(0)
                        .type())
                .hasToString(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "symbol",
                "timestamp",
                "value",
                "first",
                "last",
                "open",
                "close",
                "date",
                "time",
                "volume",
                "high",
                "low",
                "side",
                "key",
                "year",
                "month",
                "day",
                "hour",
                "minute",
                "second",
                "rank",
                "count",
                "sum",
                "min",
                "max",
                "position",
                "dec",
                "start",
                "period",
                "user",
                "type",
                "level",
                "state",
                "condition",
                "prev",
                "next",
                "avg",
                "power",
                "system",
                "tables",
                "copy",
                "if",
                "percent",
                "result",
                "size",
                "name",
                "number",
                "source"
            })
    void wordsOfTheGrammarAreColumnNames(String word) {
        assertThat(created("CREATE TABLE x (" + word + " DOUBLE, b INT)")
                        .columns()
                        .get(0)
                        .name())
                .isEqualTo(word);
        String select = "SELECT a." + word + ", " + (word.equals("user") ? "1" : word) + " AS " + word
                + " FROM (VALUES (1, 2)) AS a(" + word + ", other) WHERE a." + word + " > 0 GROUP BY a." + word;
        assertThat(SqlFrontEndFixture.query(select).root().fields.leftList()).hasSize(2);
    }

    @Test
    void copyHasOptionsByName() {
        Statement.CopyFrom copy = (Statement.CopyFrom)
                ready("COPY trades (ts, symbol) FROM 'a.csv' WITH (HEADER, delimiter ';', null = 'NA', on_error=skip)");
        assertThat(copy.table().name()).isEqualTo("trades");
        assertThat(copy.ordinals()).containsExactly(3, 0);
        assertThat(copy.file()).isEqualTo("a.csv");
        assertThat(copy.options())
                .isEqualTo(Map.of("header", "true", "delimiter", ";", "null", "NA", "on_error", "skip"));
        ValidatedStatement.CopyTo to = (ValidatedStatement.CopyTo)
                SqlFrontEndFixture.validate("COPY (SELECT price * 2 FROM trades) TO 'b.csv' (header false)");
        assertThat(to.source().root().fields.rightList()).containsExactly("price * 2");
        assertThat(to.options()).isEqualTo(Map.of("header", "false"));
    }

    @Test
    void smallStatementsAreReady() {
        assertThat(ready("DROP TABLE IF EXISTS zepto.main.x;"))
                .isEqualTo(new Statement.DropTable("x", true, List.of()));
        assertThat(ready("CHECKPOINT")).isEqualTo(new Statement.Checkpoint());
        assertThat(ready("SET asof_default = left")).isEqualTo(new Statement.SetOption("asof_default", "left"));
        assertThat(ready("SET Memory_Limit TO '4GB'")).isEqualTo(new Statement.SetOption("memory_limit", "4GB"));
        assertThat(((Statement.Query) ready("SHOW TABLES")).columns()).hasSize(1);
        assertThat(((Statement.Query) ready("DESCRIBE trades")).plan().columns())
                .hasSize(4);
        assertThat(SqlFrontEndFixture.validate("EXPLAIN SELECT 1")).isInstanceOf(ValidatedStatement.Explain.class);
    }

    @Test
    void createTableAsSelectKeepsItsQuery() {
        ValidatedStatement.CreateTable create = (ValidatedStatement.CreateTable) SqlFrontEndFixture.validate(
                "CREATE TABLE bars PARTITION BY symbol, MONTH(ts) AS SELECT symbol, ts, price p FROM trades");
        assertThat(create.source()).isNotNull();
        TableSchema schema = create.definition()
                .schema(List.of(
                        new ColumnDefinition("symbol", ColumnType.SYMBOL, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true)));
        assertThat(schema.partitioning()).isEqualTo(new PartitionScheme(true, TimeSlice.MONTH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAVEPOINT x", "CREATE OR REPLACE TABLE x (a INT)"})
    void laterStatementsAreRefusedByName(String sql) {
        assertThatThrownBy(() -> SqlFrontEndFixture.validate(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_SUPPORTED);
            assertThat(e.getMessage()).contains(sql.substring(0, 4)).endsWith("is not supported");
            assertThat(e.line()).isEqualTo(1);
            assertThat(e.column()).isEqualTo(1);
        });
    }

    @Test
    void statementsOfTheWarmUpAreValid() {
        SqlFrontEnd frontEnd = new SqlFrontEnd(TestFunctions.registry());
        for (String sql : SqlFrontEnd.warmUpStatements()) {
            assertThat(frontEnd.validate(sql, SqlFrontEnd.warmUpContext())).isNotNull();
        }
    }
}
