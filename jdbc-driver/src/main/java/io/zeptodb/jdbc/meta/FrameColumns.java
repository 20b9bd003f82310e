package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NestedVectors;
import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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

/** Fills Arrow vectors with the values of frames, which are in {@link WireFormat#EXACT}. */
final class FrameColumns {
    private FrameColumns() {}

    /** Writes one value, which is not null, at a row. */
    private interface Writer {
        void write(int row, Object value);
    }

    /** Text is often that of the row before: it is encoded once. */
    private static final class TextWriter implements Writer {
        private final ViewVarCharVector vector;
        private String last = "";
        private byte[] encoded = new byte[0];

        TextWriter(ViewVarCharVector vector) {
            this.vector = vector;
        }

        @Override
        public void write(int row, Object value) {
            String text = (String) value;
            if (!text.equals(last)) {
                last = text;
                encoded = text.getBytes(StandardCharsets.UTF_8);
            }
            vector.setSafe(row, encoded);
        }
    }

    /** Fills an empty vector with column {@code index} of the rows. */
    static void fill(FieldVector vector, ResultColumn column, List<List<?>> rows, int index) {
        vector.setInitialCapacity(rows.size());
        vector.allocateNew();
        Writer writer = writer(vector, column);
        try {
            for (int row = 0; row < rows.size(); row++) {
                Object value = rows.get(row).get(index);
                if (value != null) {
                    writer.write(row, value);
                }
            }
        } catch (ClassCastException e) {
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    "the server sent a value of column '" + column.label() + "' that is no " + column.type()
                            + ": it speaks another version of the protocol",
                    e);
        }
        vector.setValueCount(rows.size());
    }

    private static Writer writer(FieldVector vector, ResultColumn column) {
        return switch (column.type().kind()) {
            case NULL -> (row, value) -> {};
            case BOOLEAN -> (row, value) -> ((BitVector) vector).setSafe(row, (Boolean) value ? 1 : 0);
            case TINYINT -> (row, value) -> ((TinyIntVector) vector).setSafe(row, ((Number) value).intValue());
            case SMALLINT -> (row, value) -> ((SmallIntVector) vector).setSafe(row, ((Number) value).intValue());
            case INTEGER -> (row, value) -> ((IntVector) vector).setSafe(row, ((Number) value).intValue());
            case BIGINT -> (row, value) -> ((BigIntVector) vector).setSafe(row, ((Number) value).longValue());
            case REAL -> (row, value) -> ((Float4Vector) vector).setSafe(row, ((Number) value).floatValue());
            case DOUBLE -> (row, value) -> ((Float8Vector) vector).setSafe(row, ((Number) value).doubleValue());
            case DECIMAL -> (row, value) -> ((DecimalVector) vector).setSafe(row, (BigDecimal) value);
            case VARCHAR, SYMBOL -> new TextWriter((ViewVarCharVector) vector);
            case VARBINARY -> (row, value) -> ((ViewVarBinaryVector) vector).setSafe(row, (byte[]) value);
            case DATE -> (row, value) -> ((DateDayVector) vector).setSafe(row, ((Number) value).intValue());
            case TIME -> (row, value) -> ((TimeNanoVector) vector).setSafe(row, ((Number) value).longValue());
            case TIMESTAMP -> (row, value) -> ((TimeStampNanoVector) vector).setSafe(row, ((Number) value).longValue());
            case INTERVAL_DAY -> (row, value) -> ((DurationVector) vector).setSafe(row, ((Number) value).longValue());
            case INTERVAL_MONTH ->
                (row, value) -> ((IntervalYearVector) vector).setSafe(row, ((Number) value).intValue());
            case ARRAY, ROW ->
                (row, value) -> NestedVectors.write(
                        vector, row, column.type(), NestedWire.decode(column.type(), (byte[]) value));
        };
    }
}
