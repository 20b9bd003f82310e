package io.zeptodb.duckdb;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Three tables of random rows with NULLs, duplicates and ties, as statements that both databases run. Doubles are multiples of a quarter, so
 * that sums are exact in any order.
 */
final class RandomTables {
    private static final String[] TEXTS = {
        "a", "b", "abc", "Abc", "banana", "", "Zürich", "c", "aaaa", "日本", "a long text beyond twelve bytes"
    };
    private static final int ROWS_A_STATEMENT = 50;

    private RandomTables() {}

    static List<QueryGenerator.Name> names(String table, String alias) {
        List<QueryGenerator.Name> names = new ArrayList<>();
        String[] columns = {"id", "i", "j", "d", "s", "k", "ts", "b", "n", "dt"};
        QueryGenerator.Kind[] kinds = {
            QueryGenerator.Kind.INT, QueryGenerator.Kind.INT, QueryGenerator.Kind.INT, QueryGenerator.Kind.DOUBLE,
            QueryGenerator.Kind.TEXT, QueryGenerator.Kind.TEXT, QueryGenerator.Kind.TIME, QueryGenerator.Kind.BOOL,
            QueryGenerator.Kind.DECIMAL, QueryGenerator.Kind.DATE
        };
        for (int i = 0; i < columns.length; i++) {
            names.add(new QueryGenerator.Name(alias + "." + columns[i], kinds[i]));
        }
        return names;
    }

    /** Statements for ZeptoDB; {@link #forDuckDb} says them to DuckDB. */
    static List<String> statements(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> statements = new ArrayList<>();
        int[] rows = {120, 60, 15};
        for (int t = 0; t < rows.length; t++) {
            String table = "t" + (t + 1);
            statements.add(
                    "CREATE TABLE " + table
                            + " (id INTEGER, i INTEGER, j BIGINT, d DOUBLE, s VARCHAR, k SYMBOL, ts TIMESTAMP, b BOOLEAN, n DECIMAL(9, 2), dt DATE)");
            for (int from = 0; from < rows[t]; from += ROWS_A_STATEMENT) {
                StringBuilder values = new StringBuilder();
                for (int row = from; row < Math.min(rows[t], from + ROWS_A_STATEMENT); row++) {
                    values.append(values.isEmpty() ? "" : ", ").append(row(random, row));
                }
                statements.add("INSERT INTO " + table + " VALUES " + values);
            }
        }
        return statements;
    }

    static String forDuckDb(String statement) {
        return statement.startsWith("CREATE") ? statement.replace(" SYMBOL", " VARCHAR") : statement;
    }

    private static String row(SplittableRandom random, int id) {
        return "(" + id
                + ", " + orNull(random, Integer.toString(random.nextInt(-5, 15)))
                + ", " + orNull(random, Integer.toString(random.nextInt(8)))
                + ", " + orNull(random, "CAST(" + random.nextInt(-20, 60) / 4.0 + " AS DOUBLE)")
                + ", " + orNull(random, "'" + TEXTS[random.nextInt(TEXTS.length)] + "'")
                + ", " + orNull(random, "'" + TEXTS[random.nextInt(4)] + "'")
                + ", "
                + orNull(
                        random,
                        "TIMESTAMP '2024-08-0" + (1 + random.nextInt(9)) + " 0" + random.nextInt(10) + ":"
                                + (10 + random.nextInt(50)) + ":00'")
                + ", " + orNull(random, random.nextBoolean() ? "TRUE" : "FALSE")
                + ", " + orNull(random, random.nextInt(-9, 40) + "." + random.nextInt(4) + "5")
                + ", " + orNull(random, "DATE '2024-08-0" + (1 + random.nextInt(9)) + "'") + ")";
    }

    private static String orNull(SplittableRandom random, String value) {
        return random.nextInt(7) == 0 ? "NULL" : value;
    }
}
