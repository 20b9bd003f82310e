package io.zeptodb.duckdb;

import java.util.SplittableRandom;

/**
 * Random window functions over the tables of {@link RandomTables}, in our SQL and in DuckDB's. The same seed gives the same query. Where the order of
 * peers would count, the row's own number makes the order total.
 */
final class WindowGenerator {
    /**
     * One query.
     *
     * @param ours as ZeptoDB says it
     * @param theirs as DuckDB says it: IGNORE NULLS is inside the parentheses
     */
    record Query(String ours, String theirs) {}

    private static final String IGNORE = "/*ignore*/";

    private final SplittableRandom random;

    WindowGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    Query next() {
        String text = query();
        String ours = text.replace(IGNORE + ")", ") IGNORE NULLS").replace(IGNORE, "");
        return new Query(ours, text.replace(IGNORE, " IGNORE NULLS"));
    }

    private String query() {
        String table = "t" + (1 + random.nextInt(2));
        StringBuilder select = new StringBuilder("SELECT id");
        int calls = 1 + random.nextInt(3);
        for (int i = 0; i < calls; i++) {
            select.append(", ").append(call()).append(" AS w").append(i);
        }
        select.append(" FROM ").append(table);
        if (random.nextInt(3) == 0) {
            select.append(" WHERE ").append(pick("i > 0", "d IS NOT NULL", "k <> 'a'", "j < 6 OR j IS NULL", "id < 0"));
        }
        return select.toString();
    }

    private String call() {
        String partition =
                pick("", "", "PARTITION BY k ", "PARTITION BY j ", "PARTITION BY k, b ", "PARTITION BY i % 3 ");
        boolean range = random.nextInt(4) == 0;
        String unit = range ? "RANGE" : pick("ROWS", "ROWS", "GROUPS");
        String key = range ? pick("i", "j", "id", "d") : pick("i", "j", "s", "d", "ts", "k");
        String nulls = pick(" NULLS LAST", " NULLS FIRST");
        String order = "ORDER BY " + key + pick("", " DESC") + nulls;
        boolean total = unit.equals("ROWS");
        String totalOrder = order + ", id" + pick("", " DESC");
        String frame = " " + unit + " BETWEEN " + ends() + pick("", "", "", exclusion(unit));
        String value = pick("i", "j", "d", "id", "CAST(i AS BIGINT) * 2");
        return switch (random.nextInt(12)) {
            case 0 ->
                pick("row_number()", "ntile(" + (1 + random.nextInt(5)) + ")") + " OVER (" + partition + totalOrder
                        + ")";
            case 1 ->
                pick("rank()", "dense_rank()", "percent_rank()", "cume_dist()") + " OVER (" + partition + order + ")";
            case 2, 3 -> shifted(pick(value, "s", "k", "ts")) + " OVER (" + partition + totalOrder + ")";
            case 4, 5 ->
                // of peers the first or last one is anyone's choice
                picked(pick(value, "s", "k", "b")) + " OVER (" + partition
                        + (range ? "ORDER BY id" + pick("", " DESC") : totalOrder) + frame + ")";
            case 6 -> aggregate(value) + " OVER (" + partition + ")";
            case 7 -> aggregate(value) + " OVER (" + partition + order + ")";
            case 8 ->
                pick("sum", "min", "max", "count") + "(" + value + ") FILTER (WHERE " + pick("i > 2", "b", "d < 5")
                        + ") OVER (" + partition + (total ? totalOrder : order) + frame + ")";
            default -> aggregate(value) + " OVER (" + partition + (total ? totalOrder : order) + frame + ")";
        };
    }

    private String aggregate(String value) {
        String name = pick("sum", "min", "max", "count", "avg", "stddev_pop", "median", "bool_or", "count_star");
        return switch (name) {
            case "bool_or" -> "bool_or(b)";
            case "count_star" -> "count(*)";
            case "stddev_pop" -> "stddev_pop(" + value + ")";
            default -> name + "(" + value + ")";
        };
    }

    private String shifted(String value) {
        String ignore = random.nextInt(3) == 0 ? IGNORE : "";
        String offset = pick("", ", " + random.nextInt(4));
        return pick("lag(", "lead(") + value + offset + ignore + ")";
    }

    private String picked(String value) {
        String ignore = random.nextInt(2) == 0 ? IGNORE : "";
        return switch (random.nextInt(3)) {
            case 0 -> "first_value(" + value + ignore + ")";
            case 1 -> "last_value(" + value + ignore + ")";
            default -> "nth_value(" + value + ", " + (1 + random.nextInt(3)) + ignore + ")";
        };
    }

    private String ends() {
        String before = random.nextInt(4) + " PRECEDING";
        String behind = random.nextInt(4) + " FOLLOWING";
        return switch (random.nextInt(8)) {
            case 0 -> "UNBOUNDED PRECEDING AND CURRENT ROW";
            case 1 -> "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
            case 2 -> "CURRENT ROW AND UNBOUNDED FOLLOWING";
            case 3 -> before + " AND CURRENT ROW";
            case 4 -> before + " AND " + behind;
            case 5 -> (2 + random.nextInt(3)) + " PRECEDING AND " + random.nextInt(3) + " PRECEDING";
            case 6 -> random.nextInt(3) + " FOLLOWING AND " + (2 + random.nextInt(3)) + " FOLLOWING";
            default -> "UNBOUNDED PRECEDING AND " + pick(before, behind);
        };
    }

    private String exclusion(String unit) {
        return unit.equals("ROWS")
                ? pick(" EXCLUDE CURRENT ROW", " EXCLUDE NO OTHERS")
                : pick(" EXCLUDE GROUP", " EXCLUDE TIES", " EXCLUDE NO OTHERS");
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
