package io.zeptodb.bench.tpch;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, read through JDBC.
 *
 * @param rows texts and numbers, in the order they came
 */
record TpchAnswer(List<List<@Nullable Object>> rows) {
    /** Decimals of one database are doubles of the other: averages, and quotients. */
    private static final double ROUNDING = 1e-6;

    static TpchAnswer of(Connection connection, String sql) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<@Nullable Object> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    Object value = result.getObject(i);
                    row.add(value == null || value instanceof Number ? value : result.getString(i));
                }
                rows.add(row);
            }
        }
        return new TpchAnswer(rows);
    }

    /** Where this answer differs from the expected one; null when it does not. */
    @Nullable
    String difference(TpchAnswer expected) {
        if (rows.size() != expected.rows.size()) {
            return rows.size() + " rows instead of " + expected.rows.size();
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!same(rows.get(i), expected.rows.get(i))) {
                return "row " + (i + 1) + " is " + rows.get(i) + " instead of " + expected.rows.get(i);
            }
        }
        return null;
    }

    private static boolean same(List<@Nullable Object> actual, List<@Nullable Object> expected) {
        boolean same = actual.size() == expected.size();
        for (int i = 0; same && i < actual.size(); i++) {
            same = same(actual.get(i), expected.get(i));
        }
        return same;
    }

    private static boolean same(@Nullable Object actual, @Nullable Object expected) {
        if (!(actual instanceof Number) || !(expected instanceof Number)) {
            return actual == null ? expected == null : actual.equals(expected);
        }
        BigDecimal a = new BigDecimal(actual.toString());
        BigDecimal b = new BigDecimal(expected.toString());
        boolean exact = !(actual instanceof Double) && !(expected instanceof Double);
        if (exact) {
            return a.compareTo(b) == 0;
        }
        return Math.abs(a.doubleValue() - b.doubleValue()) <= ROUNDING * Math.max(Math.abs(b.doubleValue()), ROUNDING);
    }
}
