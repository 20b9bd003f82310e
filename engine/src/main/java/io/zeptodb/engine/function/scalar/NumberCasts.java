package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Conversions among integers, DECIMAL, REAL and DOUBLE; see {@link io.zeptodb.engine.function.Casts} for their rules. */
public final class NumberCasts {
    private static final double TWO_TO_63 = 0x1p63;
    /** Integers below it and powers of ten up to 10^22 are doubles, so that their quotient is rounded once. */
    private static final long EXACT_LONGS = 1L << 53;

    private static final int EXACT_POWERS = 22;

    private NumberCasts() {}

    public static @Nullable ScalarKernel find(ColumnType from, ColumnType to, boolean lenient) {
        TypeKind source = from.kind();
        return switch (to.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> toInteger(source, to, lenient);
            case REAL, DOUBLE -> toFloat(source, to.kind(), lenient);
            case DECIMAL -> toDecimal(from, to, lenient);
            default -> null;
        };
    }

    /** Converts one row; false when the value does not fit. */
    private interface RowCast {
        boolean convert(ColumnVector from, int row, WritableColumn result, Int128 scratch);
    }

    private static ScalarKernel rows(ColumnType to, boolean lenient, RowCast cast) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector from = arguments[0];
            Int128 scratch = new Int128();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!cast.convert(from, at, result, scratch)) {
                    if (!lenient && !from.isNull(at)) {
                        throw Failures.outOfRange(show(from, at), to);
                    }
                    result.setNull(at);
                }
            }
        };
    }

    /** A number as text, for messages. */
    static String show(ColumnVector vector, int row) {
        return switch (vector.type().kind()) {
            case REAL -> NumberText.format(vector.getFloat(row));
            case DOUBLE -> NumberText.format(vector.getDouble(row));
            case DECIMAL -> vector.getDecimal(row).toPlainString();
            default -> Long.toString(vector.getAsLong(row));
        };
    }

    // ---- to integers

    private static ScalarKernel toInteger(TypeKind source, ColumnType to, boolean lenient) {
        if (source == TypeKind.INTEGER && to.kind() == TypeKind.BIGINT) {
            return intToLong();
        }
        int unused = Long.SIZE - Byte.SIZE * to.width();
        if (source.isInteger()) {
            return rows(to, lenient, (from, row, result, scratch) -> put(from.getAsLong(row), unused, row, result));
        }
        if (source == TypeKind.DECIMAL) {
            return rows(to, lenient, (from, row, result, scratch) -> {
                scratch.load(from.viewAddress(row));
                scratch.rescale(-from.type().scale());
                return Int128.fitsLong(scratch.high(), scratch.low()) && put(scratch.low(), unused, row, result);
            });
        }
        return rows(to, lenient, (from, row, result, scratch) -> {
            double value = Math.rint(source == TypeKind.REAL ? from.getFloat(row) : from.getDouble(row));
            return value >= -TWO_TO_63 && value < TWO_TO_63 && put((long) value, unused, row, result);
        });
    }

    private static boolean put(long value, int unused, int row, WritableColumn result) {
        result.setLong(row, value);
        return value << unused >> unused == value;
    }

    private static ScalarKernel intToLong() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector from = arguments[0];
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putLong(out + ((long) at << 3), from.getInt(at));
            }
        };
    }

    // ---- to floating point

    private static ScalarKernel toFloat(TypeKind source, TypeKind target, boolean lenient) {
        if (target == TypeKind.DOUBLE && source == TypeKind.BIGINT) {
            return longToDouble();
        }
        ColumnType to = target == TypeKind.REAL ? ColumnType.REAL : ColumnType.DOUBLE;
        if (source == TypeKind.DECIMAL) {
            return rows(to, lenient, (from, row, result, scratch) -> {
                result.setDouble(row, decimalToDouble(from, row));
                return true;
            });
        }
        if (source == TypeKind.DOUBLE && target == TypeKind.REAL) {
            return rows(to, lenient, (from, row, result, scratch) -> {
                double value = from.getDouble(row);
                result.setDouble(row, value);
                return Float.isInfinite((float) value) == Double.isInfinite(value);
            });
        }
        if (source == TypeKind.REAL || source == TypeKind.DOUBLE) {
            return rows(to, lenient, (from, row, result, scratch) -> {
                result.setDouble(row, source == TypeKind.REAL ? from.getFloat(row) : from.getDouble(row));
                return true;
            });
        }
        return rows(to, lenient, (from, row, result, scratch) -> {
            long value = from.getAsLong(row);
            if (target == TypeKind.REAL) {
                // by way of a double it would be rounded twice
                Memory.putFloat(result.data() + ((long) row << 2), (float) value);
            } else {
                result.setDouble(row, value);
            }
            return true;
        });
    }

    private static ScalarKernel longToDouble() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector from = arguments[0];
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putDouble(out + ((long) at << 3), from.getLong(at));
            }
        };
    }

    /** The double nearest to a DECIMAL. */
    static double decimalToDouble(ColumnVector from, int row) {
        long low = from.getDecimalLow(row);
        int scale = from.type().scale();
        boolean exact = Int128.fitsLong(from.getDecimalHigh(row), low)
                && low <= EXACT_LONGS
                && low >= -EXACT_LONGS
                && scale <= EXACT_POWERS;
        if (!exact) {
            return from.getDecimal(row).doubleValue();
        }
        // 10^22 needs 74 bits but is a double: read it as one
        double power = scale <= 18
                ? Int128.powerOfTenLow(scale)
                : Int128.toDouble(Int128.powerOfTenHigh(scale), Int128.powerOfTenLow(scale));
        return low / power;
    }

    // ---- to DECIMAL

    private static ScalarKernel toDecimal(ColumnType from, ColumnType to, boolean lenient) {
        int precision = to.precision();
        int scale = to.scale();
        if (from.kind() == TypeKind.DECIMAL) {
            int places = scale - from.scale();
            return rows(to, lenient, (vector, row, result, scratch) -> {
                scratch.load(vector.viewAddress(row));
                return !scratch.rescale(places) && store(scratch, precision, row, result);
            });
        }
        if (from.kind().isInteger()) {
            return rows(to, lenient, (vector, row, result, scratch) -> {
                scratch.set(vector.getAsLong(row));
                return !scratch.rescale(scale) && store(scratch, precision, row, result);
            });
        }
        boolean real = from.kind() == TypeKind.REAL;
        return rows(to, lenient, (vector, row, result, scratch) -> {
            double value = real ? vector.getFloat(row) : vector.getDouble(row);
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                return false;
            }
            String text = real ? NumberText.format(vector.getFloat(row)) : NumberText.format(value);
            return put(new BigDecimal(text), to, row, result);
        });
    }

    private static boolean store(Int128 value, int precision, int row, WritableColumn result) {
        value.store(result.data() + ((long) row << 4));
        return Int128.fitsPrecision(value.high(), value.low(), precision);
    }

    /** Rounds to the type's scale and writes; false when it has too many digits. */
    static boolean put(BigDecimal value, ColumnType to, int row, WritableColumn result) {
        // a number far outside, or next to zero, is not to be written out in digits
        if (value.signum() != 0 && value.precision() - value.scale() > to.precision() - to.scale() + 1) {
            return false;
        }
        boolean tiny = value.scale() - value.precision() > to.scale() + 1;
        BigDecimal scaled = value.signum() == 0 || tiny
                ? BigDecimal.ZERO.setScale(to.scale())
                : value.setScale(to.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > to.precision()) {
            return false;
        }
        BigInteger unscaled = scaled.unscaledValue();
        result.setDecimal(row, unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
        return true;
    }
}
