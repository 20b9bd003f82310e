package io.zeptodb.jdbc.append;

import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** The classes of values that the engine tells apart, and the Arrow type of a column of them. */
enum ValueKind {
    /** The parameter was not set. */
    UNSET(null),
    NULL(null),
    BOOLEAN(ArrowType.Bool.INSTANCE),
    BYTE(new ArrowType.Int(Byte.SIZE, true)),
    SHORT(new ArrowType.Int(Short.SIZE, true)),
    INT(new ArrowType.Int(Integer.SIZE, true)),
    LONG(new ArrowType.Int(Long.SIZE, true)),
    FLOAT(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
    DOUBLE(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
    /** The scale is the column's. */
    DECIMAL(null),
    TEXT(ArrowType.Utf8.INSTANCE),
    BYTES(ArrowType.Binary.INSTANCE),
    /** Days since 1970. */
    DATE(new ArrowType.Date(DateUnit.DAY)),
    /** Nanoseconds of the day. */
    TIME(new ArrowType.Time(TimeUnit.NANOSECOND, Long.SIZE)),
    /** Nanoseconds since 1970. */
    TIMESTAMP(new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
    /** What no column is made of: an interval, a time out of range, something that the engine will refuse. */
    OTHER(null);

    private final @Nullable ArrowType arrowType;

    ValueKind(@Nullable ArrowType arrowType) {
        this.arrowType = arrowType;
    }

    /** Null where a type alone does not say it. */
    @Nullable
    ArrowType arrowType() {
        return arrowType;
    }

    /** Whether values have no width of their own. */
    boolean isVariable() {
        return this == TEXT || this == BYTES;
    }
}
