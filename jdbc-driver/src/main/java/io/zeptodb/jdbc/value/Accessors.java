package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/** Picks the accessor of a column by its type, and of symbols by their vector. */
final class Accessors {
    private Accessors() {}

    static ColumnAccessor create(ArrowCursor cursor, ResultColumn column, FieldVector vector) {
        return switch (column.type().kind()) {
            case NULL -> new NullAccessor(cursor, column);
            case BOOLEAN -> new BooleanAccessor(cursor, column);
            case TINYINT -> new IntegerAccessor.OfByte(cursor, column);
            case SMALLINT -> new IntegerAccessor.OfShort(cursor, column);
            case INTEGER -> new IntegerAccessor.OfInt(cursor, column);
            case BIGINT -> new IntegerAccessor.OfLong(cursor, column);
            case REAL -> new FloatingAccessor.OfFloat(cursor, column);
            case DOUBLE -> new FloatingAccessor.OfDouble(cursor, column);
            case DECIMAL -> new DecimalAccessor(cursor, column);
            // an engine gives symbols as codes of a dictionary, a server as text
            case VARCHAR, SYMBOL ->
                vector instanceof IntVector
                        ? new TextAccessor.OfSymbol(cursor, column)
                        : new TextAccessor.OfText(cursor, column);
            case VARBINARY -> new BinaryAccessor(cursor, column);
            case DATE -> new TemporalAccessor.OfDate(cursor, column);
            case TIME -> new TemporalAccessor.OfTime(cursor, column);
            case TIMESTAMP -> new TemporalAccessor.OfTimestamp(cursor, column);
            case INTERVAL_DAY -> new IntervalAccessor.OfDay(cursor, column);
            case INTERVAL_MONTH -> new IntervalAccessor.OfMonth(cursor, column);
            case ARRAY, ROW -> new NestedAccessor(cursor, column);
        };
    }
}
