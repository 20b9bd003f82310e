package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Longs that do not descend where the values do not: a greater value has an equal or a greater key. Numbers, dates and times of 64 bits have one
 * each; of a text it is the first eight bytes, of a DECIMAL beyond 64 bits the nearest long. NaN has the greatest key, the zeros have one. Stateless.
 */
public final class OrderKeys {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);

    private OrderKeys() {}

    /** The key of a row that is not NULL. */
    public static long of(ColumnVector column, int row) {
        return switch (column.type().kind()) {
            case REAL -> ofDouble(column.getFloat(row));
            case DOUBLE -> ofDouble(column.getDouble(row));
            case DECIMAL -> ofDecimal(column.getDecimalHigh(row), column.getDecimalLow(row));
            case SYMBOL -> ofView(column.requireDictionary().values(), column.getInt(row));
            case VARCHAR, VARBINARY -> ofView(column, row);
            default -> column.getAsLong(row);
        };
    }

    /** The key of a constant in the representation of plans: Boolean, Long, Double, BigDecimal of the column's scale, String, byte[]. */
    public static long of(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        } else if (value instanceof Double number) {
            return ofDouble(number);
        } else if (value instanceof BigDecimal number) {
            return number.unscaledValue().max(LEAST).min(GREATEST).longValue();
        } else if (value instanceof String text) {
            return ofBytes(text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof byte[] bytes) {
            return ofBytes(bytes);
        }
        return ((Number) value).longValue();
    }

    private static long ofDouble(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE);
    }

    private static long ofDecimal(long high, long low) {
        if (high == low >> (Long.SIZE - 1)) {
            return low;
        }
        return high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private static long ofView(ColumnVector views, int row) {
        int length = Math.min(views.viewLength(row), Long.BYTES);
        long at = views.viewBytes(row);
        if (length == Long.BYTES) {
            return Long.reverseBytes(Memory.getLong(at)) ^ Long.MIN_VALUE;
        }
        long key = 0;
        for (int i = 0; i < length; i++) {
            key |= (Memory.getByte(at + i) & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
        }
        return key ^ Long.MIN_VALUE;
    }

    private static long ofBytes(byte[] bytes) {
        long key = 0;
        for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
            key |= (bytes[i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i + 1));
        }
        return key ^ Long.MIN_VALUE;
    }
}
