package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/**
 * Values as longs that compare as the values do: equal values have equal keys. For BOOLEAN, integers, floats (NaN greatest and one, the zeros
 * one), dates, times, intervals; of a SYMBOL it is the code, which knows equality only.
 */
final class OrderKeys {
    private OrderKeys() {}

    static boolean has(TypeKind kind) {
        return switch (kind) {
            case NULL, DECIMAL, VARCHAR, VARBINARY, ARRAY, ROW -> false;
            default -> true;
        };
    }

    static long of(double value) {
        // doubleToLongBits makes every NaN the positive one; adding 0.0 makes -0.0 positive
        return Selects.orderKey(Double.longBitsToDouble(Double.doubleToLongBits(value + 0.0)));
    }

    /** Writes the key of the i-th position to {@code keys[i]}. */
    static void load(ColumnVector vector, int @Nullable [] in, int count, long[] keys) {
        int mask = vector.mask();
        long data = vector.data();
        switch (vector.type().kind()) {
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    int at = (in == null ? i : in[i]) & mask;
                    keys[i] = of(Memory.getDouble(data + ((long) at << 3)));
                }
            }
            case REAL -> {
                for (int i = 0; i < count; i++) {
                    int at = (in == null ? i : in[i]) & mask;
                    keys[i] = of(Memory.getFloat(data + ((long) at << 2)));
                }
            }
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = 0; i < count; i++) {
                    int at = (in == null ? i : in[i]) & mask;
                    keys[i] = Memory.getLong(data + ((long) at << 3));
                }
            }
            case INTEGER, DATE, SYMBOL, INTERVAL_MONTH -> {
                for (int i = 0; i < count; i++) {
                    int at = (in == null ? i : in[i]) & mask;
                    keys[i] = Memory.getInt(data + ((long) at << 2));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    keys[i] = vector.getAsLong(in == null ? i : in[i]);
                }
            }
        }
    }
}
