package io.zeptodb.duckdb;

import io.zeptodb.duckdb.QueryGenerator.Kind;
import io.zeptodb.duckdb.QueryGenerator.Name;
import io.zeptodb.duckdb.QueryGenerator.Source;
import java.util.ArrayList;
import java.util.List;

/** Random queries that join many tables, or filter one by others, or group what was grouped: what an order of joins and decorrelation are for. */
final class JoinQueries {
    private final QueryGenerator generator;

    JoinQueries(QueryGenerator generator) {
        this.generator = generator;
    }

    private int random(int bound) {
        return generator.random.nextInt(bound);
    }

    /** Several tables in FROM, joined by keys in WHERE: a chain, a star or a cycle, sometimes with an OR over two of them. */
    String star() {
        int count = 2 + random(4);
        List<Source> tables = new ArrayList<>();
        List<Name> names = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Source table = generator.table(generator.newAlias());
            if (i > 0) {
                Source other = tables.get(random(2) == 0 ? 0 : i - 1);
                conditions.add(key(other, table));
                if (random(3) == 0) {
                    conditions.add(key(tables.get(random(i)), table));
                }
                // keys are few and rows many: one side of each join is kept small
                conditions.add(small(table));
            }
            tables.add(table);
            names.addAll(table.names());
        }
        if (random(3) == 0) {
            conditions.add(either(tables.get(0), tables.get(1)));
        }
        if (random(2) == 0) {
            conditions.add(generator.condition(names, 1));
        }
        StringBuilder from = new StringBuilder();
        tables.forEach(table -> from.append(from.isEmpty() ? "" : ", ").append(table.sql()));
        boolean grouped = random(2) == 0;
        Name group = generator.any(names);
        String aggregates = generator.aggregate(names) + " AS a, " + generator.aggregate(names) + " AS b";
        return "SELECT " + (grouped ? group.text() + " AS g, " : "") + aggregates + " FROM " + from + " WHERE "
                + String.join(" AND ", conditions) + (grouped ? " GROUP BY " + group.text() : "");
    }

    private String key(Source left, Source right) {
        Kind kind = generator.pick(Kind.INT, Kind.INT, Kind.TEXT, Kind.DATE, Kind.DECIMAL);
        return generator.ofKind(left.names(), kind) + " = " + generator.ofKind(right.names(), kind);
    }

    private String small(Source table) {
        return table.names().get(0).text() + generator.pick(" < ", " >= ", " <> ") + random(12) + " AND "
                + table.names().get(0).text() + " < " + (8 + random(30));
    }

    /** Branches that may share a key, and that each say something of both tables. */
    private String either(Source a, Source b) {
        String shared = random(2) == 0 ? key(a, b) + " AND " : "";
        return "((" + shared + generator.condition(a.names(), 2) + " AND " + generator.condition(b.names(), 2)
                + ") OR (" + shared + generator.condition(a.names(), 2) + " AND " + generator.condition(b.names(), 2)
                + "))";
    }

    /** Rows of one or two tables for which other tables have rows, or have none. */
    String filteredByOthers() {
        Source table = generator.table(generator.newAlias());
        List<Name> names = new ArrayList<>(table.names());
        String from = table.sql();
        if (random(3) == 0) {
            Source other = generator.table(generator.newAlias());
            from += generator.pick(" JOIN ", " LEFT JOIN ") + other.sql() + " ON " + key(table, other);
            names.addAll(other.names());
        }
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i <= random(3); i++) {
            conditions.add((random(5) == 0 ? "NOT " : "") + "(" + generator.subquery(names) + ")");
        }
        if (random(2) == 0) {
            conditions.add(generator.condition(names, 2));
        }
        String operator = random(6) == 0 ? " OR " : " AND ";
        return "SELECT " + generator.any(names).text() + " AS x, "
                + generator.any(names).text() + " AS y FROM " + from + " WHERE " + String.join(operator, conditions);
    }

    /** Groups of a derived table's groups, joined with a table, with a running sum over them. */
    String groupsOfGroups() {
        Source inner = generator.table(generator.newAlias());
        String key = generator.ofKind(inner.names(), Kind.INT);
        String derived = generator.newAlias();
        String groups = "(SELECT " + key + " AS k, " + generator.aggregate(inner.names()) + " AS v, count(*) AS n FROM "
                + inner.sql() + generator.where(inner.names()) + " GROUP BY " + key + ") " + derived;
        Source other = generator.table(generator.newAlias());
        String column = generator.ofKind(other.names(), Kind.INT);
        String join = generator.pick("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");
        String sql = "SELECT " + derived + ".n AS n, count(*) AS c, count(" + derived
                + ".v) AS d, sum(count(*)) OVER (ORDER BY "
                + derived + ".n NULLS LAST) AS r FROM " + groups + " " + join + " " + other.sql() + " ON " + derived
                + ".k = " + column;
        return sql + " GROUP BY " + derived + ".n" + (random(3) == 0 ? " HAVING count(*) > " + random(6) : "");
    }

    /** GROUPING SETS, ROLLUP and CUBE over a join, with FILTER and DISTINCT. */
    String groupingSets() {
        Source left = generator.table(generator.newAlias());
        Source right = generator.table(generator.newAlias());
        List<Name> names = new ArrayList<>(left.names());
        names.addAll(right.names());
        String a = generator.ofKind(left.names(), Kind.TEXT);
        String b = generator.ofKind(right.names(), Kind.INT);
        String c = generator.ofKind(left.names(), generator.pick(Kind.DATE, Kind.BOOL));
        String sets = generator.pick(
                "GROUPING SETS ((" + a + "), (" + b + "), ())",
                "GROUPING SETS ((" + a + ", " + b + "), (" + c + "))",
                "ROLLUP (" + a + ", " + b + ", " + c + ")",
                "CUBE (" + a + ", " + c + "), " + b,
                a + ", ROLLUP (" + b + ", " + c + ")");
        return "SELECT " + a + " AS a, " + b + " AS b, " + c + " AS c, " + generator.aggregate(names) + " AS x, "
                + generator.aggregate(names) + " AS y, grouping(" + a + ") AS g FROM " + left.sql() + " "
                + generator.pick("JOIN", "LEFT JOIN") + " " + right.sql() + " ON " + key(left, right) + " AND "
                + small(right)
                + " GROUP BY " + sets;
    }
}
