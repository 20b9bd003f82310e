package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;

/** Times moved by intervals where the calendar or the clock has its say; what is plain addition is in {@link IntegerArithmetic}. */
final class TemporalArithmetic {
    private static final double LONG_LIMIT = 0x1p63;
    private static final long LEAST_DAY = Long.MIN_VALUE / CivilDate.DAY_NANOS;
    private static final long MOST_DAY = Long.MAX_VALUE / CivilDate.DAY_NANOS;

    private TemporalArithmetic() {}

    /** A TIME moved by nanoseconds, around midnight. */
    static ScalarKernel clock(int sign, boolean swapped) {
        int time = swapped ? 1 : 0;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long step = arguments[1 - time].getLong(at) % CivilDate.DAY_NANOS;
                long moved = Math.floorMod(arguments[time].getLong(at) + sign * step, CivilDate.DAY_NANOS);
                Memory.putLong(out + ((long) at << 3), moved);
            }
        };
    }

    /** A TIMESTAMP moved by calendar months; the day is cut to the month's last. */
    static ScalarKernel months(int sign, boolean swapped) {
        int point = swapped ? 1 : 0;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long nanos = arguments[point].getLong(at);
                long months = (long) sign * arguments[1 - point].getInt(at);
                Memory.putLong(out + ((long) at << 3), plusMonths(nanos, months));
            }
        };
    }

    /** @throws EngineException DATETIME_OUT_OF_RANGE showing both */
    static long plusMonths(long nanos, long months) {
        long day = Math.floorDiv(nanos, CivilDate.DAY_NANOS);
        int moved = CivilDate.plusMonths((int) day, months);
        if (moved <= LEAST_DAY || moved >= MOST_DAY) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "out of range: " + TemporalText.formatTimestamp(nanos) + " and " + months
                            + " months do not fit TIMESTAMP");
        }
        return moved * CivilDate.DAY_NANOS + (nanos - day * CivilDate.DAY_NANOS);
    }

    /** An INTERVAL DAY TO SECOND times a double, or over it, to the nearest nanosecond. */
    static ScalarKernel scaled(boolean divide, boolean swapped) {
        int interval = swapped ? 1 : 0;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long nanos = arguments[interval].getLong(at);
                double factor = arguments[1 - interval].getDouble(at);
                if (divide && factor == 0) {
                    throw Failures.divisionByZero("INTERVAL '" + IntervalText.formatNanos(nanos) + "' / 0");
                }
                double scaled = Math.rint(divide ? nanos / factor : nanos * factor);
                if (!(Math.abs(scaled) < LONG_LIMIT)) {
                    throw Failures.outOfRange(
                            "INTERVAL '" + IntervalText.formatNanos(nanos) + "' " + (divide ? "/ " : "* ")
                                    + NumberText.format(factor),
                            ColumnType.INTERVAL_DAY);
                }
                Memory.putLong(out + ((long) at << 3), (long) scaled);
            }
        };
    }
}
