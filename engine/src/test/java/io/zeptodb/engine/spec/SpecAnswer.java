package io.zeptodb.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedText;
import io.zeptodb.engine.api.NestedVectors;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TypeKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Runs a query and writes its rows as text. */
public final class SpecAnswer {
    private static final long NANOS = 1_000_000_000L;

    private SpecAnswer() {}

    public static List<String> rows(Session session, String sql) {
        List<String> rows = new ArrayList<>();
        try (io.zeptodb.engine.api.PreparedQuery query = session.prepare(sql);
                BatchCursor cursor = query.query(List.of(), io.zeptodb.engine.api.ExecutionOptions.DEFAULT)) {
            while (cursor.next()) {
                VectorSchemaRoot batch = cursor.batch();
                for (int row = 0; row < batch.getRowCount(); row++) {
                    StringBuilder text = new StringBuilder();
                    for (int i = 0; i < cursor.columns().size(); i++) {
                        text.append(i == 0 ? "" : "\t").append(SpecValues.text(value(cursor, batch, i, row)));
                    }
                    rows.add(text.toString());
                }
            }
        }
        return rows;
    }

    static void checkTypes(Session session, SpecRecord record) {
        try (io.zeptodb.engine.api.PreparedQuery query = session.prepare(record.sql())) {
            StringBuilder letters = new StringBuilder();
            for (ResultColumn column : query.columns()) {
                TypeKind kind = column.type().kind();
                letters.append(kind.isInteger() ? 'I' : kind.isNumeric() ? 'R' : 'T');
            }
            assertEquals(record.types(), letters.toString(), record.name() + ": types of the columns");
        }
    }

    static @Nullable Object value(BatchCursor cursor, VectorSchemaRoot batch, int column, int row) {
        FieldVector vector = batch.getVector(column);
        ColumnType type = cursor.columns().get(column).type();
        if (type.kind() == TypeKind.NULL || vector.isNull(row)) {
            return null;
        }
        return switch (type.kind()) {
            case ARRAY, ROW -> NestedText.format(type, NestedVectors.read(vector, row, type));
            case SYMBOL ->
                cursor.dictionaries()
                        .lookup(column)
                        .getVector()
                        .getObject(((IntVector) vector).get(row))
                        .toString();
            case VARBINARY -> "\\x" + HexFormat.of().formatHex((byte[]) vector.getObject(row));
            case DATE -> LocalDate.ofEpochDay((int) vector.getObject(row)).toString();
            case TIME -> time(((Number) vector.getObject(row)).longValue());
            case TIMESTAMP -> timestamp(vector.getDataBuffer().getLong((long) row * Long.BYTES));
            case INTERVAL_DAY -> vector.getDataBuffer().getLong((long) row * Long.BYTES) + " ns";
            case INTERVAL_MONTH -> vector.getDataBuffer().getInt((long) row * Integer.BYTES) + " months";
            case BIGINT -> ((BigIntVector) vector).get(row);
            default -> vector.getObject(row);
        };
    }

    /** {@code 00:05:04.525430833}, without zeros at the end of the fraction. */
    private static String time(long nanosOfDay) {
        return timestamp(nanosOfDay).substring("1970-01-01 ".length());
    }

    /** {@code 2024-08-09 00:05:04.525430833}, without a fraction that is zero. */
    public static String timestamp(long nanos) {
        Instant instant = Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
        LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        String seconds = local.withNano(0).format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss"));
        if (local.getNano() == 0) {
            return seconds;
        }
        String fraction =
                String.format(java.util.Locale.ROOT, "%09d", local.getNano()).replaceAll("0+$", "");
        return seconds + "." + fraction;
    }
}
