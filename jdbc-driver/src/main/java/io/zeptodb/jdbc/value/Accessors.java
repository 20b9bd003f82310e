package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
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

/** Picks the accessor of a column by its vector. */
final class Accessors {
    private Accessors() {}

    static ColumnAccessor create(ArrowCursor cursor, ResultColumn column, FieldVector vector) {
        return switch (column.type().kind()) {
            case NULL -> new NullAccessor(cursor, column, vector);
            case BOOLEAN -> new BooleanAccessor(cursor, column, (BitVector) vector);
            case TINYINT -> new IntegerAccessor.OfByte(cursor, column, (TinyIntVector) vector);
            case SMALLINT -> new IntegerAccessor.OfShort(cursor, column, (SmallIntVector) vector);
            case INTEGER -> new IntegerAccessor.OfInt(cursor, column, (IntVector) vector);
            case BIGINT -> new IntegerAccessor.OfLong(cursor, column, (BigIntVector) vector);
            case REAL -> new FloatingAccessor.OfFloat(cursor, column, (Float4Vector) vector);
            case DOUBLE -> new FloatingAccessor.OfDouble(cursor, column, (Float8Vector) vector);
            case DECIMAL -> new DecimalAccessor(cursor, column, (DecimalVector) vector);
            // an engine gives symbols as codes of a dictionary, a server as text
            case VARCHAR, SYMBOL ->
                vector instanceof IntVector codes
                        ? new TextAccessor.OfSymbol(cursor, column, codes)
                        : new TextAccessor.OfText(cursor, column, (ViewVarCharVector) vector);
            case VARBINARY -> new BinaryAccessor(cursor, column, (ViewVarBinaryVector) vector);
            case DATE -> new TemporalAccessor.OfDate(cursor, column, (DateDayVector) vector);
            case TIME -> new TemporalAccessor.OfTime(cursor, column, (TimeNanoVector) vector);
            case TIMESTAMP -> new TemporalAccessor.OfTimestamp(cursor, column, (TimeStampNanoVector) vector);
            case INTERVAL_DAY -> new IntervalAccessor.OfDay(cursor, column, (DurationVector) vector);
            case INTERVAL_MONTH -> new IntervalAccessor.OfMonth(cursor, column, (IntervalYearVector) vector);
            case ARRAY, ROW -> new NestedAccessor(cursor, column, vector);
        };
    }
}
