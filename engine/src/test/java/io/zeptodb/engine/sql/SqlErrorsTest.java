package io.zeptodb.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a statement, where, and what may have been meant. */
class SqlErrorsTest {
    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "SELECT * FROM trade",
                        "UNDEFINED_TABLE",
                        1,
                        15,
                        "table 'trade' does not exist; did you mean 'trades'?"),
                mistake(
                        "SELECT prize\\nFROM trades",
                        "UNDEFINED_COLUMN",
                        1,
                        8,
                        "column 'prize' does not exist; did you mean 'price'?"),
                mistake(
                        "SELECT price\\nFROM trades\\nWHERE  smybol = 'A'",
                        "UNDEFINED_COLUMN",
                        3,
                        8,
                        "did you mean 'symbol'?"),
                mistake("SELECT t.prize FROM trades t", "UNDEFINED_COLUMN", 1, 10, "did you mean 'price'?"),
                mistake("SELECT q.price FROM trades t", "UNDEFINED_TABLE", 1, 8, "'q'"),
                mistake("SELECT vwapp(price, volume) FROM trades", "UNDEFINED_FUNCTION", 1, 8, "did you mean 'vwap'?"),
                mistake(
                        "SELECT vwap(symbol) FROM trades",
                        "UNDEFINED_FUNCTION",
                        1,
                        8,
                        "function vwap(VARCHAR) does not exist; it takes vwap("),
                mistake("SELECT symbol FROM trades, quotes", "AMBIGUOUS_COLUMN", 1, 8, "qualify it"),
                mistake("SELECT symbol, price FROM trades GROUP BY symbol", "GROUPING_ERROR", 1, 16, "GROUP BY"),
                mistake("SELECT max(count(*)) FROM trades", "GROUPING_ERROR", 1, 8, "nested"),
                mistake("SELECT price FROM trades WHERE price", "DATATYPE_MISMATCH", 1, 32, "condition"),
                mistake(
                        "SELECT price + symbol FROM trades",
                        "UNDEFINED_FUNCTION",
                        1,
                        8,
                        "operator + does not take DOUBLE and VARCHAR"),
                mistake("SELEC 1", "SYNTAX_ERROR", 1, 1, "syntax error at 'SELEC'"),
                mistake("SELECT price FORM trades x", "SYNTAX_ERROR", 1, 19, "syntax error at 'trades'"),
                mistake("SELECT (1 + 2", "SYNTAX_ERROR", 1, 13, ""),
                mistake("SELECT 'it''s", "SYNTAX_ERROR", 1, 8, "the text that begins here is not closed"),
                mistake(
                        "SELECT price -- it's\\nFROM trades WHERE \"price = 1",
                        "SYNTAX_ERROR",
                        2,
                        19,
                        "the quoted name that begins here is not closed"),
                mistake("SELECT 1 /* one", "SYNTAX_ERROR", 1, 10, "the comment that begins here is not closed"),
                mistake("COPY trades FROM 'x", "SYNTAX_ERROR", 1, 18, "the text that begins here is not closed"),
                mistake(
                        "COPY trades FROM 'x' WITH (null = 'y)",
                        "SYNTAX_ERROR",
                        1,
                        35,
                        "the text that begins here is not closed"),
                mistake("SELECT 1 UNION ALL SELECT 'a'", "DATATYPE_MISMATCH", 1, 8, "cast one of them"),
                mistake("SELECT 'a' UNION ALL SELECT 1", "DATATYPE_MISMATCH", 1, 29, "cast one of them"),
                mistake("SELECT 1 UNION SELECT DATE '2024-01-01'", "DATATYPE_MISMATCH", 1, 23, "DATE here and INTEGER"),
                mistake("SELECT FROM trades", "SYNTAX_ERROR", 1, 8, "syntax error at 'FROM'"),
                mistake("", "SYNTAX_ERROR", 0, 0, "the statement is empty"),
                mistake("SELECT 1; SELECT 2", "SYNTAX_ERROR", 1, 11, "one statement at a time"),
                mistake(
                        "SELECT * FROM trades WHERE ts > 'noon'",
                        "INVALID_DATETIME",
                        1,
                        33,
                        "'noon' is not a TIMESTAMP"),
                mistake("SELECT TIMESTAMP '2024-13-01'", "INVALID_DATETIME", 1, 8, "2024-13-01"),
                mistake("SELECT INTERVAL '5 parsecs'", "INVALID_DATETIME", 1, 8, "parsecs"),
                mistake("SELECT ?", "INVALID_STATEMENT", 1, 8, "CAST(? AS type)"),
                mistake("SELECT price FROM trades ORDER BY 2", "INVALID_STATEMENT", 1, 35, "select list"),
                mistake(
                        "INSERT INTO trades VALUES ('A', 1)",
                        "INVALID_STATEMENT",
                        1,
                        13,
                        "4 columns and gives 2 values"),
                mistake(
                        "INSERT INTO trades (symbol) VALUES ('A', 1)",
                        "INVALID_STATEMENT",
                        1,
                        13,
                        "1 columns and gives 2 values"),
                mistake("INSERT INTO trades (symbl) VALUES ('A')", "UNDEFINED_COLUMN", 1, 21, "did you mean 'symbol'?"),
                mistake("INSERT INTO trades (price, price) VALUES (1, 2)", "DUPLICATE_COLUMN", 1, 28, "'price'"),
                mistake(
                        "INSERT INTO kinds (d) VALUES (5)",
                        "DATATYPE_MISMATCH",
                        1,
                        20,
                        "column 'd' is DATE, got INTEGER"),
                mistake("CREATE TABLE x (a INT, A INT)", "DUPLICATE_COLUMN", 1, 24, "'A' is named twice"),
                mistake("CREATE TABLE x (a STRIN)", "UNDEFINED_TYPE", 1, 19, "did you mean 'string'?"),
                mistake("CREATE TABLE x (a DECIMAL(50,2))", "INVALID_TABLE_DEFINITION", 1, 19, "1 to 38"),
                mistake(
                        "CREATE TABLE x (a INT) PARTITION BY WEEK(a)",
                        "INVALID_TABLE_DEFINITION",
                        1,
                        37,
                        "HOUR, DAY or MONTH"),
                mistake("CREATE TABLE x (a INT) PARTITION BY b", "UNDEFINED_COLUMN", 1, 37, "no column 'b'"),
                mistake("CREATE TABLE x (a INT) WITH (foo = 1)", "INVALID_OPTION", 1, 30, "'foo'"),
                mistake("CREATE TABLE other.x (a INT)", "UNDEFINED_TABLE", 1, 14, "'other'"),
                mistake("SET memory_limt = 1", "INVALID_OPTION", 1, 5, "did you mean 'memory_limit'?"),
                mistake("COPY trade FROM 'x'", "UNDEFINED_TABLE", 1, 6, "did you mean 'trades'?"),
                mistake("COPY trades (prize) FROM 'x'", "UNDEFINED_COLUMN", 1, 14, "did you mean 'price'?"),
                mistake("DESCRIBE trade", "UNDEFINED_TABLE", 1, 10, "did you mean 'trades'?"),
                mistake(
                        "SELECT * FROM trades t ASOF JOIN quotes q ON t.symbol = q.symbol",
                        "SYNTAX_ERROR",
                        1,
                        46,
                        "exactly one comparison"),
                mistake("SELECT * FROM trades t ASOF JOIN quotes q", "SYNTAX_ERROR", 1, 29, "needs ON or USING"),
                mistake(
                        "SELECT * FROM trades ASOF JOIN quotes USING (symb, ts)",
                        "UNDEFINED_COLUMN",
                        1,
                        46,
                        "no table on the left"));
    }

    private static Arguments mistake(String sql, String code, int line, int column, String message) {
        return Arguments.of(sql.replace("\\n", "\n"), code, line, column, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakesHaveCodePlaceAndAdvice(String sql, String code, int line, int column, String message) {
        assertThatThrownBy(() -> SqlFrontEndFixture.validate(sql)).isInstanceOfSatisfying(EngineException.class, e -> {
            assertThat(e.code().name() + " " + e.line() + ":" + e.column() + " " + e.getMessage())
                    .startsWith(code + " " + line + ":" + column + " ")
                    .contains(message)
                    .doesNotContain("\n");
        });
    }

    @Test
    void deepNestingIsRefusedAndDoesNotOverflowTheStack() {
        String deep = "SELECT " + "(".repeat(20_000) + "1" + ")".repeat(20_000);
        assertThatThrownBy(() -> SqlFrontEndFixture.validate(deep))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("nested too deeply");
    }
}
