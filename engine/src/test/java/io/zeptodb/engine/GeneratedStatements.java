package io.zeptodb.engine;

import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;

/** Whole statements from a grammar, by seed: most parse, many validate, some run. Types fit by chance only, which is the point. */
final class GeneratedStatements extends RandomChoices {
    private static final int DEEPEST = 4;

    private static final List<String> TABLES = List.of("kinds", "trades", "quotes", "small_one", "empty_one");
    private static final List<String> COLUMNS = List.of(
            "id", "b", "tiny", "small", "n", "big", "r", "d", "dec", "s", "raw", "dt", "tm", "stamp", "wide", "symbol",
            "price", "volume", "ts", "bid", "ask", "name");
    private static final List<String> TYPES = List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "REAL",
            "DOUBLE",
            "DECIMAL(10, 2)",
            "DECIMAL(38, 10)",
            "VARCHAR",
            "SYMBOL",
            "VARBINARY",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMP(3)",
            "TIMESTAMP_NS",
            "INT64",
            "STRING",
            "INTERVAL DAY",
            "BIGINT ARRAY",
            "ROW(a INTEGER)",
            "MAP<INTEGER, VARCHAR>",
            "UUID",
            "ANY",
            "NULL");
    private static final List<String> CONSTANTS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "1.5",
            "-0.0",
            "1e10",
            "1e308",
            "127",
            "128",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999999999999999999999",
            "0.000000000000001",
            "NULL",
            "true",
            "false",
            "'A'",
            "''",
            "'2024-01-01'",
            "'12:00'",
            "'x''y'",
            "'\u00fc\ud83d\ude00'",
            "X'00ff'",
            "DATE '2024-01-31'",
            "TIME '23:59:59.999'",
            "TIMESTAMP '2024-01-01 00:00:00.123456789'",
            "INTERVAL '5' MINUTE",
            "INTERVAL '1' MONTH",
            "INTERVAL '1 day 2 hours'",
            "INTERVAL '-1' SECOND",
            "CURRENT_TIMESTAMP",
            "now()",
            "CAST('NaN' AS DOUBLE)",
            "CAST('Infinity' AS DOUBLE)",
            "?",
            "'hour'",
            "'Europe/Berlin'",
            "'%'",
            "ARRAY[1, 2]",
            "ROW(1, 'a')",
            "(1, 2)");
    private static final List<String> SIGNS = List.of(
            "+",
            "-",
            "*",
            "/",
            "%",
            "||",
            "=",
            "<>",
            "<",
            "<=",
            ">",
            ">=",
            "AND",
            "OR",
            "LIKE",
            "NOT LIKE",
            "ILIKE",
            "SIMILAR TO",
            "IS DISTINCT FROM",
            "IS NOT DISTINCT FROM",
            "&",
            "^",
            "!=");
    private static final List<String> WINDOWS = List.of(
            "row_number()",
            "rank()",
            "dense_rank()",
            "percent_rank()",
            "cume_dist()",
            "ntile(3)",
            "ntile(0)",
            "lag(#)",
            "lead(#, 2)",
            "lag(#, 1, #)",
            "first_value(#)",
            "last_value(#) IGNORE NULLS",
            "nth_value(#, 2)",
            "nth_value(#, 0)",
            "count(*)",
            "sum(#)",
            "avg(#)",
            "min(#)",
            "max(#)",
            "ema(#, 3)",
            "ema_halflife(#, ts, INTERVAL '1' SECOND)",
            "delta(#)",
            "ratio(#)",
            "mavg(#, 3)",
            "msum(#, 0)",
            "mmin(#, 2)",
            "mdev(#, 4)",
            "prev(#)",
            "next(#)",
            "fills(#)",
            "median(#)",
            "string_agg(#, ',')");
    private static final List<String> BOUNDS = List.of(
            "UNBOUNDED PRECEDING",
            "1 PRECEDING",
            "0 PRECEDING",
            "CURRENT ROW",
            "2 FOLLOWING",
            "UNBOUNDED FOLLOWING",
            "INTERVAL '1' SECOND PRECEDING",
            "1.5 FOLLOWING",
            "-1 PRECEDING",
            "NULL PRECEDING",
            "9223372036854775807 FOLLOWING",
            "? PRECEDING");
    private static final List<String> FIXED = List.of(
            "SHOW TABLES",
            "DESCRIBE kinds",
            "SHOW CREATE TABLE trades",
            "CHECKPOINT",
            "TRUNCATE small_one",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "BEGIN READ ONLY",
            "DROP TABLE small_one",
            "SET threads = 1",
            "SET query_memory_limit = '1MB'",
            "COPY trades TO '/x.csv'",
            "COPY trades FROM '/x.csv'",
            "BACKUP TO '/nowhere'",
            "EXPLAIN ANALYZE DELETE FROM kinds",
            "ALTER TABLE trades SET TTL 1 DAYS",
            "ALTER TABLE trades SET ATTRIBUTE price SORTED",
            "ALTER TABLE kinds ADD COLUMN extra DOUBLE",
            "ALTER TABLE kinds DROP COLUMN d",
            "ALTER TABLE kinds RENAME COLUMN d TO dd",
            "CREATE VIEW v AS SELECT * FROM trades",
            "CREATE MATERIALIZED VIEW m AS SELECT symbol, xbar(ts, INTERVAL '1' MINUTE) AS bar, sum(price) FROM trades GROUP BY symbol, bar",
            "SELECT * FROM zepto_tables()",
            "SELECT * FROM zepto_segments()",
            "SELECT * FROM zepto_queries()",
            "SELECT * FROM information_schema.columns",
            "SELECT * FROM trades LATEST ON ts PARTITION BY symbol",
            "SELECT symbol, ts, sum(price) FROM trades SAMPLE BY 1s FILL(PREV)",
            "SELECT * FROM trades TABLESAMPLE BERNOULLI (10) REPEATABLE (7)");

    private final List<FunctionDefinition> functions =
            new ArrayList<>(FunctionRegistry.standard().all());

    GeneratedStatements(long seed) {
        super(seed);
    }

    String next() {
        return switch (random.nextInt(24)) {
            case 0 -> one(FIXED);
            case 1 ->
                "INSERT INTO " + table() + maybe(3, " (" + list(3, this::column) + ")") + " "
                        + (random.nextBoolean() ? "VALUES (" + list(5, () -> value(1)) + ")" : select(1));
            case 2 -> "UPDATE " + table() + " SET " + list(2, () -> column() + " = " + value(2)) + where(2);
            case 3 -> "DELETE FROM " + table() + where(2);
            case 4 ->
                "CREATE TABLE made" + maybe(2, " (" + list(4, () -> column() + " " + one(TYPES)) + ")")
                        + maybe(2, " AS " + select(1))
                        + maybe(3, " PARTITION BY " + column() + ", HOUR(" + column() + ")");
            case 5 -> "EXPLAIN " + maybe(2, "ANALYZE ") + query(1);
            case 6 ->
                "WITH " + maybe(3, "RECURSIVE ") + "w AS (" + query(1) + ") SELECT * FROM w, " + table()
                        + maybe(2, " LIMIT 5");
            case 7 ->
                "WITH RECURSIVE w(x) AS (SELECT " + value(1) + " UNION" + maybe(2, " ALL") + " SELECT " + value(2)
                        + " FROM w WHERE x < 20) SELECT * FROM w LIMIT 30";
            default -> query(0);
        };
    }

    private String table() {
        return one(TABLES);
    }

    private String column() {
        return one(COLUMNS);
    }

    private String query(int depth) {
        if (depth < DEEPEST && random.nextInt(6) == 0) {
            return select(depth + 1)
                    + one(List.of(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " EXCEPT ALL "))
                    + select(depth + 1);
        }
        return select(depth)
                + maybe(3, " ORDER BY " + list(2, () -> value(3)) + one(List.of("", " DESC", " NULLS FIRST")))
                + maybe(3, " LIMIT " + one(List.of("0", "1", "10", "-1", "?", "NULL", "9223372036854775807")))
                + maybe(6, " OFFSET " + one(List.of("0", "1", "1000")));
    }

    private String select(int depth) {
        String from = random.nextInt(12) == 0 ? "" : " FROM " + relation(depth + 1);
        if (random.nextInt(4) == 0) {
            String keys = list(2, () -> random.nextInt(3) == 0 ? value(depth + 3) : column());
            return "SELECT " + keys + ", " + list(3, () -> aggregate(depth + 2)) + from + where(depth + 2)
                    + " GROUP BY "
                    + one(List.of(
                            keys,
                            "ROLLUP(" + keys + ")",
                            "GROUPING SETS ((" + keys + "), ())",
                            "CUBE(" + keys + ")",
                            "1"))
                    + maybe(3, " HAVING " + aggregate(depth + 2) + " > " + value(3));
        }
        return "SELECT " + maybe(8, "DISTINCT ") + (random.nextInt(5) == 0 ? "*" : list(4, () -> item(depth + 1)))
                + from + where(depth + 2) + maybe(15, " QUALIFY row_number() OVER (ORDER BY " + column() + ") = 1");
    }

    private String item(int depth) {
        return switch (random.nextInt(6)) {
                    case 0 -> window(depth);
                    case 1 -> aggregate(depth);
                    default -> value(depth);
                }
                + maybe(3, " AS " + one(List.of("x", "y", "price", "value", "\"a b\"")));
    }

    private String where(int depth) {
        return maybe(2, " WHERE " + value(depth));
    }

    private String relation(int depth) {
        int choice = depth > DEEPEST ? 0 : random.nextInt(14);
        return switch (choice) {
            case 1, 2 ->
                table() + " t1 " + one(List.of("JOIN ", "LEFT JOIN ", "RIGHT JOIN ", "FULL JOIN ")) + table()
                        + " t2 ON " + value(depth + 1);
            case 3 -> table() + " t1 JOIN " + table() + " t2 USING (" + column() + ")";
            case 4 -> table() + " t1 CROSS JOIN " + table() + " t2";
            case 5 -> "(" + query(depth + 1) + ") q";
            case 6 ->
                "trades t " + maybe(2, "LEFT ") + "ASOF JOIN quotes q ON t.symbol = q.symbol AND t.ts "
                        + one(List.of(">=", ">", "<", "<=", "=", "<>")) + " q.ts"
                        + maybe(3, " TOLERANCE INTERVAL '1' SECOND");
            case 7 ->
                "trades t WINDOW JOIN quotes q ON t.symbol = q.symbol AND q.ts BETWEEN t.ts - INTERVAL '5' SECOND AND t.ts"
                        + maybe(2, " INCLUDE PREVAILING");
            case 8 -> "(VALUES (" + list(2, () -> value(depth + 2)) + "), (1, 2)) v(x, y)";
            case 9 -> table() + ", LATERAL (" + select(depth + 1) + ") l";
            case 10 -> table() + " NATURAL JOIN " + table();
            default -> table();
        };
    }

    private String value(int depth) {
        if (depth > DEEPEST) {
            return random.nextInt(3) == 0 ? one(CONSTANTS) : column();
        }
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> column();
            case 3, 4 -> one(CONSTANTS);
            case 5, 6 -> "(" + value(depth + 1) + " " + one(SIGNS) + " " + value(depth + 1) + ")";
            case 7, 8, 9 -> call(depth);
            case 10 -> one(List.of("CAST(", "TRY_CAST(")) + value(depth + 1) + " AS " + one(TYPES) + ")";
            case 11 ->
                "CASE " + maybe(3, value(depth + 1)) + " WHEN " + value(depth + 1) + " THEN " + value(depth + 1)
                        + maybe(2, " ELSE " + value(depth + 1)) + " END";
            case 12 ->
                value(depth + 1) + one(List.of(" IS NULL", " IS NOT NULL", " IS TRUE", " IS NOT FALSE", " IS UNKNOWN"));
            case 13 ->
                value(depth + 1) + one(List.of(" IN (", " NOT IN ("))
                        + (random.nextBoolean() ? list(3, () -> value(depth + 2)) : select(depth + 2)) + ")";
            case 14 ->
                one(List.of("(", "EXISTS (", value(depth + 2) + " > ALL (", value(depth + 2) + " = ANY ("))
                        + select(depth + 2) + ")";
            default ->
                one(List.of("-", "NOT ", "+")) + "(" + value(depth + 1) + ")"
                        + maybe(4, " BETWEEN " + value(depth + 2) + " AND " + value(depth + 2));
        };
    }

    private String call(int depth) {
        FunctionDefinition function = one(functions);
        if (!Character.isLetter(function.name().charAt(0))) {
            return "(" + value(depth + 1) + " " + function.name() + " " + value(depth + 1) + ")";
        }
        if (random.nextInt(8) == 0) {
            return "extract(" + one(List.of("YEAR", "HOUR", "EPOCH", "DOW", "NANOSECOND", "NONSENSE")) + " FROM "
                    + value(depth + 1) + ")";
        }
        String arguments = random.nextInt(15) == 0 ? "" : list(3, () -> value(depth + 1));
        return function.name() + "(" + arguments + ")";
    }

    private String aggregate(int depth) {
        List<FunctionDefinition> aggregates =
                functions.stream().filter(FunctionDefinition::isAggregate).toList();
        String name = one(aggregates).name();
        return name + "(" + maybe(6, "DISTINCT ") + (random.nextInt(8) == 0 ? "*" : list(2, () -> value(depth + 2)))
                + maybe(8, " ORDER BY " + value(depth + 2)) + ")" + maybe(8, " FILTER (WHERE " + value(depth + 2) + ")")
                + maybe(12, " WITHIN GROUP (ORDER BY " + column() + ")");
    }

    private String window(int depth) {
        String call = one(WINDOWS).replace("#", value(depth + 2));
        String frame = one(List.of("ROWS", "RANGE", "GROUPS")) + " "
                + (random.nextBoolean() ? one(BOUNDS) : "BETWEEN " + one(BOUNDS) + " AND " + one(BOUNDS))
                + maybe(4, " EXCLUDE " + one(List.of("CURRENT ROW", "GROUP", "TIES", "NO OTHERS")));
        return call + " OVER (" + maybe(2, "PARTITION BY " + value(depth + 2))
                + maybe(2, " ORDER BY " + value(depth + 2)) + maybe(3, " " + frame) + ")";
    }
}
