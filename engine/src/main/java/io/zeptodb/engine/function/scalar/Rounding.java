package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** round, trunc, floor and ceil, with or without a number of places, on integers, DECIMAL and DOUBLE. */
final class Rounding {
    private static final int MOST_PLACES = 400;
    private static final int MOST_LONG_PLACES = 18;
    private static final int MOST_EXACT_PLACES = 22;

    private Rounding() {}

    /** Which of two neighbours. */
    private enum Mode {
        NEAREST,
        TOWARD_ZERO,
        DOWN,
        UP
    }

    static @Nullable ScalarFunction of(Call call) {
        Mode mode = switch (call.name()) {
            case "round" -> Mode.NEAREST;
            case "trunc" -> Mode.TOWARD_ZERO;
            case "floor" -> Mode.DOWN;
            default -> Mode.UP;
        };
        boolean takesPlaces = mode == Mode.NEAREST || mode == Mode.TOWARD_ZERO;
        if (call.count() == 1) {
            return whole(call, mode);
        }
        return call.count() == 2 && takesPlaces ? places(call, mode) : null;
    }

    private static @Nullable ScalarFunction whole(Call call, Mode mode) {
        ColumnType type = call.type(0);
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> call.total(type, TemporalCasts.identity(), type);
            case DECIMAL -> {
                int digits = Math.min(type.precision() - type.scale() + 1, ColumnType.MAX_DECIMAL_PRECISION);
                yield call.partial(ColumnType.decimal(digits, 0), decimals(mode, type.scale(), false), type);
            }
            case REAL, DOUBLE, NULL ->
                call.total(
                        ColumnType.DOUBLE,
                        DoubleLoops.unary(
                                switch (mode) {
                                    case NEAREST -> Rounding::halfAway;
                                    case TOWARD_ZERO -> Rounding::towardZero;
                                    case DOWN -> Math::floor;
                                    case UP -> Math::ceil;
                                }),
                        ColumnType.DOUBLE);
            default -> null;
        };
    }

    private static @Nullable ScalarFunction places(Call call, Mode mode) {
        ColumnType type = call.type(0);
        return switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> call.partial(type, integers(mode), type, ColumnType.BIGINT);
            case DECIMAL -> {
                int digits = Math.min(type.precision() + 1, ColumnType.MAX_DECIMAL_PRECISION);
                yield call.partial(
                        ColumnType.decimal(digits, type.scale()),
                        decimals(mode, type.scale(), true),
                        type,
                        ColumnType.BIGINT);
            }
            case REAL, DOUBLE, NULL ->
                call.total(ColumnType.DOUBLE, doubles(mode), ColumnType.DOUBLE, ColumnType.BIGINT);
            default -> null;
        };
    }

    static double halfAway(double x) {
        double magnitude = Math.abs(x);
        double whole = Math.floor(magnitude);
        // adding a half and cutting off would round numbers just below a half up
        return Math.copySign(magnitude - whole >= 0.5 ? whole + 1 : whole, x);
    }

    private static double towardZero(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    private static ScalarKernel doubles(Mode mode) {
        DoubleUnaryOperator cut = mode == Mode.NEAREST ? Rounding::halfAway : Rounding::towardZero;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                double value = toPlaces(arguments[0].getDouble(at), arguments[1].getLong(at), cut);
                Memory.putDouble(out + ((long) at << 3), value);
            }
        };
    }

    private static double toPlaces(double x, long places, DoubleUnaryOperator cut) {
        if (places == 0) {
            return cut.applyAsDouble(x);
        }
        int limited = (int) Math.max(-MOST_PLACES, Math.min(MOST_PLACES, places));
        double power = Math.abs(limited) <= MOST_EXACT_PLACES
                ? Int128.toDouble(Int128.powerOfTenHigh(Math.abs(limited)), Int128.powerOfTenLow(Math.abs(limited)))
                : Math.pow(10, Math.abs(limited));
        if (limited > 0) {
            double scaled = x * power;
            return Double.isInfinite(scaled) ? x : cut.applyAsDouble(scaled) / power;
        }
        return Double.isInfinite(power) ? 0 : cut.applyAsDouble(x / power) * power;
    }

    private static ScalarKernel integers(Mode mode) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            int unused = Long.SIZE - Byte.SIZE * result.type().width();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long value = arguments[0].getAsLong(at);
                long places = arguments[1].getLong(at);
                long rounded = places >= 0 ? value : toTens(value, -places, mode);
                if (rounded << unused >> unused != rounded || (rounded == Long.MIN_VALUE && value != rounded)) {
                    throw Failures.outOfRange("round(" + value + ", " + places + ")", result.type());
                }
                result.setLong(at, rounded);
            }
        };
    }

    private static long toTens(long value, long zeros, Mode mode) {
        if (zeros > MOST_LONG_PLACES) {
            // 10^19 is more than twice the greatest long
            return 0;
        }
        long power = Int128.powerOfTenLow((int) zeros);
        long rest = value % power;
        long down = value - rest;
        if (mode != Mode.NEAREST || Math.abs(rest) < power - Math.abs(rest)) {
            return down;
        }
        long step = value < 0 ? -power : power;
        long up = down + step;
        return ((down ^ up) & (step ^ up)) < 0 ? Long.MIN_VALUE : up;
    }

    private static ScalarKernel decimals(Mode mode, int scale, boolean hasPlaces) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            Int128 value = new Int128();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                value.load(arguments[0].viewAddress(at));
                long places = hasPlaces ? arguments[1].getLong(at) : 0;
                int drop = (int) Math.min(scale - Math.min(places, scale), Int128.MAX_POWER_OF_TEN);
                boolean overflow = drop > 0 && cut(value, drop, mode);
                overflow |= hasPlaces && value.rescale(drop);
                if (overflow
                        || !Int128.fitsPrecision(
                                value.high(), value.low(), result.type().precision())) {
                    throw Failures.outOfRange(
                            "round(" + arguments[0].getDecimal(at).toPlainString() + ", " + places + ")",
                            result.type());
                }
                value.store(result.data() + ((long) at << 4));
            }
        };
    }

    /** Drops digits, rounding as told. */
    private static boolean cut(Int128 value, int digits, Mode mode) {
        if (mode == Mode.NEAREST) {
            return value.rescale(-digits);
        }
        boolean negative = value.high() < 0;
        boolean overflow = value.divide(Int128.powerOfTenHigh(digits), Int128.powerOfTenLow(digits));
        boolean exact = (value.remainderHigh() | value.remainderLow()) == 0;
        if (exact || mode == Mode.TOWARD_ZERO || (mode == Mode.DOWN) != negative) {
            return overflow;
        }
        return negative ? value.add(-1, -1) : value.add(0, 1);
    }
}
