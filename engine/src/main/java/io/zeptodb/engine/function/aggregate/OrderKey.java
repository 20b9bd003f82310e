package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.kernel.Memory;

/** Values of most types as longs that compare as the values do. */
final class OrderKey {
    private static final long MAGNITUDE = Long.MAX_VALUE;

    private OrderKey() {}

    /** The long of a double: NaN is the greatest, -0.0 equals 0.0. */
    static long of(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ ((bits >> 63) & MAGNITUDE);
    }

    /** The double of a long that {@link #of(double)} gave. */
    static double toDouble(long key) {
        return Double.longBitsToDouble(key ^ ((key >> 63) & MAGNITUDE));
    }

    /** The long of a row that is not NULL. */
    static long at(ColumnVector vector, int row) {
        TypeKind kind = vector.type().kind();
        return switch (kind) {
            case TIMESTAMP, BIGINT -> Memory.getLong(vector.data() + ((long) (row & vector.mask()) << 3));
            case DOUBLE -> of(vector.getDouble(row));
            case REAL -> of(vector.getFloat(row));
            default -> vector.getAsLong(row);
        };
    }
}
