package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.value.JdbcTypes;
import io.zeptodb.jdbc.value.NestedAccessor;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * In which form values travel in Avatica's frames. The protocol itself carries times as milliseconds; our own driver asks for {@link
 * #EXACT} when it connects, where they are nanoseconds and nothing is lost. Avatica's own driver gets what it understands.
 */
public enum WireFormat {
    /** For our own driver: every value as it is stored; times and intervals as numbers of nanoseconds or months, nested values as bytes. */
    EXACT,
    /** For Avatica's driver over protobuf: times as milliseconds, rounded towards the past; intervals and nested values as text. */
    PROTOBUF,
    /** As {@link #PROTOBUF}; JSON has no NaN, and infinity only as a number that is too large. */
    JSON;

    /** The property with which a connection asks for {@link #EXACT}; its value is the format's name. */
    public static final String PROPERTY = "zepto_wire_format";

    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final int MILLI_DIGITS = 3;
    /** Of a number, or around a text. */
    private static final long FIXED_BYTES = 16;
    /** Reads back as a double's infinity. */
    private static final BigDecimal ABOVE_DOUBLES = new BigDecimal("1e400");

    /** How Avatica shall describe a column. */
    ColumnMetaData describe(int ordinal, ResultColumn column) {
        ColumnType type = column.type();
        if (type.kind().isNested() && this != EXACT) {
            ResultColumn text = new ResultColumn(
                    column.label(), ColumnType.VARCHAR, column.nullable(), column.table(), column.column());
            return describe(ordinal, text);
        }
        return JdbcTypes.columnMetaData(ordinal, column, rep(type), precision(type));
    }

    private int precision(ColumnType type) {
        return switch (type.kind()) {
            case DECIMAL -> type.precision();
            case TIME, TIMESTAMP -> this == EXACT ? type.precision() : Math.min(type.precision(), MILLI_DIGITS);
            default -> this == EXACT ? 0 : JdbcTypes.precision(type);
        };
    }

    private Rep rep(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> Rep.OBJECT;
            case BOOLEAN -> Rep.BOOLEAN;
            case TINYINT, SMALLINT, INTEGER, DATE -> Rep.INTEGER;
            case BIGINT, TIMESTAMP -> Rep.LONG;
            case REAL -> Rep.FLOAT;
            case DOUBLE -> Rep.DOUBLE;
            case DECIMAL -> Rep.NUMBER;
            case VARCHAR, SYMBOL -> Rep.STRING;
            case VARBINARY, ARRAY, ROW -> Rep.BYTE_STRING;
            case TIME -> this == EXACT ? Rep.LONG : Rep.INTEGER;
            case INTERVAL_DAY, INTERVAL_MONTH -> this == EXACT ? Rep.LONG : Rep.STRING;
        };
    }

    /** The value of the current row, null for NULL. */
    @Nullable
    Object value(ResultColumn column, Cursor.Accessor accessor) throws SQLException {
        return switch (column.type().kind()) {
            case DATE -> unlessNull(accessor, (int) accessor.getLong());
            case TIME -> time(accessor);
            case TIMESTAMP -> timestamp(accessor);
            case INTERVAL_DAY, INTERVAL_MONTH ->
                this == EXACT ? unlessNull(accessor, accessor.getLong()) : accessor.getString();
            case ARRAY, ROW -> nested(column.type(), accessor);
            case REAL, DOUBLE -> this == JSON ? jsonNumber(column, accessor) : accessor.getObject();
            default -> accessor.getObject();
        };
    }

    /** About what a value of {@link #value} takes on its way. */
    static long bytes(@Nullable Object value) {
        if (value instanceof String text) {
            return FIXED_BYTES + text.length();
        }
        return value instanceof byte[] bytes ? FIXED_BYTES + bytes.length : FIXED_BYTES;
    }

    private @Nullable Object nested(ColumnType type, Cursor.Accessor accessor) throws SQLException {
        if (this != EXACT) {
            return accessor.getString();
        }
        Object value = ((NestedAccessor) accessor).getValue();
        return value == null ? null : NestedWire.encode(type, value);
    }

    private @Nullable Object time(Cursor.Accessor accessor) throws SQLException {
        long nanos = accessor.getLong();
        return this == EXACT
                ? unlessNull(accessor, nanos)
                : unlessNull(accessor, Math.toIntExact(nanos / NANOS_PER_MILLI));
    }

    private @Nullable Object timestamp(Cursor.Accessor accessor) throws SQLException {
        long nanos = accessor.getLong();
        return unlessNull(accessor, this == EXACT ? nanos : Math.floorDiv(nanos, NANOS_PER_MILLI));
    }

    private static @Nullable Object jsonNumber(ResultColumn column, Cursor.Accessor accessor) throws SQLException {
        Object value = accessor.getObject();
        if (value == null) {
            return null;
        }
        double number = ((Number) value).doubleValue();
        if (Double.isNaN(number)) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "column '" + column.label()
                            + "' holds NaN, which JSON cannot carry: connect with serialization=protobuf");
        }
        return Double.isInfinite(number) ? (number > 0 ? ABOVE_DOUBLES : ABOVE_DOUBLES.negate()) : value;
    }

    private static @Nullable Object unlessNull(Cursor.Accessor accessor, Object value) throws SQLException {
        return accessor.wasNull() ? null : value;
    }
}
