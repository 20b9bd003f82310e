package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Conversions of dates, times, timestamps and intervals among each other and to integers, of BOOLEAN to integers and back, and of a
 * type to itself.
 */
public final class TemporalCasts {
    private static final long[] NANOS_BY_PRECISION = {
        1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1
    };

    private TemporalCasts() {}

    public static @Nullable ScalarKernel find(ColumnType from, ColumnType to, boolean lenient) {
        TypeKind source = from.kind();
        TypeKind target = to.kind();
        if (source == target) {
            boolean cut = to.precision() < from.precision();
            long unit = unit(to);
            return cut ? rows(to, lenient, value -> floor(value, unit)) : identity();
        }
        return switch (target) {
            case BOOLEAN -> source.isInteger() ? rows(to, lenient, value -> value == 0 ? 0 : 1) : null;
            case TINYINT, SMALLINT, INTEGER ->
                source == TypeKind.BOOLEAN || source == TypeKind.INTERVAL_MONTH
                        ? NumberCasts.find(ColumnType.BIGINT, to, lenient)
                        : null;
            case BIGINT -> integerBehind(source) ? rows(to, lenient, value -> value) : null;
            case DATE ->
                source == TypeKind.TIMESTAMP
                        ? rows(to, lenient, value -> Math.floorDiv(value, CivilDate.DAY_NANOS))
                        : null;
            case TIME -> toTime(source, to, lenient);
            case TIMESTAMP -> toTimestamp(source, to, lenient);
            case INTERVAL_DAY -> source.isInteger() ? rows(to, lenient, value -> value) : null;
            default -> null;
        };
    }

    /** Kinds that are a count of something. */
    private static boolean integerBehind(TypeKind kind) {
        return switch (kind) {
            case BOOLEAN, TIME, TIMESTAMP, INTERVAL_DAY, INTERVAL_MONTH -> true;
            default -> false;
        };
    }

    private static @Nullable ScalarKernel toTime(TypeKind source, ColumnType to, boolean lenient) {
        long unit = unit(to);
        if (source == TypeKind.TIMESTAMP) {
            return rows(to, lenient, value -> {
                long ofDay = Math.floorMod(value, CivilDate.DAY_NANOS);
                return ofDay - ofDay % unit;
            });
        }
        if (source.isInteger() || source == TypeKind.INTERVAL_DAY) {
            return rows(
                    to,
                    lenient,
                    value -> value < 0 || value >= CivilDate.DAY_NANOS ? TemporalText.INVALID : value - value % unit);
        }
        return null;
    }

    private static @Nullable ScalarKernel toTimestamp(TypeKind source, ColumnType to, boolean lenient) {
        if (source == TypeKind.DATE) {
            return rows(to, lenient, TemporalCasts::startOfDay);
        }
        long unit = unit(to);
        return source.isInteger() ? rows(to, lenient, value -> floor(value, unit)) : null;
    }

    /** Cut to whole units toward the past; INVALID where the earliest times have no room for that. */
    private static long floor(long value, long unit) {
        long floor = value - Math.floorMod(value, unit);
        return floor > value ? TemporalText.INVALID : floor;
    }

    /** The first nanosecond of a day, or INVALID. */
    static long startOfDay(long days) {
        long nanos = days * CivilDate.DAY_NANOS;
        return nanos / CivilDate.DAY_NANOS == days ? nanos : TemporalText.INVALID;
    }

    static long unit(ColumnType type) {
        return NANOS_BY_PRECISION[type.precision()];
    }

    /** Converts a number; {@link TemporalText#INVALID} when it does not fit. */
    private interface LongCast {
        long convert(long value);
    }

    private static ScalarKernel rows(ColumnType to, boolean lenient, LongCast cast) {
        boolean checked = to.kind() == TypeKind.TIME || to.kind() == TypeKind.TIMESTAMP;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector from = arguments[0];
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long value = cast.convert(from.getAsLong(at));
                if (checked && value == TemporalText.INVALID && !from.isNull(at)) {
                    refuse(from, at, to, lenient, result);
                }
                result.setLong(at, value);
            }
        };
    }

    private static void refuse(ColumnVector from, int row, ColumnType to, boolean lenient, WritableColumn result) {
        if (!lenient) {
            boolean date = from.type().kind() == TypeKind.DATE;
            String shown = date ? TemporalText.formatDate(from.getInt(row)) : Long.toString(from.getAsLong(row));
            throw Failures.outOfRange(shown, to);
        }
        result.setNull(row);
    }

    /** Copies what has the type already; texts stay where they are. */
    static ScalarKernel identity() {
        return (arguments, selection, rowCount, result, context) -> {
            ColumnVector from = arguments[0];
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            int width = from.type().width();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (width == 0) {
                    result.setBoolean(at, from.getBoolean(at));
                } else {
                    Memory.copy(
                            from.data() + (long) (at & from.mask()) * width, result.data() + (long) at * width, width);
                }
            }
            if (from.type().kind().isView()) {
                result.shareHeaps(from.heaps(), from.heapAddresses());
            } else if (from.dictionary() != null) {
                result.setDictionary(from.dictionary());
            }
        };
    }
}
