package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Values as longs that have the values' order: what lets one loop compare times, numbers and dates. -0.0 and 0.0 become equal, NaN is
 * the greatest. What a NULL becomes means nothing. Stateless.
 */
final class OrderedLongs {
    private OrderedLongs() {}

    /** The long of a double; {@link #toDouble} leads back. */
    static long of(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE);
    }

    static double toDouble(long ordered) {
        return Double.longBitsToDouble(ordered ^ ((ordered >> (Long.SIZE - 1)) & Long.MAX_VALUE));
    }

    /**
     * Writes the longs of positions [from, from + count) to {@code out[0, count)}.
     *
     * @param vector of numbers, dates or times; a DECIMAL must fit 64 bits
     * @param what names the value in the error, e.g. "as-of time"
     * @throws EngineException FEATURE_NOT_SUPPORTED for kinds without such longs
     */
    static void encode(ColumnVector vector, int from, int count, long[] out, String what) {
        int mask = vector.mask();
        long data = vector.data();
        switch (vector.type().kind()) {
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Memory.getLong(data + ((long) ((from + i) & mask) << 3));
                }
            }
            case INTEGER, DATE, INTERVAL_MONTH -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Memory.getInt(data + ((long) ((from + i) & mask) << 2));
                }
            }
            case SMALLINT -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Memory.getShort(data + ((long) ((from + i) & mask) << 1));
                }
            }
            case TINYINT -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Memory.getByte(data + ((from + i) & mask));
                }
            }
            case BOOLEAN -> {
                for (int i = 0; i < count; i++) {
                    out[i] = Memory.getBit(data, (from + i) & mask) ? 1 : 0;
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    out[i] = of(Memory.getDouble(data + ((long) ((from + i) & mask) << 3)));
                }
            }
            case REAL -> {
                for (int i = 0; i < count; i++) {
                    out[i] = of(Memory.getFloat(data + ((long) ((from + i) & mask) << 2)));
                }
            }
            case DECIMAL -> {
                for (int i = 0; i < count; i++) {
                    out[i] = decimal(vector, from + i, what);
                }
            }
            default ->
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        what + " cannot be of type " + vector.type()
                                + ": it must be a number, date, time or timestamp");
        }
    }

    /** Writes the longs of the positions that count, each at its position; the others may be written too. */
    static void encode(
            ColumnVector vector, @Nullable SelectionVector selection, int rowCount, long[] out, String what) {
        if (vector.type().kind() != TypeKind.DECIMAL || selection == null) {
            encode(vector, 0, rowCount, out, what);
            return;
        }
        // a position that does not count may hold a number that does not fit
        for (int i = 0; i < selection.count(); i++) {
            int position = selection.positions()[i];
            out[position] = decimal(vector, position, what);
        }
    }

    private static long decimal(ColumnVector vector, int row, String what) {
        long low = vector.getDecimalLow(row);
        boolean fits = vector.getDecimalHigh(row) == low >> (Long.SIZE - 1);
        if (!fits && !vector.isNull(row)) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    what + " of type " + vector.type() + " must fit 64 bits, got " + vector.getDecimal(row)
                            + " (cast it to DOUBLE)");
        }
        return low;
    }
}
