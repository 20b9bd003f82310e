package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values inside arrays and rows as the objects that getObject gives of a column of their type. */
final class NestedObjects {
    private NestedObjects() {}

    /**
     * @param value in the form of {@link io.zeptodb.engine.api.NestedText}
     * @param arrayRows makes result sets of arrays; null where nobody asks for them
     */
    static @Nullable Object of(ColumnType type, @Nullable Object value, @Nullable ArrayRows arrayRows) {
        if (value == null) {
            return null;
        }
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER -> ((Long) value).intValue();
            case REAL -> ((Double) value).floatValue();
            case DATE -> WallClock.date((Long) value, null);
            case TIME -> WallClock.time((Long) value, null);
            case TIMESTAMP -> WallClock.timestamp((Long) value, null);
            case INTERVAL_DAY -> Duration.ofNanos((Long) value);
            case INTERVAL_MONTH -> Period.ofMonths(((Long) value).intValue()).normalized();
            case ARRAY -> new ArrayValue(type, (List<?>) value, arrayRows);
            case ROW -> new StructValue(type, (List<?>) value, arrayRows);
            default -> value;
        };
    }
}
