package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Single values between columns and the objects of {@code Expression.Literal}: for constants and for edges, never for loops. */
public final class BoxedValues {
    private BoxedValues() {}

    /** Writes a value, or NULL, to a reserved row of a column that is not SYMBOL. */
    public static void write(WritableColumn column, int row, @Nullable Object value) {
        if (value == null) {
            writeNull(column, row);
            return;
        }
        switch (column.type().kind()) {
            case BOOLEAN -> column.setBoolean(row, (Boolean) value);
            case REAL, DOUBLE -> column.setDouble(row, ((Number) value).doubleValue());
            case DECIMAL -> column.setDecimal(row, (BigDecimal) value);
            case VARCHAR -> column.setText(row, (String) value);
            case VARBINARY, ARRAY, ROW -> column.setBytes(row, (byte[]) value);
            case NULL, SYMBOL ->
                throw new IllegalArgumentException("no value can be written to a column of type " + column.type());
            default -> column.setLong(row, ((Number) value).longValue());
        }
    }

    private static void writeNull(WritableColumn column, int row) {
        switch (column.type().kind()) {
            case NULL -> {}
            case BOOLEAN -> column.setBoolean(row, false);
            case REAL, DOUBLE -> column.setDouble(row, 0);
            case DECIMAL -> column.setDecimal(row, 0, 0);
            case VARCHAR, VARBINARY, ARRAY, ROW -> column.setBytes(row, new byte[0]);
            default -> column.setLong(row, 0);
        }
        column.setNull(row);
    }

    /** The value of a row; null for NULL. */
    public static @Nullable Object read(ColumnVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector.type().kind()) {
            case NULL -> null;
            case BOOLEAN -> vector.getBoolean(row);
            case REAL -> (double) vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            case DECIMAL -> vector.getDecimal(row);
            case VARCHAR, SYMBOL -> vector.getText(row);
            case VARBINARY, ARRAY, ROW -> vector.getBytes(row);
            default -> vector.getAsLong(row);
        };
    }
}
