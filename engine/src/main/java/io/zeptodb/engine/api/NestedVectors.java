package io.zeptodb.engine.api;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * Single values of the vectors that {@link ArrowFields} describes, in the form of {@link NestedText}: for nested values, whose vectors have vectors inside. A
 * SYMBOL stands as text in them. Stateless.
 */
public final class NestedVectors {
    private NestedVectors() {}

    /** Writes a value to a row of a vector that is being filled row by row; null is NULL. */
    public static void write(FieldVector vector, int index, ColumnType type, @Nullable Object value) {
        if (value == null) {
            if (type.kind() != TypeKind.NULL) {
                vector.setNull(index);
            }
            return;
        }
        switch (type.kind()) {
            case NULL -> {}
            case BOOLEAN -> ((BitVector) vector).setSafe(index, (Boolean) value ? 1 : 0);
            case TINYINT -> ((TinyIntVector) vector).setSafe(index, ((Number) value).intValue());
            case SMALLINT -> ((SmallIntVector) vector).setSafe(index, ((Number) value).intValue());
            case INTEGER -> ((IntVector) vector).setSafe(index, ((Number) value).intValue());
            case BIGINT -> ((BigIntVector) vector).setSafe(index, ((Number) value).longValue());
            case REAL -> ((Float4Vector) vector).setSafe(index, ((Number) value).floatValue());
            case DOUBLE -> ((Float8Vector) vector).setSafe(index, ((Number) value).doubleValue());
            case DECIMAL -> ((DecimalVector) vector).setSafe(index, (BigDecimal) value);
            case VARCHAR, SYMBOL ->
                ((ViewVarCharVector) vector).setSafe(index, ((String) value).getBytes(StandardCharsets.UTF_8));
            case VARBINARY -> ((ViewVarBinaryVector) vector).setSafe(index, (byte[]) value);
            case DATE -> ((DateDayVector) vector).setSafe(index, ((Number) value).intValue());
            case TIME -> ((TimeNanoVector) vector).setSafe(index, ((Number) value).longValue());
            case TIMESTAMP -> ((TimeStampNanoVector) vector).setSafe(index, ((Number) value).longValue());
            case INTERVAL_DAY -> ((DurationVector) vector).setSafe(index, ((Number) value).longValue());
            case INTERVAL_MONTH -> ((IntervalYearVector) vector).setSafe(index, ((Number) value).intValue());
            case ARRAY -> writeArray((ListVector) vector, index, type.element(), (List<?>) value);
            case ROW -> writeRow((StructVector) vector, index, type, (List<?>) value);
        }
    }

    private static void writeArray(ListVector vector, int index, ColumnType element, List<?> values) {
        int start = vector.startNewValue(index);
        FieldVector elements = vector.getDataVector();
        for (int i = 0; i < values.size(); i++) {
            write(elements, start + i, element, values.get(i));
        }
        vector.endValue(index, values.size());
    }

    private static void writeRow(StructVector vector, int index, ColumnType type, List<?> values) {
        vector.setIndexDefined(index);
        for (int i = 0; i < values.size(); i++) {
            FieldVector field = (FieldVector) vector.getChildByOrdinal(i);
            write(field, index, type.fields().get(i).type(), values.get(i));
        }
    }

    /** The value of a row; null for NULL. */
    public static @Nullable Object read(FieldVector vector, int row, ColumnType type) {
        if (type.kind() == TypeKind.NULL || vector.isNull(row)) {
            return null;
        }
        return switch (type.kind()) {
            case ARRAY -> array((ListVector) vector, row, type.element());
            case ROW -> fields((StructVector) vector, row, type);
            case BOOLEAN -> ((BitVector) vector).get(row) != 0;
            case TINYINT -> (long) ((TinyIntVector) vector).get(row);
            case SMALLINT -> (long) ((SmallIntVector) vector).get(row);
            case INTEGER -> (long) ((IntVector) vector).get(row);
            case BIGINT -> ((BigIntVector) vector).get(row);
            case REAL -> (double) ((Float4Vector) vector).get(row);
            case DOUBLE -> ((Float8Vector) vector).get(row);
            case DECIMAL -> ((DecimalVector) vector).getObject(row);
            case VARCHAR, SYMBOL -> new String(((ViewVarCharVector) vector).get(row), StandardCharsets.UTF_8);
            case VARBINARY -> ((ViewVarBinaryVector) vector).get(row);
            case DATE -> (long) ((DateDayVector) vector).get(row);
            case TIME -> ((TimeNanoVector) vector).get(row);
            case TIMESTAMP -> ((TimeStampNanoVector) vector).get(row);
            case INTERVAL_DAY -> DurationVector.get(vector.getDataBuffer(), row);
            case INTERVAL_MONTH -> (long) vector.getDataBuffer().getInt((long) row * Integer.BYTES);
            case NULL -> null;
        };
    }

    private static List<@Nullable Object> array(ListVector vector, int row, ColumnType element) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
            values.add(read(vector.getDataVector(), i, element));
        }
        return values;
    }

    private static List<@Nullable Object> fields(StructVector vector, int row, ColumnType type) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < type.fields().size(); i++) {
            FieldVector field = (FieldVector) vector.getChildByOrdinal(i);
            values.add(read(field, row, type.fields().get(i).type()));
        }
        return values;
    }
}
