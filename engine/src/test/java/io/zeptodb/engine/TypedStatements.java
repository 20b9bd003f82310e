package io.zeptodb.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Queries whose types mostly fit, by seed: they get past the validator, to the planner and the run. */
final class TypedStatements extends RandomChoices {
    private static final int DEEPEST = 3;

    /** Numbers, texts, times, truths. */
    private enum Kind {
        NUMBER,
        TEXT,
        TIME,
        TRUTH
    }

    private record Column(String name, Kind kind) {}

    /** A relation of FROM: its text and what it can be asked for. */
    private record Relation(String text, List<Column> columns) {}

    private static final List<String> TABLES = List.of("kinds", "trades", "quotes", "small_one", "empty_one");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "2",
            "-3",
            "1.5",
            "100",
            "1e3",
            "CAST(5 AS TINYINT)",
            "2147483647",
            "CAST(7 AS BIGINT)",
            "CAST(1.25 AS DECIMAL(10, 2))",
            "NULL",
            "CAST('NaN' AS DOUBLE)",
            "9223372036854775807");
    private static final List<String> TEXTS =
            List.of("'A'", "''", "'12'", "'text'", "'a,b'", "'\u00fc'", "NULL", "'%'");
    private static final List<String> TIMES = List.of(
            "TIMESTAMP '2024-01-01 00:00:01'", "TIMESTAMP '1970-01-01 00:00:00'", "DATE '2024-02-29'", "now()", "NULL");
    private static final List<String> TRUTHS = List.of("true", "false", "NULL", "1 = 1");
    private static final List<String> OF_NUMBER = List.of(
            "(# + #)",
            "(# - #)",
            "(# * #)",
            "(# / #)",
            "(# % #)",
            "abs(#)",
            "round(#, 1)",
            "floor(#)",
            "ceil(#)",
            "sqrt(abs(#))",
            "power(#, 2)",
            "greatest(#, #)",
            "least(#, #)",
            "coalesce(#, #)",
            "nullif(#, #)",
            "sign(#)",
            "-(#)",
            "CASE WHEN ! THEN # ELSE # END",
            "length($)",
            "extract(HOUR FROM @)",
            "epoch_ns(@)",
            "CAST(# AS DOUBLE)",
            "TRY_CAST($ AS INTEGER)",
            "TRY_CAST(# AS TINYINT)",
            "CAST(# AS DECIMAL(20, 3))",
            "xbar(#, 2)",
            "position('a' IN $)",
            "bitand(CAST(1 AS BIGINT), 3)",
            "trunc(#)",
            "ln(abs(#) + 1)",
            "log10(abs(#) + 1)",
            "sin(#)");
    private static final List<String> OF_TEXT = List.of(
            "($ || $)",
            "upper($)",
            "lower($)",
            "substr($, 1, 2)",
            "replace($, 'A', 'b')",
            "trim($)",
            "CAST(# AS VARCHAR)",
            "coalesce($, $)",
            "CASE WHEN ! THEN $ ELSE $ END",
            "lpad($, 5, 'x')",
            "split_part($, ',', 1)",
            "to_char(@, 'YYYY-MM-DD')",
            "nullif($, $)",
            "concat($, $)",
            "left($, 2)",
            "CAST(@ AS VARCHAR)",
            "regexp_replace($, '[a-z]', '.')",
            "reverse($)",
            "CAST(! AS VARCHAR)");
    private static final List<String> OF_TIME = List.of(
            "date_trunc('hour', @)",
            "xbar(CAST(@ AS TIMESTAMP), INTERVAL '5' MINUTE)",
            "(CAST(@ AS TIMESTAMP) + INTERVAL '1' SECOND)",
            "CAST(@ AS DATE)",
            "coalesce(@, @)",
            "CASE WHEN ! THEN @ END",
            "to_timestamp(1700000000)",
            "CAST(@ AS TIMESTAMP(3))");
    private static final List<String> OF_TRUTH = List.of(
            "# = #",
            "# < #",
            "# >= #",
            "# <> #",
            "$ = $",
            "$ < $",
            "$ LIKE 'A%'",
            "@ > @",
            "@ = @",
            "(! AND !)",
            "(! OR !)",
            "NOT !",
            "# IS NULL",
            "$ IS NOT NULL",
            "# BETWEEN # AND #",
            "# IN (1, 2, #)",
            "$ IN ('A', 'B')",
            "! IS TRUE",
            "# IS DISTINCT FROM #",
            "$ ILIKE '%a'",
            "@ < '2024-06-01'",
            "$ SIMILAR TO '[A-Z]+'",
            "EXISTS (?)",
            "# IN (?1)",
            "# > ALL (?1)",
            "# = (?1 LIMIT 1)");
    private static final List<String> AGGREGATES = List.of(
            "count(*)",
            "count(#)",
            "count(DISTINCT $)",
            "sum(#)",
            "avg(#)",
            "min(#)",
            "max($)",
            "min(@)",
            "stddev(#)",
            "variance(#)",
            "median(#)",
            "first(#)",
            "last($)",
            "arg_max(#, @)",
            "vwap(#, #)",
            "corr(#, #)",
            "string_agg($, ',')",
            "string_agg($, ',' ORDER BY #)",
            "mode($)",
            "bool_and(!)",
            "bit_or(CAST(# AS BIGINT))",
            "any_value($)",
            "percentile_cont(#, 0.5)",
            "approx_count_distinct($)",
            "approx_percentile(#, 0.9)",
            "twap(#, @)",
            "product(#)",
            "sum(#) FILTER (WHERE !)",
            "sum(DISTINCT #)",
            "covar_pop(#, #)",
            "skewness(#)",
            "kurtosis(#)",
            "quantile(#, 0.25)",
            "regr_slope(#, #)",
            "array_agg(#)",
            "histogram(#)",
            "ohlc(#)");
    private static final List<String> WINDOWS = List.of(
            "row_number()",
            "rank()",
            "dense_rank()",
            "percent_rank()",
            "cume_dist()",
            "ntile(3)",
            "lag(#)",
            "lead($, 2)",
            "lag(#, 1, 0)",
            "first_value($)",
            "last_value(#) IGNORE NULLS",
            "nth_value(#, 2)",
            "count(*)",
            "sum(#)",
            "avg(#)",
            "min(#)",
            "max(@)",
            "ema(#, 3)",
            "delta(#)",
            "ratio(#)",
            "mavg(#, 3)",
            "msum(#, 2)",
            "mmin(#, 2)",
            "mmax(#, 2)",
            "mcount(#, 4)",
            "mdev(#, 4)",
            "prev(#)",
            "next($)",
            "fills(#)",
            "median(#)",
            "ema_alpha(#, 0.5)",
            "ema_halflife(#, @, INTERVAL '1' SECOND)",
            "stddev(#)",
            "vwap(#, #)",
            "string_agg($, ',')");
    private static final List<String> FRAMES = List.of(
            "",
            "",
            "",
            " ROWS 2 PRECEDING",
            " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING",
            " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
            " RANGE UNBOUNDED PRECEDING",
            " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
            " ROWS BETWEEN 2 FOLLOWING AND 4 FOLLOWING",
            " ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING EXCLUDE CURRENT ROW");

    private int aliases;

    TypedStatements(long seed) {
        super(seed);
    }

    String next() {
        aliases = 0;
        return switch (random.nextInt(12)) {
            case 0 ->
                "UPDATE kinds SET n = " + value(Kind.NUMBER, ofTable("kinds", null), 1) + " WHERE "
                        + value(Kind.TRUTH, ofTable("kinds", null), 1);
            case 1 -> "DELETE FROM trades WHERE " + value(Kind.TRUTH, ofTable("trades", null), 1);
            case 2 -> "INSERT INTO quotes (bid, symbol, ts) SELECT " + insertSource();
            case 3 -> "EXPLAIN ANALYZE " + select(0, null);
            case 4 -> "WITH w AS (" + select(1, null) + ") SELECT * FROM w a, w b LIMIT 7";
            case 5 ->
                select(1, List.of(Kind.NUMBER, Kind.TEXT))
                        + one(List.of(" UNION ", " UNION ALL ", " INTERSECT ", " EXCEPT ", " INTERSECT ALL "))
                        + select(1, List.of(Kind.NUMBER, Kind.TEXT)) + " ORDER BY 1, 2 LIMIT 20";
            default ->
                select(0, null)
                        + maybe(3, " ORDER BY 1" + maybe(2, " DESC"))
                        + maybe(4, " LIMIT 10")
                        + maybe(8, " OFFSET 2");
        };
    }

    private String insertSource() {
        Relation from = relation(1);
        return value(Kind.NUMBER, from.columns, 1) + ", " + value(Kind.TEXT, from.columns, 1) + ", "
                + value(Kind.TIME, from.columns, 1) + " FROM " + from.text;
    }

    private static List<Column> ofTable(String table, String alias) {
        String before = alias == null ? "" : alias + ".";
        List<Column> columns = new ArrayList<>();
        switch (table) {
            case "kinds" -> {
                for (String number : List.of("id", "tiny", "small", "n", "big", "r", "d", "dec", "wide")) {
                    columns.add(new Column(before + number, Kind.NUMBER));
                }
                columns.add(new Column(before + "s", Kind.TEXT));
                columns.add(new Column(before + "dt", Kind.TIME));
                columns.add(new Column(before + "stamp", Kind.TIME));
                columns.add(new Column(before + "b", Kind.TRUTH));
            }
            case "small_one" -> {
                columns.add(new Column(before + "id", Kind.NUMBER));
                columns.add(new Column(before + "name", Kind.TEXT));
            }
            default -> {
                columns.add(new Column(before + "symbol", Kind.TEXT));
                columns.add(new Column(before + "ts", Kind.TIME));
                for (String number : table.equals("trades")
                        ? List.of("price", "volume")
                        : table.equals("quotes") ? List.of("bid", "ask") : List.of("id")) {
                    columns.add(new Column(before + number, Kind.NUMBER));
                }
            }
        }
        return columns;
    }

    private Relation relation(int depth) {
        String alias = "t" + aliases++;
        int choice = depth >= DEEPEST ? 0 : random.nextInt(11);
        if (choice == 1 || choice == 2 || choice == 3) {
            Relation left = relation(depth + 1);
            Relation right = relation(depth + 1);
            List<Column> both = new ArrayList<>(left.columns);
            both.addAll(right.columns);
            String join = one(List.of(" JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN "));
            String condition = random.nextInt(3) == 0
                    ? value(Kind.TRUTH, both, depth + 1)
                    : value(Kind.TEXT, left.columns, DEEPEST) + " = " + value(Kind.TEXT, right.columns, DEEPEST);
            return new Relation(left.text + join + right.text + " ON " + condition, both);
        }
        if (choice == 4) {
            List<Kind> kinds = List.of(Kind.NUMBER, Kind.TEXT, Kind.TIME);
            List<Column> columns = List.of(
                    new Column(alias + ".x0", Kind.NUMBER),
                    new Column(alias + ".x1", Kind.TEXT),
                    new Column(alias + ".x2", Kind.TIME));
            return new Relation("(" + select(depth + 1, kinds) + ") " + alias + "(x0, x1, x2)", columns);
        }
        if (choice == 5) {
            String other = "t" + aliases++;
            List<Column> both = new ArrayList<>(ofTable("trades", alias));
            both.addAll(ofTable("quotes", other));
            return new Relation(
                    "trades " + alias + maybe(2, " LEFT") + " ASOF JOIN quotes " + other + " ON " + alias + ".symbol = "
                            + other + ".symbol AND " + alias + ".ts " + one(List.of(">=", ">", "<", "<=")) + " " + other
                            + ".ts",
                    both);
        }
        String table = one(TABLES);
        return new Relation(table + " " + alias, ofTable(table, alias));
    }

    private String select(int depth, List<Kind> wanted) {
        Relation from = relation(depth);
        List<Kind> kinds = wanted == null ? List.of() : wanted;
        String where = maybe(2, " WHERE " + value(Kind.TRUTH, from.columns, depth + 1));
        if (wanted == null && random.nextInt(3) == 0) {
            String keys = list(
                    2,
                    () -> random.nextInt(3) == 0 ? value(Kind.TEXT, from.columns, depth + 1) : one(from.columns).name);
            String group = one(
                    List.of(keys, "ROLLUP(" + keys + ")", "GROUPING SETS ((" + keys + "), ())", "CUBE(" + keys + ")"));
            return "SELECT " + maybe(2, keys + ", ") + list(3, () -> filled(one(AGGREGATES), from.columns, depth + 1))
                    + " FROM " + from.text + where
                    + maybe(2, " GROUP BY " + group).replace(", ,", ",") + maybe(5, " HAVING count(*) > 0");
        }
        String items = kinds.isEmpty()
                ? list(
                        4,
                        () -> random.nextInt(3) == 0
                                ? window(from.columns, depth + 1)
                                : value(one(List.of(Kind.values())), from.columns, depth))
                : kinds.stream()
                        .map(kind -> value(kind, from.columns, depth + 1))
                        .collect(Collectors.joining(", "));
        return "SELECT " + maybe(6, "DISTINCT ") + items + " FROM " + from.text + where;
    }

    private String window(List<Column> columns, int depth) {
        return filled(one(WINDOWS), columns, depth + 1) + " OVER ("
                + maybe(2, "PARTITION BY " + value(Kind.TEXT, columns, DEEPEST) + " ")
                + maybe(2, "ORDER BY " + value(one(List.of(Kind.NUMBER, Kind.TIME)), columns, DEEPEST)) + one(FRAMES)
                + ")";
    }

    private String value(Kind kind, List<Column> columns, int depth) {
        if (random.nextInt(60) == 0) {
            return value(one(List.of(Kind.values())), columns, depth + 1);
        }
        List<Column> fitting =
                columns.stream().filter(column -> column.kind == kind).toList();
        if (depth >= DEEPEST || random.nextInt(3) == 0) {
            return fitting.isEmpty() || random.nextInt(4) == 0
                    ? one(
                            kind == Kind.NUMBER
                                    ? NUMBERS
                                    : kind == Kind.TEXT ? TEXTS : kind == Kind.TIME ? TIMES : TRUTHS)
                    : one(fitting).name;
        }
        List<String> forms =
                kind == Kind.NUMBER ? OF_NUMBER : kind == Kind.TEXT ? OF_TEXT : kind == Kind.TIME ? OF_TIME : OF_TRUTH;
        return filled(one(forms), columns, depth);
    }

    /** Fills the places of a form: # a number, $ a text, @ a time, ! a truth, ? a query, ?1 one of numbers. */
    private String filled(String form, List<Column> columns, int depth) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < form.length(); i++) {
            char c = form.charAt(i);
            switch (c) {
                case '#' -> text.append(value(Kind.NUMBER, columns, depth + 1));
                case '$' -> text.append(value(Kind.TEXT, columns, depth + 1));
                case '@' -> text.append(value(Kind.TIME, columns, depth + 1));
                case '!' -> text.append(value(Kind.TRUTH, columns, depth + 1));
                case '?' -> {
                    boolean one = i + 1 < form.length() && form.charAt(i + 1) == '1';
                    i += one ? 1 : 0;
                    String query = one ? select(DEEPEST, List.of(Kind.NUMBER)) : select(DEEPEST, null);
                    // correlated now and then
                    String outer = random.nextInt(3) > 0
                                    || columns.isEmpty()
                                    || query.contains(" WHERE ")
                                    || query.contains(" GROUP BY ")
                                    || query.contains(" HAVING ")
                            ? ""
                            : " WHERE " + one(columns).name + " IS NOT NULL";
                    text.append(query).append(outer);
                }
                default -> text.append(c);
            }
        }
        return text.toString();
    }
}
