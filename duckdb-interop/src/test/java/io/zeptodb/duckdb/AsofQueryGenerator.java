package io.zeptodb.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random as-of, window, union and plus joins over two tables, each as we say it and as DuckDB can be asked for the same: by all pairs of rows and a row
 * number. One query from a seed.
 */
final class AsofQueryGenerator {
    /** @param duck the same query for DuckDB */
    record Pair(String ours, String duck) {}

    private static final int LEFT_ROWS = 150;
    private static final int RIGHT_ROWS = 1500;
    private static final int ROWS_A_STATEMENT = 250;
    private static final int SECONDS = 600;
    private static final String COLUMNS = " (id INTEGER, k SYMBOL, g INTEGER, ts TIMESTAMP, i INTEGER, x DOUBLE)";
    private static final String[] OPERATORS = {">=", ">", "<=", "<", "NEAREST"};

    private final SplittableRandom random;

    AsofQueryGenerator(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The tables l and r: ids in the order of insertion, times in none, with ties and NULLs. */
    static List<String> tables(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE l" + COLUMNS);
        statements.add("CREATE TABLE r" + COLUMNS);
        insert(random, "l", LEFT_ROWS, statements);
        insert(random, "r", RIGHT_ROWS, statements);
        return statements;
    }

    private static void insert(SplittableRandom random, String table, int rows, List<String> statements) {
        for (int from = 0; from < rows; from += ROWS_A_STATEMENT) {
            List<String> values = new ArrayList<>();
            for (int id = from; id < Math.min(rows, from + ROWS_A_STATEMENT); id++) {
                int second = random.nextInt(SECONDS);
                values.add("(" + id
                        + ", " + orNull(random, "'" + "ABC".charAt(random.nextInt(3)) + "'")
                        + ", " + orNull(random, Integer.toString(random.nextInt(2)))
                        + ", " + orNull(random, time(second))
                        + ", " + orNull(random, Integer.toString(random.nextInt(20)))
                        + ", " + orNull(random, "CAST(" + random.nextInt(-40, 40) / 4.0 + " AS DOUBLE)") + ")");
            }
            statements.add("INSERT INTO " + table + " VALUES " + String.join(", ", values));
        }
    }

    private static String time(int second) {
        return String.format("TIMESTAMP '2024-08-09 10:%02d:%02d'", second / 60, second % 60);
    }

    private static String orNull(SplittableRandom random, String value) {
        return random.nextInt(12) == 0 ? "NULL" : value;
    }

    Pair next() {
        return switch (random.nextInt(10)) {
            case 0 -> union();
            case 1 -> plus();
            case 2, 3, 4, 5 -> asof();
            default -> window();
        };
    }

    private String keys() {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "l.k = r.k AND l.g = r.g AND ";
            case 2 -> "l.g = r.g AND ";
            default -> "l.k = r.k AND ";
        };
    }

    private String leftFilter() {
        return switch (random.nextInt(4)) {
            case 0 -> "l.k = 'A'";
            case 1 -> "l.i < " + random.nextInt(20);
            case 2 -> "l.ts >= " + time(random.nextInt(SECONDS));
            default -> "";
        };
    }

    private Pair asof() {
        String keys = keys();
        String operator = OPERATORS[random.nextInt(OPERATORS.length)];
        boolean nearest = operator.equals("NEAREST");
        boolean outer = random.nextBoolean();
        int tolerance = random.nextInt(2) == 0 ? -1 : random.nextInt(8);
        String filter = leftFilter();
        boolean rightFilter = random.nextInt(4) == 0;
        String condition = nearest ? "NEAREST(l.ts, r.ts)" : "l.ts " + operator + " r.ts";
        List<String> wheres = new ArrayList<>();
        if (!filter.isEmpty()) {
            wheres.add(filter);
        }
        String from = rightFilter ? "(SELECT * FROM r WHERE i > 5) r" : "r";
        String left = random.nextInt(3) == 0 ? "(SELECT * FROM l WHERE x < 8) l" : "l";
        String where = wheres.isEmpty() ? "" : " WHERE " + String.join(" AND ", wheres);
        String within = tolerance < 0
                ? ""
                : random.nextBoolean()
                        ? " TOLERANCE INTERVAL '" + tolerance + "' SECOND"
                        : " TOLERANCE " + tolerance + "000000000";
        String ours = "SELECT l.id, r.id, r.x FROM " + left + (outer ? " LEFT" : "") + " ASOF JOIN " + from + " ON "
                + keys + condition + within + where;
        String distance = "abs(epoch_us(l.ts) - epoch_us(r.ts))";
        String pairs = keys
                + (nearest ? "l.ts IS NOT NULL AND r.ts IS NOT NULL" : "l.ts " + operator + " r.ts")
                + (tolerance < 0 ? "" : " AND " + distance + " <= " + tolerance + "000000");
        String order = nearest ? distance + ", r.ts" : operator.startsWith(">") ? "r.ts DESC" : "r.ts";
        String duck = "SELECT lid, rid, rx FROM (SELECT l.id AS lid, r.id AS rid, r.x AS rx, row_number() OVER"
                + " (PARTITION BY l.id ORDER BY " + order + ", r.id DESC) AS n FROM " + left
                + (outer ? " LEFT" : "") + " JOIN " + from + " ON " + pairs + where + ") WHERE n = 1";
        return new Pair(ours, duck);
    }

    private Pair window() {
        String keys = keys();
        int start = random.nextInt(-30, 30);
        int end = start + random.nextInt(random.nextInt(3) == 0 ? SECONDS : 20);
        if (random.nextInt(4) == 0) {
            start = -SECONDS;
        }
        boolean openStart = random.nextInt(5) == 0;
        boolean openEnd = random.nextInt(5) == 0;
        boolean prevailing = random.nextInt(3) == 0;
        String filter = leftFilter();
        String where = filter.isEmpty() ? "" : " WHERE " + filter;
        String from = "l.ts + " + start + " * INTERVAL '1' SECOND";
        String to = "l.ts + " + end + " * INTERVAL '1' SECOND";
        String bounds = openStart || openEnd || random.nextInt(3) == 0
                ? "r.ts >" + (openStart ? " " : "= ") + from + " AND r.ts <" + (openEnd ? " " : "= ") + to
                : "r.ts BETWEEN " + from + " AND " + to;
        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            Pair aggregate = aggregate();
            ours.add(aggregate.ours());
            theirs.add(aggregate.duck());
        }
        String our = "SELECT l.id, " + String.join(", ", ours) + " FROM l WINDOW JOIN r ON " + keys + bounds
                + (prevailing ? " INCLUDE PREVAILING" : "") + where;
        String rows = "SELECT l.id AS lid, r.* FROM l JOIN r ON " + keys + bounds;
        if (prevailing) {
            rows += " UNION SELECT * EXCLUDE (n) FROM (SELECT l.id AS lid, r.*, row_number() OVER (PARTITION BY l.id"
                    + " ORDER BY r.ts DESC, r.id DESC) AS n FROM l JOIN r ON " + keys + "r.ts <= " + from
                    + ") WHERE n = 1";
        }
        String duck = "SELECT l.id, " + String.join(", ", theirs) + " FROM l LEFT JOIN (" + rows + ") m ON m.lid = l.id"
                + where + " GROUP BY l.id";
        return new Pair(our, duck);
    }

    private Pair aggregate() {
        String filter = random.nextInt(4) == 0 ? " FILTER (WHERE #.i > " + random.nextInt(15) + ")" : "";
        return switch (random.nextInt(12)) {
            case 0 -> new Pair("count(*)" + our(filter), "count(m.id)" + their(filter));
            case 1 -> both("count(#.x)" + filter);
            case 2 -> both("sum(#.x)" + filter);
            case 3 -> both("sum(#.i)" + filter);
            case 4 -> both("min(#.x)" + filter);
            case 5 -> both("max(#.i + 1)" + filter);
            case 6 -> both("avg(#.x)" + filter);
            case 7 -> new Pair("first(r.x)" + our(filter), "first(m.x ORDER BY m.ts, m.id)" + their(filter));
            case 8 -> new Pair("wj_last(r.i)" + our(filter), "last(m.i ORDER BY m.ts, m.id)" + their(filter));
            case 9 -> both("count(DISTINCT #.i)" + filter);
            case 10 -> both("median(#.x)" + filter);
            default ->
                new Pair(
                        "string_agg(CAST(r.id AS VARCHAR), ',')" + our(filter),
                        "string_agg(CAST(m.id AS VARCHAR), ',' ORDER BY m.ts, m.id)" + their(filter));
        };
    }

    private static Pair both(String aggregate) {
        return new Pair(our(aggregate), their(aggregate));
    }

    private static String our(String text) {
        return text.replace("#", "r");
    }

    private static String their(String text) {
        return text.replace("#", "m");
    }

    private Pair union() {
        String[][] columns = {{"id", "k", "x"}, {"k", "g", "i"}, {"ts", "x", "k"}};
        String right = String.join(", ", columns[random.nextInt(columns.length)]);
        String left = String.join(", ", columns[random.nextInt(columns.length)]);
        String where = random.nextBoolean() ? "" : " WHERE k = 'B'";
        String sides = "(SELECT " + left + " FROM l) a UNION JOIN (SELECT " + right + " FROM r WHERE id < 200) b";
        return new Pair(
                "SELECT * FROM " + sides + where,
                "SELECT * FROM (SELECT " + left + " FROM l UNION ALL BY NAME SELECT " + right
                        + " FROM r WHERE id < 200)" + where);
    }

    private Pair plus() {
        boolean two = random.nextBoolean();
        String groups = two ? "k, g" : "k";
        String right =
                "(SELECT " + groups + ", sum(x) AS x, count(*) AS i FROM r WHERE id < 400 GROUP BY " + groups + ") b";
        String filter = leftFilter();
        String where = filter.isEmpty() ? "" : " WHERE " + filter;
        String by = random.nextBoolean() || !two ? "USING (" + groups + ")" : "ON l.k = b.k AND l.g = b.g";
        return new Pair(
                "SELECT l.id, x, i FROM l PLUS JOIN " + right + " " + by + where,
                "SELECT l.id, l.x + coalesce(b.x, 0), l.i + coalesce(b.i, 0) FROM l LEFT JOIN " + right + " " + by
                        + where);
    }
}
