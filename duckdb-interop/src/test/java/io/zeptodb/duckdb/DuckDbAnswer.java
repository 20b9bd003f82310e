package io.zeptodb.duckdb;

import io.zeptodb.engine.spec.SpecValues;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a query in DuckDB and writes its rows as the spec runner writes ours. */
final class DuckDbAnswer {
    private static final long NANOS = 1_000_000_000L;

    private DuckDbAnswer() {}

    static List<String> rows(Connection duck, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : "\t").append(text(result, i));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    /** As {@link #rows}; null for a query that is not valid there, so that DuckDB is no judge of it. */
    static @Nullable List<String> rowsIfValid(Connection duck, String sql) {
        try {
            return rows(duck, sql);
        } catch (SQLException e) {
            return null;
        }
    }

    /** A letter for each column, as the spec files have them. */
    static String types(Connection duck, String sql) throws SQLException {
        StringBuilder letters = new StringBuilder();
        try (Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                String type = result.getMetaData().getColumnTypeName(i);
                boolean real = type.equals("DOUBLE") || type.equals("FLOAT") || type.startsWith("DECIMAL");
                letters.append(type.endsWith("INT") || type.endsWith("INTEGER") ? 'I' : real ? 'R' : 'T');
            }
        }
        return letters.toString();
    }

    private static String text(ResultSet result, int column) throws SQLException {
        String type = result.getMetaData().getColumnTypeName(column);
        if (type.startsWith("TIMESTAMP")) {
            LocalDateTime time = result.getObject(column, LocalDateTime.class);
            return time == null
                    ? "NULL"
                    : io.zeptodb.engine.spec.SpecAnswer.timestamp(
                            time.toEpochSecond(ZoneOffset.UTC) * NANOS + time.getNano());
        }
        Object value = result.getObject(column);
        if (value instanceof java.sql.Blob || value instanceof byte[]) {
            return "\\x" + java.util.HexFormat.of().formatHex(result.getBytes(column));
        }
        if (value instanceof LocalTime time) {
            // LocalTime leaves out seconds that are zero
            return time.getSecond() == 0 && time.getNano() == 0 ? time + ":00" : time.toString();
        }
        return SpecValues.text(value);
    }
}
