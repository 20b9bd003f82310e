package io.zeptodb.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * Random queries in the SQL that ZeptoDB, DuckDB and PostgreSQL agree on, over the tables of {@link RandomTables}. The same seed gives the same query.
 * Every query is deterministic: rows are compared without order unless the order is total.
 */
final class QueryGenerator {
    private static final int DEEPEST = 3;
    private static final List<Kind> ORDERED =
            List.of(Kind.INT, Kind.DOUBLE, Kind.TEXT, Kind.TIME, Kind.DECIMAL, Kind.DATE);

    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+");

    final SplittableRandom random;
    private final JoinQueries joins = new JoinQueries(this);
    private int aliases;

    QueryGenerator(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Kinds of values that expressions are made of. */
    enum Kind {
        INT,
        DOUBLE,
        TEXT,
        TIME,
        BOOL,
        DECIMAL,
        DATE
    }

    /** A column that an expression can name. */
    record Name(String text, Kind kind) {}

    /** Tables in FROM and the names they bring. */
    record Source(String sql, List<Name> names) {}

    String next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> plain();
            case 3, 4, 5, 6 -> grouped();
            case 7 -> setOperation();
            case 8, 9 -> window();
            case 10 -> withClause();
            case 11 -> ordered();
            case 12 -> joins.star();
            case 13 -> joins.filteredByOthers();
            case 14 -> joins.groupsOfGroups();
            default -> joins.groupingSets();
        };
    }

    // --- shapes

    private String plain() {
        Source from = from(0);
        String distinct = random.nextInt(5) == 0 ? "DISTINCT " : "";
        return "SELECT " + distinct + list(from.names, 1 + random.nextInt(4)) + " FROM " + from.sql + where(from.names);
    }

    private String ordered() {
        Source from = table(newAlias());
        StringBuilder order = new StringBuilder();
        for (Name name : from.names) {
            order.append(order.isEmpty() ? "" : ", ").append(name.text);
            order.append(random.nextBoolean() ? " DESC" : " ASC");
            order.append(random.nextBoolean() ? " NULLS FIRST" : " NULLS LAST");
        }
        String limit = " LIMIT " + random.nextInt(20) + (random.nextBoolean() ? " OFFSET " + random.nextInt(10) : "");
        StringBuilder columns = new StringBuilder();
        from.names.forEach(name -> columns.append(columns.isEmpty() ? "" : ", ").append(name.text));
        return "SELECT " + columns + " FROM " + from.sql + where(from.names) + " ORDER BY " + order + limit;
    }

    private String grouped() {
        Source from = from(0);
        int keys = random.nextInt(3);
        List<String> groups = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            Name name = any(from.names);
            String group = random.nextInt(4) == 0 ? expression(name.kind, from.names, 1) : name.text;
            // a number alone is a place in the select list, and databases differ on what it means in grouping sets
            groups.add(NUMBER.matcher(group).matches() ? name.text : group);
        }
        StringBuilder select = new StringBuilder();
        for (int i = 0; i < groups.size(); i++) {
            select.append(groups.get(i)).append(" AS g").append(i).append(", ");
        }
        int aggregates = 1 + random.nextInt(3);
        for (int i = 0; i < aggregates; i++) {
            select.append(i == 0 ? "" : ", ")
                    .append(aggregate(from.names))
                    .append(" AS a")
                    .append(i);
        }
        String sql = "SELECT " + select + " FROM " + from.sql + where(from.names);
        if (!groups.isEmpty()) {
            boolean sets = random.nextInt(6) == 0 && groups.stream().distinct().count() == groups.size();
            String by = String.join(", ", groups);
            sql += " GROUP BY " + (sets ? (random.nextBoolean() ? "ROLLUP (" : "CUBE (") + by + ")" : by);
        }
        if (random.nextInt(4) == 0) {
            sql += " HAVING count(*) " + pick(">", ">=", "<>", "<") + " " + random.nextInt(5);
        }
        return sql;
    }

    private String setOperation() {
        Kind first = pick(Kind.values());
        Kind second = pick(Kind.values());
        String operator = pick("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL");
        return branch(first, second) + " " + operator + " " + branch(first, second);
    }

    private String branch(Kind first, Kind second) {
        Source from = table(newAlias());
        return "SELECT " + expression(first, from.names, 1) + " AS x, " + expression(second, from.names, 1)
                + " AS y FROM " + from.sql + where(from.names);
    }

    private String window() {
        Source from = table(newAlias());
        String key = ofKind(from.names, Kind.INT);
        String partition = random.nextBoolean() ? "PARTITION BY " + any(from.names).text + " " : "";
        // the row's own number makes the order total
        String id = from.sql.substring(from.sql.lastIndexOf(' ') + 1) + ".id";
        String order = "ORDER BY " + key + (random.nextBoolean() ? " DESC" : "") + " NULLS LAST, " + id;
        String frame = pick(
                "",
                " ROWS BETWEEN " + random.nextInt(4) + " PRECEDING AND CURRENT ROW",
                " ROWS BETWEEN " + random.nextInt(3) + " PRECEDING AND " + random.nextInt(3) + " FOLLOWING",
                " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
                " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING");
        String number = expression(Kind.INT, from.names, 1);
        String call = pick(
                "row_number()",
                "rank()",
                "dense_rank()",
                "ntile(" + (1 + random.nextInt(4)) + ")",
                "lag(" + number + ", " + (1 + random.nextInt(2)) + ")",
                "lead(" + number + ")",
                "sum(" + number + ")",
                "count(" + number + ")",
                "min(" + number + ")",
                "max(" + number + ")",
                "avg(" + number + ")",
                "first_value(" + number + ")",
                "last_value(" + number + ")");
        boolean framed = call.startsWith("sum")
                || call.startsWith("count")
                || call.startsWith("min")
                || call.startsWith("max")
                || call.startsWith("avg")
                || call.contains("_value");
        return "SELECT " + id + ", " + call + " OVER (" + partition + order + (framed ? frame : "") + ") AS w FROM "
                + from.sql + where(from.names);
    }

    private String withClause() {
        String name = newAlias() + "c";
        Source inner = from(1);
        Name key = any(inner.names);
        String cte = "SELECT " + key.text + " AS k, " + aggregate(inner.names) + " AS v, count(*) AS n FROM "
                + inner.sql + where(inner.names) + " GROUP BY " + key.text;
        return "WITH " + name + " AS (" + cte + ") SELECT a.k, a.v, b.n FROM " + name + " a "
                + pick("JOIN ", "LEFT JOIN ") + name + " b ON a.k = b.k WHERE a.n >= " + random.nextInt(3);
    }

    // --- FROM

    private Source from(int depth) {
        int shape = random.nextInt(10);
        if (shape < 5 || depth >= DEEPEST) {
            return table(newAlias());
        }
        if (shape < 6) {
            return derived(depth);
        }
        Source left = depth == 0 && random.nextInt(4) == 0 ? from(depth + 1) : table(newAlias());
        Source right = table(newAlias());
        List<Name> names = new ArrayList<>(left.names);
        names.addAll(right.names);
        Kind kind = pick(Kind.INT, Kind.TEXT);
        String condition = ofKind(left.names, kind) + " = " + ofKind(right.names, kind);
        if (random.nextInt(3) == 0) {
            condition += " AND " + ofKind(left.names, Kind.INT) + " " + pick("<", ">=", "<>") + " "
                    + ofKind(right.names, Kind.INT);
        }
        String join = pick("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
        return new Source(left.sql + " " + join + " " + right.sql + " ON " + condition, names);
    }

    private Source derived(int depth) {
        Source inner = from(depth + 1);
        String alias = newAlias();
        List<Name> names = new ArrayList<>();
        StringBuilder select = new StringBuilder();
        for (Kind kind : Kind.values()) {
            String column = "c" + names.size();
            select.append(names.isEmpty() ? "" : ", ")
                    .append(expression(kind, inner.names, 1))
                    .append(" AS ")
                    .append(column);
            names.add(new Name(alias + "." + column, kind));
        }
        return new Source("(SELECT " + select + " FROM " + inner.sql + where(inner.names) + ") " + alias, names);
    }

    Source table(String alias) {
        String table = pick("t1", "t2", "t3");
        return new Source(table + " " + alias, RandomTables.names(table, alias));
    }

    String newAlias() {
        return "q" + aliases++;
    }

    // --- conditions and expressions

    String where(List<Name> names) {
        return random.nextInt(3) == 0 ? "" : " WHERE " + condition(names, 0);
    }

    String condition(List<Name> names, int depth) {
        int shape = random.nextInt(depth >= 2 ? 7 : 15);
        String number = expression(Kind.INT, names, 1);
        return switch (shape) {
            case 0, 1 -> number + " " + comparison() + " " + random.nextInt(-5, 30);
            case 2 -> expression(Kind.DOUBLE, names, 1) + " " + comparison() + " " + number(Kind.DOUBLE);
            case 3 -> expression(Kind.TEXT, names, 1) + " " + comparison() + " " + literal(Kind.TEXT);
            case 4 -> any(names).text + pick(" IS NULL", " IS NOT NULL");
            case 5 ->
                ofKind(names, Kind.INT) + pick(" IN (", " NOT IN (") + random.nextInt(10) + ", " + random.nextInt(10)
                        + ", 7)";
            case 6 -> ofKind(names, Kind.TIME) + " " + comparison() + " " + literal(Kind.TIME);
            case 7 -> "(" + condition(names, depth + 1) + " AND " + condition(names, depth + 1) + ")";
            case 8 -> "(" + condition(names, depth + 1) + " OR " + condition(names, depth + 1) + ")";
            case 9 -> "NOT (" + condition(names, depth + 1) + ")";
            case 10 -> subquery(names);
            case 12 -> ofKind(names, Kind.DECIMAL) + " " + comparison() + " " + expression(Kind.DECIMAL, names, 2);
            case 13 ->
                ofKind(names, Kind.DATE) + " " + comparison() + " "
                        + pick(literal(Kind.DATE), literal(Kind.TIME), literal(Kind.DATE) + " + INTERVAL '1' DAY");
            case 14 ->
                ofKind(names, Kind.INT) + " BETWEEN " + ofKind(names, Kind.INT) + " AND "
                        + expression(Kind.INT, names, 2);
            default -> ofKind(names, Kind.TEXT) + pick(" LIKE ", " NOT LIKE ") + pick("'a%'", "'%b%'", "'_a%'", "'%c'");
        };
    }

    String subquery(List<Name> outer) {
        Source inner = table(newAlias());
        String correlated = ofKind(inner.names, Kind.INT) + " = " + ofKind(outer, Kind.INT);
        return switch (random.nextInt(8)) {
            case 5 ->
                pick("EXISTS", "NOT EXISTS") + " (SELECT * FROM " + inner.sql + " WHERE " + correlated + " AND "
                        + ofKind(inner.names, Kind.INT) + " " + pick("<>", "<", ">=") + " " + ofKind(outer, Kind.INT)
                        + ")";
            case 6 ->
                "(" + ofKind(outer, Kind.INT) + ", " + ofKind(outer, Kind.TEXT) + ") IN (SELECT "
                        + ofKind(inner.names, Kind.INT) + ", " + ofKind(inner.names, Kind.TEXT) + " FROM " + inner.sql
                        + where(inner.names) + ")";
            case 7 ->
                ofKind(outer, Kind.DECIMAL) + " " + comparison() + " (SELECT 0.5 * sum("
                        + ofKind(inner.names, Kind.DECIMAL) + ") FROM " + inner.sql + " WHERE " + correlated + " AND "
                        + condition(inner.names, 2) + ")";
            case 0 ->
                pick("EXISTS", "NOT EXISTS") + " (SELECT 1 FROM " + inner.sql + " WHERE " + correlated + " AND "
                        + condition(inner.names, 2) + ")";
            case 1 ->
                ofKind(outer, Kind.INT) + pick(" IN", " NOT IN") + " (SELECT " + ofKind(inner.names, Kind.INT)
                        + " FROM " + inner.sql + where(inner.names) + ")";
            case 2 ->
                ofKind(outer, Kind.TEXT) + " IN (SELECT " + ofKind(inner.names, Kind.TEXT) + " FROM " + inner.sql
                        + where(inner.names) + ")";
            case 3 ->
                ofKind(outer, Kind.INT) + " " + comparison() + " (SELECT " + pick("min", "max", "count") + "("
                        + ofKind(inner.names, Kind.INT) + ") FROM " + inner.sql + " WHERE " + correlated + ")";
            default ->
                ofKind(outer, Kind.INT) + " " + comparison() + " (SELECT " + pick("min", "max", "sum") + "("
                        + ofKind(inner.names, Kind.INT) + ") FROM " + inner.sql + where(inner.names) + ")";
        };
    }

    private String list(List<Name> names, int count) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < count; i++) {
            list.append(i == 0 ? "" : ", ")
                    .append(expression(pick(Kind.values()), names, 0))
                    .append(" AS e")
                    .append(i);
        }
        return list.toString();
    }

    private String expression(Kind kind, List<Name> names, int depth) {
        if (depth >= DEEPEST || random.nextInt(3) != 0) {
            return random.nextInt(8) == 0 ? literal(kind) : ofKind(names, kind);
        }
        int next = depth + 1;
        return switch (kind) {
            case INT -> integer(names, next);
            case DOUBLE -> real(names, next);
            case TEXT -> text(names, next);
            case TIME ->
                pick(
                        "date_trunc('hour', " + ofKind(names, Kind.TIME) + ")",
                        "date_trunc('day', " + ofKind(names, Kind.TIME) + ")",
                        ofKind(names, Kind.TIME) + " + INTERVAL '5' MINUTE",
                        "coalesce(" + ofKind(names, Kind.TIME) + ", " + literal(Kind.TIME) + ")");
            case BOOL -> "(" + condition(names, 2) + ")";
            case DECIMAL -> decimal(names);
            case DATE ->
                pick(
                        "coalesce(" + ofKind(names, Kind.DATE) + ", " + literal(Kind.DATE) + ")",
                        "CAST(" + ofKind(names, Kind.TIME) + " AS DATE)",
                        "CASE WHEN " + condition(names, 2) + " THEN " + ofKind(names, Kind.DATE) + " END");
        };
    }

    private String decimal(List<Name> names) {
        String a = ofKind(names, Kind.DECIMAL);
        return switch (random.nextInt(6)) {
            case 0 -> "(" + a + " + " + ofKind(names, Kind.DECIMAL) + ")";
            case 1 -> "(" + a + " * (1 - " + ofKind(names, Kind.DECIMAL) + "))";
            case 2 -> "(" + a + " - " + literal(Kind.DECIMAL) + ")";
            case 3 -> "abs(" + a + ")";
            case 4 -> "coalesce(" + a + ", 0.00)";
            default ->
                "CASE WHEN " + condition(names, 2) + " THEN " + expression(Kind.DECIMAL, names, DEEPEST) + " END";
        };
    }

    private String integer(List<Name> names, int next) {
        String a = expression(Kind.INT, names, next);
        String b = expression(Kind.INT, names, next);
        return switch (random.nextInt(9)) {
            case 0 -> "(" + a + " + " + b + ")";
            case 1 -> "(" + a + " - " + b + ")";
            case 2 -> "(" + ofKind(names, Kind.INT) + " * " + random.nextInt(-3, 4) + ")";
            case 3 -> "abs(" + a + ")";
            case 4 -> "coalesce(" + a + ", " + b + ")";
            case 5 -> "nullif(" + a + ", " + random.nextInt(5) + ")";
            case 6 -> "length(" + expression(Kind.TEXT, names, next) + ")";
            case 7 -> "CASE WHEN " + condition(names, 2) + " THEN " + a + " ELSE " + b + " END";
            default -> "mod(" + a + ", " + (2 + random.nextInt(5)) + ")";
        };
    }

    private String real(List<Name> names, int next) {
        String a = expression(Kind.DOUBLE, names, next);
        return switch (random.nextInt(6)) {
            case 0 -> "(" + a + " + " + expression(Kind.DOUBLE, names, next) + ")";
            case 1 -> "(" + a + " * " + expression(Kind.INT, names, next) + ")";
            case 2 -> "abs(" + a + ")";
            case 3 -> "floor(" + a + ")";
            case 4 -> "CAST(" + expression(Kind.INT, names, next) + " AS DOUBLE)";
            default -> "CASE WHEN " + condition(names, 2) + " THEN " + a + " END";
        };
    }

    private String text(List<Name> names, int next) {
        String a = expression(Kind.TEXT, names, next);
        return switch (random.nextInt(7)) {
            case 0 -> "upper(" + a + ")";
            case 1 -> "(" + a + " || " + expression(Kind.TEXT, names, next) + ")";
            case 2 -> "substring(" + a + ", " + (1 + random.nextInt(3)) + ", " + random.nextInt(4) + ")";
            case 3 -> "coalesce(" + a + ", " + literal(Kind.TEXT) + ")";
            case 4 -> "replace(" + a + ", 'a', 'zz')";
            case 5 -> "CAST(" + expression(Kind.INT, names, next) + " AS VARCHAR)";
            default -> "CASE WHEN " + condition(names, 2) + " THEN " + a + " ELSE " + literal(Kind.TEXT) + " END";
        };
    }

    String aggregate(List<Name> names) {
        String number = expression(Kind.INT, names, 1);
        String filter = random.nextInt(6) == 0 ? " FILTER (WHERE " + condition(names, 2) + ")" : "";
        return pick(
                        "count(*)",
                        "count(" + any(names).text + ")",
                        "sum(" + number + ")",
                        "avg(" + number + ")",
                        "min(" + expression(ORDERED.get(random.nextInt(ORDERED.size())), names, 1) + ")",
                        "max(" + expression(ORDERED.get(random.nextInt(ORDERED.size())), names, 1) + ")",
                        "sum(" + expression(Kind.DECIMAL, names, 1) + ")",
                        "sum(" + ofKind(names, Kind.DOUBLE) + ")",
                        "avg(" + ofKind(names, Kind.DOUBLE) + ")",
                        "count(DISTINCT " + any(names).text + ")",
                        "sum(DISTINCT " + ofKind(names, Kind.INT) + ")",
                        "stddev(" + ofKind(names, Kind.INT) + ")",
                        "median(" + ofKind(names, Kind.INT) + ")")
                + filter;
    }

    private String literal(Kind kind) {
        return switch (kind) {
            case INT, DOUBLE -> number(kind);
            case TEXT -> pick("'a'", "'abc'", "''", "'Zürich'", "'b'");
            case TIME -> "TIMESTAMP '2024-08-0" + (1 + random.nextInt(9)) + " 0" + random.nextInt(10) + ":30:00'";
            case BOOL -> pick("TRUE", "FALSE");
            case DECIMAL -> random.nextInt(-5, 20) + pick(".25", ".50", ".05");
            case DATE -> "DATE '2024-08-0" + (1 + random.nextInt(9)) + "'";
        };
    }

    private String number(Kind kind) {
        int value = random.nextInt(-5, 20);
        return kind == Kind.INT
                ? Integer.toString(value)
                : "CAST(" + value + "." + pick("0", "25", "5", "75") + " AS DOUBLE)";
    }

    private String comparison() {
        return pick("=", "<>", "<", "<=", ">", ">=");
    }

    String ofKind(List<Name> names, Kind kind) {
        List<Name> fitting = names.stream().filter(name -> name.kind == kind).toList();
        return fitting.get(random.nextInt(fitting.size())).text;
    }

    Name any(List<Name> names) {
        return names.get(random.nextInt(names.size()));
    }

    @SafeVarargs
    final <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
