package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TemporalText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Floors;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The loops of {@link TimeFunctions}. */
final class TimeKernels {
    private static final int NANO_PLACES = 9;
    private static final int MOST_YEAR = 999_999;
    private static final double MOST_SECONDS = 9_223_372_036.854775;

    private TimeKernels() {}

    /** The one unit of a constant argument, or that of each row. */
    private static DatePart unit(String function, ColumnVector units, int row, @Nullable DatePart known) {
        if (known != null && units.isConstant()) {
            return known;
        }
        DatePart part = DatePart.of(function, units.getText(row));
        if (!part.isUnit() && !function.equals("extract")) {
            throw Failures.invalidArgument(
                    function, "'" + units.getText(row) + "' is a part of a date but no unit of time");
        }
        return part;
    }

    // ---- date_trunc

    static @Nullable ScalarFunction truncate(Call call) {
        if (call.count() == 3) {
            return call.partial(
                    ColumnType.TIMESTAMP_NS,
                    truncateInZone(),
                    ColumnType.VARCHAR,
                    ColumnType.TIMESTAMP_NS,
                    ColumnType.VARCHAR);
        }
        boolean interval =
                call.count() == 2 && (call.kind(1) == TypeKind.INTERVAL_DAY || call.kind(1) == TypeKind.TIME);
        ColumnType type = interval ? call.type(1) : ColumnType.TIMESTAMP_NS;
        return call.partial(type, truncate(interval), ColumnType.VARCHAR, type);
    }

    private static ScalarKernel truncate(boolean fixedOnly) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector units = arguments[0];
            ColumnVector times = arguments[1];
            long out = result.data();
            DatePart part = null;
            int lastDay = 0;
            long lastStart = 0;
            boolean known = false;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                part = unit("date_trunc", units, at, part);
                if (part.nanos() > 0 && units.isConstant()) {
                    truncateAll(times, part.nanos(), positions, count, out);
                    return;
                }
                if (fixedOnly && part.nanos() == 0) {
                    throw Failures.invalidArgument("date_trunc", "a " + times.type() + " has no " + part);
                }
                long time = times.getLong(at);
                int day = (int) Math.floorDiv(time, CivilDate.DAY_NANOS);
                // rows in time order mostly stay within the day: no calendar for them
                if (!known || day != lastDay || !units.isConstant()) {
                    lastStart = part.floor(time);
                    lastDay = day;
                    known = true;
                }
                Memory.putLong(out + ((long) at << 3), lastStart);
            }
        };
    }

    private static void truncateAll(ColumnVector times, long width, int @Nullable [] positions, int count, long out) {
        if (Floors.longs(times.data(), times.mask(), width, positions, count, out)) {
            throw Failures.outOfRange("date_trunc of the earliest times", ColumnType.TIMESTAMP_NS);
        }
    }

    private static ScalarKernel truncateInZone() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            DatePart part = null;
            ZoneShift zone = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                part = unit("date_trunc", arguments[0], at, part);
                if (zone == null || !arguments[2].isConstant()) {
                    zone = ZoneShift.of("date_trunc", arguments[2].getText(at));
                }
                long time = arguments[1].getLong(at);
                boolean wholeDays = part.nanos() == 0 || part == DatePart.DAY;
                long start = zone.startOf(time, part.floor(zone.toLocal(time)), wholeDays);
                Memory.putLong(result.data() + ((long) at << 3), start);
            }
        };
    }

    static ScalarKernel toZone() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ZoneShift zone = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (zone == null || !arguments[0].isConstant()) {
                    zone = ZoneShift.of("timezone", arguments[0].getText(at));
                }
                Memory.putLong(result.data() + ((long) at << 3), zone.toLocal(arguments[1].getLong(at)));
            }
        };
    }

    static ScalarKernel difference() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            DatePart part = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                part = unit("date_diff", arguments[0], at, part);
                long from = part.index(arguments[1].getLong(at));
                long to = part.index(arguments[2].getLong(at));
                long difference = to - from;
                if (((to ^ from) & (to ^ difference)) < 0) {
                    throw Failures.outOfRange(to + " - " + from, ColumnType.BIGINT);
                }
                Memory.putLong(result.data() + ((long) at << 3), difference);
            }
        };
    }

    static ScalarKernel wholeDifference() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            DatePart part = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                part = unit("timestampdiff", arguments[0], at, part);
                long whole = part.wholeBetween(arguments[1].getLong(at), arguments[2].getLong(at));
                Memory.putLong(result.data() + ((long) at << 3), whole);
            }
        };
    }

    // ---- extract

    static ScalarKernel extract() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            DatePart part = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                part = unit("extract", arguments[0], at, part);
                Memory.putLong(result.data() + ((long) at << 3), extract(part, arguments[1], at));
            }
        };
    }

    static ScalarKernel extract(DatePart part) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putLong(result.data() + ((long) at << 3), extract(part, arguments[0], at));
            }
        };
    }

    /** 1 for Sunday to 7 for Saturday. */
    static ScalarKernel dayOfWeek() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long day = extract(DatePart.DAY_OF_WEEK, arguments[0], at) + 1;
                Memory.putLong(result.data() + ((long) at << 3), day);
            }
        };
    }

    private static long extract(DatePart part, ColumnVector times, int row) {
        return switch (times.type().kind()) {
            case TIMESTAMP -> part.extract(times.getLong(row));
            case DATE -> part.extractFromDate(times.getInt(row));
            case INTERVAL_MONTH -> monthsPart(part, times.getInt(row));
            case INTERVAL_DAY -> intervalPart(part, times.getLong(row));
            default -> timePart(part, times, row);
        };
    }

    private static long timePart(DatePart part, ColumnVector times, int row) {
        if (part == DatePart.DAY || (part.nanos() == 0 && part != DatePart.EPOCH)) {
            throw Failures.invalidArgument("extract", "a TIME has no " + part);
        }
        return part.extract(times.getLong(row));
    }

    private static long monthsPart(DatePart part, int months) {
        return switch (part) {
            case YEAR -> months / 12;
            case MONTH -> months % 12;
            case QUARTER -> months % 12 / 3 + 1;
            case DAY, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, NANOSECOND -> 0;
            default -> throw Failures.invalidArgument("extract", "an INTERVAL YEAR TO MONTH has no " + part);
        };
    }

    /** Parts of an interval keep its sign. */
    private static long intervalPart(DatePart part, long nanos) {
        return switch (part) {
            case DAY -> nanos / CivilDate.DAY_NANOS;
            case HOUR -> nanos % CivilDate.DAY_NANOS / part.nanos();
            case MINUTE -> nanos % DatePart.HOUR.nanos() / part.nanos();
            case SECOND, MILLISECOND, MICROSECOND, NANOSECOND -> nanos % DatePart.MINUTE.nanos() / part.nanos();
            case EPOCH -> nanos / DatePart.SECOND_NANOS;
            case YEAR, MONTH -> 0;
            default -> throw Failures.invalidArgument("extract", "an INTERVAL DAY TO SECOND has no " + part);
        };
    }

    static ScalarKernel epoch(DatePart unit) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long nanos = unit.nanos();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putLong(result.data() + ((long) at << 3), Math.floorDiv(arguments[0].getLong(at), nanos));
            }
        };
    }

    // ---- making times

    static ScalarKernel fromUnits(DatePart unit) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long value = arguments[0].getLong(at);
                long nanos = value * unit.nanos();
                if (nanos / unit.nanos() != value) {
                    throw Failures.outOfRange("to_timestamp(" + value + ")", ColumnType.TIMESTAMP_NS);
                }
                Memory.putLong(result.data() + ((long) at << 3), nanos);
            }
        };
    }

    static ScalarKernel fromSeconds() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                double seconds = arguments[0].getDouble(at);
                if (!(Math.abs(seconds) < MOST_SECONDS)) {
                    throw Failures.outOfRange(
                            "to_timestamp(" + NumberCasts.show(arguments[0], at) + ")", ColumnType.TIMESTAMP_NS);
                }
                Memory.putLong(result.data() + ((long) at << 3), nanosOf(seconds));
            }
        };
    }

    /** Seconds as nanoseconds: the fraction is multiplied alone, for as a whole it would lose its last digits. */
    private static long nanosOf(double seconds) {
        double whole = Math.floor(seconds);
        return (long) whole * DatePart.SECOND_NANOS + Math.round((seconds - whole) * DatePart.SECOND_NANOS);
    }

    static ScalarKernel fromDecimalSeconds() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            Int128 value = new Int128();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                value.load(arguments[0].viewAddress(at));
                boolean overflow =
                        value.rescale(NANO_PLACES - arguments[0].type().scale());
                if (overflow || !Int128.fitsLong(value.high(), value.low())) {
                    BigDecimal shown = arguments[0].getDecimal(at);
                    throw Failures.outOfRange("to_timestamp(" + shown.toPlainString() + ")", ColumnType.TIMESTAMP_NS);
                }
                Memory.putLong(result.data() + ((long) at << 3), value.low());
            }
        };
    }

    static ScalarKernel fromText() {
        return TextLoops.rows((arguments, row, result, work) ->
                result.setLong(row, TemporalText.parseTimestamp(arguments[0].getText(row))));
    }

    static ScalarKernel makeDate() {
        return TextLoops.rows((arguments, row, result, work) -> result.setLong(row, date(arguments, row)));
    }

    static ScalarKernel makeTime() {
        return TextLoops.rows((arguments, row, result, work) -> {
            long time = time(arguments, 0, row);
            if (time == CivilDate.DAY_NANOS) {
                throw noTime(arguments[0].getLong(row), arguments[1].getLong(row), arguments[2].getDouble(row));
            }
            result.setLong(row, time);
        });
    }

    static ScalarKernel makeTimestamp() {
        return TextLoops.rows((arguments, row, result, work) -> {
            long start = TemporalCasts.startOfDay(date(arguments, row));
            if (start == TemporalText.INVALID) {
                throw Failures.outOfRange(TemporalText.formatDate((int) date(arguments, row)), ColumnType.TIMESTAMP_NS);
            }
            long time = start + time(arguments, 3, row);
            if (time < start) {
                throw Failures.outOfRange(
                        "a time of " + TemporalText.formatDate((int) date(arguments, row)), ColumnType.TIMESTAMP_NS);
            }
            result.setLong(row, time);
        });
    }

    private static long date(ColumnVector[] arguments, int row) {
        long year = arguments[0].getLong(row);
        long month = arguments[1].getLong(row);
        long day = arguments[2].getLong(row);
        boolean valid = Math.abs(year) <= MOST_YEAR
                && month >= 1
                && month <= 12
                && day >= 1
                && day <= CivilDate.lengthOfMonth((int) year, (int) month);
        if (!valid) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE,
                    "there is no date with year " + year + ", month " + month + ", day " + day);
        }
        return CivilDate.toDays((int) year, (int) month, (int) day);
    }

    /** Nanoseconds of the day; those of a whole day when the seconds are rounded up to it. */
    private static long time(ColumnVector[] arguments, int first, int row) {
        long hour = arguments[first].getLong(row);
        long minute = arguments[first + 1].getLong(row);
        double second = arguments[first + 2].getDouble(row);
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
            throw noTime(hour, minute, second);
        }
        return hour * DatePart.HOUR.nanos() + minute * DatePart.MINUTE.nanos() + nanosOf(second);
    }

    private static EngineException noTime(long hour, long minute, double second) {
        return new EngineException(
                ErrorCode.DATETIME_OUT_OF_RANGE,
                "there is no time with hour " + hour + ", minute " + minute + ", second " + second);
    }

    static ScalarKernel lastDay() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            boolean date = arguments[0].type().kind() == TypeKind.DATE;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                int day = date
                        ? arguments[0].getInt(at)
                        : (int) Math.floorDiv(arguments[0].getLong(at), CivilDate.DAY_NANOS);
                result.setLong(at, CivilDate.monthStart(CivilDate.toMonths(day) + 1) - 1L);
            }
        };
    }

    // ---- now

    /** The query's time in the type asked for: known when the query runs, so not to be folded into a plan that is kept. */
    static @Nullable ScalarFunction now(Call call, ColumnType type) {
        if (call.count() != 0) {
            return null;
        }
        ScalarKernel kernel = (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long value = switch (type.kind()) {
                case DATE -> Math.floorDiv(context.nowNanos(), CivilDate.DAY_NANOS);
                case TIME -> Math.floorMod(context.nowNanos(), CivilDate.DAY_NANOS);
                default -> context.nowNanos();
            };
            for (int i = 0; i < count; i++) {
                result.setLong(positions == null ? i : positions[i], value);
            }
        };
        return new ScalarFunction(call.name(), List.of(), type, NullRule.STRICT, false, false, kernel);
    }
}
