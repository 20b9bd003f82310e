package io.zeptodb.jdbc.append;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** The classes of values that the engine tells apart, and the Arrow type of a column of them. */
enum ValueKind {
    /** The parameter was not set. */
    UNSET(0, null),
    NULL(0, null),
    BOOLEAN(1, ArrowType.Bool.INSTANCE),
    BYTE(Byte.BYTES, new ArrowType.Int(Byte.SIZE, true)),
    SHORT(Short.BYTES, new ArrowType.Int(Short.SIZE, true)),
    INT(Integer.BYTES, new ArrowType.Int(Integer.SIZE, true)),
    LONG(Long.BYTES, new ArrowType.Int(Long.SIZE, true)),
    FLOAT(Float.BYTES, new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
    DOUBLE(Double.BYTES, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
    /** The scale is the column's. */
    DECIMAL(2 * Long.BYTES, null),
    TEXT(Integer.BYTES, ArrowType.Utf8.INSTANCE),
    BYTES(Integer.BYTES, ArrowType.Binary.INSTANCE),
    /** Days since 1970. */
    DATE(Integer.BYTES, new ArrowType.Date(DateUnit.DAY)),
    /** Nanoseconds of the day. */
    TIME(Long.BYTES, new ArrowType.Time(TimeUnit.NANOSECOND, Long.SIZE)),
    /** Nanoseconds since 1970. */
    TIMESTAMP(Long.BYTES, new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
    /** What no column is made of: an interval, a time out of range, something that the engine will refuse. */
    OTHER(0, null);

    private final int width;
    private final @Nullable ArrowType arrowType;
    private final boolean variable;

    ValueKind(int width, @Nullable ArrowType arrowType) {
        this.width = width;
        this.variable = arrowType instanceof ArrowType.Utf8 || arrowType instanceof ArrowType.Binary;
        this.arrowType = arrowType;
    }

    /** Bytes of a value before it is in an Arrow vector; of one that has no width of its own, bytes of its place. */
    int width() {
        return width;
    }

    /** Null where a type alone does not say it. */
    @Nullable
    ArrowType arrowType() {
        return arrowType;
    }

    /** Whether values have no width of their own. */
    boolean isVariable() {
        return variable;
    }
}
