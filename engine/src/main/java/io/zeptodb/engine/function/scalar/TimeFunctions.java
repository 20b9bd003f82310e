package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of dates and times: the documentation's section "Time". */
public final class TimeFunctions {
    static final ColumnType TIMESTAMP = ColumnType.TIMESTAMP_NS;
    static final ColumnType DATE = ColumnType.DATE;
    static final ColumnType TIME = ColumnType.TIME;
    static final ColumnType VARCHAR = ColumnType.VARCHAR;
    static final ColumnType BIGINT = ColumnType.BIGINT;
    static final ColumnType DOUBLE = ColumnType.DOUBLE;
    static final ColumnType DAY = ColumnType.INTERVAL_DAY;
    static final ColumnType MONTH = ColumnType.INTERVAL_MONTH;

    /** Functions that are {@code extract} of the part of their name. */
    private static final List<String> PARTS = List.of(
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "hour",
            "minute",
            "second",
            "dayofmonth",
            "dayofyear",
            "isodow",
            "isoyear");

    private static final String SAMPLE = "TIMESTAMP '2024-08-09 13:05:04.525430833'";

    private TimeFunctions() {}

    public static List<FunctionDefinition> definitions() {
        List<FunctionDefinition> definitions = new ArrayList<>(buckets());
        definitions.addAll(parts());
        definitions.addAll(conversions());
        definitions.addAll(makings());
        definitions.addAll(TimeTextFunctions.definitions());
        return definitions;
    }

    private static List<FunctionDefinition> buckets() {
        return new Section("Time", TimeFunctions::bucket)
                .add(
                        "xbar",
                        "xbar(ts, width)",
                        "Floor of a time or number to a multiple of the width, toward minus infinity. The width of a time is an interval or"
                                + " nanoseconds and may stand first; it must be greater than 0 (22023). Days count from 1970-01-01, months by the calendar. Exact for"
                                + " DECIMAL and whole numbers.",
                        "SELECT xbar(" + SAMPLE + ", INTERVAL '5' MINUTE)",
                        "2024-08-09 13:05:00")
                .add(
                        "time_bucket",
                        "time_bucket(width, ts [, origin] [, zone])",
                        "As xbar; buckets count from the origin, and with a time zone by its wall clock.",
                        "SELECT time_bucket(INTERVAL '1' MONTH, " + SAMPLE + ")",
                        "2024-08-01 00:00:00")
                .add(
                        "date_trunc",
                        "date_trunc(unit, ts [, zone])",
                        "Start of the unit (ns, us, ms, second, minute, hour, day, week from Monday, month, quarter, year, decade, century,"
                                + " millennium) that the time lies in, by the wall clock of a time zone if one is given.",
                        "SELECT date_trunc('hour', " + SAMPLE + ")",
                        "2024-08-09 13:00:00")
                .add(
                        "date_diff",
                        "date_diff(unit, from, to)",
                        "How many boundaries of the unit lie between two times; negative when the second is earlier.",
                        "SELECT date_diff('month', DATE '2024-01-31', DATE '2024-02-01')",
                        "1",
                        "datediff")
                .add(
                        "timestampdiff",
                        "timestampdiff(unit, from, to)",
                        "How many whole units lie between two times; negative when the second is earlier. date_diff counts boundaries instead.",
                        "SELECT timestampdiff(MONTH, TIMESTAMP '2024-01-31 10:00:00', TIMESTAMP '2024-02-29 09:00:00')",
                        "0")
                .add(
                        "date_add",
                        "date_add(ts, interval)",
                        "The time moved by an interval, as +.",
                        "SELECT date_add(TIMESTAMP '2024-01-31 00:00:00', INTERVAL '1' MONTH)",
                        "2024-02-29 00:00:00")
                .add(
                        "timezone",
                        "timezone(zone, ts)",
                        "What the wall clock of a time zone shows at a time; also ts AT TIME ZONE zone.",
                        "SELECT timezone('Europe/Berlin', " + SAMPLE + ")",
                        "2024-08-09 15:05:04.525430833")
                .definitions();
    }

    private static @Nullable ScalarFunction bucket(Call call) {
        int count = call.count();
        return switch (call.name()) {
            case "xbar" -> count == 2 ? bucketOfTwo(call) : null;
            case "time_bucket" -> count == 2 ? bucketOfTwo(call) : bucketOfMore(call);
            case "date_trunc" -> TimeKernels.truncate(call);
            case "date_diff" -> call.partial(BIGINT, TimeKernels.difference(), VARCHAR, TIMESTAMP, TIMESTAMP);
            case "timestampdiff" -> call.partial(BIGINT, TimeKernels.wholeDifference(), VARCHAR, TIMESTAMP, TIMESTAMP);
            case "date_add" -> count == 2 ? ArithmeticFunctions.sums(call) : null;
            default -> call.partial(TIMESTAMP, TimeKernels.toZone(), VARCHAR, TIMESTAMP);
        };
    }

    private static boolean isPoint(TypeKind kind) {
        return kind == TypeKind.TIMESTAMP || kind == TypeKind.DATE || kind == TypeKind.TIME;
    }

    private static boolean isInterval(TypeKind kind) {
        return kind == TypeKind.INTERVAL_DAY || kind == TypeKind.INTERVAL_MONTH;
    }

    private static @Nullable ScalarFunction bucketOfTwo(Call call) {
        boolean pointFirst = isPoint(call.kind(0)) || isInterval(call.kind(1));
        boolean pointLast = isPoint(call.kind(1)) || isInterval(call.kind(0));
        if (!pointFirst && !pointLast) {
            if (call.kind(0).isInteger() && call.kind(1).isInteger()) {
                // numbers: time_bucket has the width first, xbar last
                int value = call.name().equals("xbar") ? 0 : 1;
                return call.partial(BIGINT, new BucketKernels(call.name(), value, 1 - value, -1, -1), BIGINT, BIGINT);
            }
            boolean xbar = call.name().equals("xbar");
            ScalarFunction exact = xbar ? DecimalBuckets.of(call) : null;
            if (exact != null) {
                return exact;
            }
            return xbar ? call.partial(DOUBLE, BucketKernels.doubles(call.name()), DOUBLE, DOUBLE) : null;
        }
        int value = pointFirst ? 0 : 1;
        ColumnType point = call.isNull(value) ? TIMESTAMP : call.type(value);
        ColumnType width = isInterval(call.kind(1 - value)) ? call.type(1 - value) : BIGINT;
        if (!isPoint(point.kind()) || (point.kind() == TypeKind.TIME && width.kind() == TypeKind.INTERVAL_MONTH)) {
            return null;
        }
        BucketKernels kernel = new BucketKernels(call.name(), value, 1 - value, -1, -1);
        return pointFirst ? call.partial(point, kernel, point, width) : call.partial(point, kernel, width, point);
    }

    /** {@code time_bucket(width, ts, origin)}, {@code (width, ts, zone)} and {@code (width, ts, origin, zone)}. */
    private static @Nullable ScalarFunction bucketOfMore(Call call) {
        int count = call.count();
        if (count < 3 || count > 4) {
            return null;
        }
        ColumnType width = isInterval(call.kind(0)) ? call.type(0) : BIGINT;
        ColumnType point = call.kind(1) == TypeKind.DATE ? DATE : TIMESTAMP;
        boolean zoneOnly = count == 3 && call.kind(2).isText();
        if (zoneOnly) {
            BucketKernels kernel = new BucketKernels(call.name(), 1, 0, -1, 2);
            return call.partial(point, kernel, width, point, VARCHAR);
        }
        BucketKernels kernel = new BucketKernels(call.name(), 1, 0, 2, count == 4 ? 3 : -1);
        return count == 3
                ? call.partial(point, kernel, width, point, TIMESTAMP)
                : call.partial(point, kernel, width, point, TIMESTAMP, VARCHAR);
    }

    private static List<FunctionDefinition> parts() {
        Section section = new Section("Time", TimeFunctions::part)
                .add(
                        "extract",
                        "extract(unit FROM ts)",
                        "A part of a date, time, timestamp or interval as BIGINT: year, quarter, month, week (ISO), day, dow (Sunday is 0), isodow"
                                + " (Monday is 1), doy, hour, minute, second, millisecond, microsecond, nanosecond (with the seconds), epoch, decade,"
                                + " century, millennium, isoyear. Also date_part(unit, ts).",
                        "SELECT extract(HOUR FROM " + SAMPLE + ")",
                        "13",
                        "date_part",
                        "datepart");
        section.add(
                "dayofweek",
                "dayofweek(ts)",
                "The day of the week as JDBC counts it: 1 for Sunday to 7 for Saturday. extract has dow and isodow.",
                "SELECT dayofweek(DATE '2024-08-11')",
                "1");
        for (String part : PARTS) {
            section.add(
                    part,
                    part + "(ts)",
                    "The same as extract of " + part + ".",
                    "SELECT " + part + "(" + SAMPLE + ")",
                    Long.toString(DatePart.of(part, part).extract(1_723_208_704_525_430_833L)));
        }
        return section.definitions();
    }

    private static @Nullable ScalarFunction part(Call call) {
        boolean named = call.name().equals("extract");
        int point = named ? 1 : 0;
        if (call.count() != point + 1) {
            return null;
        }
        ColumnType type = switch (call.kind(point)) {
            case DATE, TIMESTAMP, TIME, INTERVAL_DAY, INTERVAL_MONTH -> call.type(point);
            case NULL -> TIMESTAMP;
            default -> null;
        };
        if (type == null) {
            return null;
        }
        if (call.name().equals("dayofweek")) {
            return call.partial(BIGINT, TimeKernels.dayOfWeek(), type);
        }
        return named
                ? call.partial(BIGINT, TimeKernels.extract(), VARCHAR, type)
                : call.partial(BIGINT, TimeKernels.extract(DatePart.of(call.name(), call.name())), type);
    }

    private static List<FunctionDefinition> conversions() {
        return new Section("Time", TimeFunctions::conversion)
                .add(
                        "epoch_s",
                        "epoch_s(ts)",
                        "Whole seconds since 1970 UTC, toward the past.",
                        "SELECT epoch_s(" + SAMPLE + ")",
                        "1723208704",
                        "epoch")
                .add(
                        "epoch_ms",
                        "epoch_ms(ts)",
                        "Whole milliseconds since 1970 UTC.",
                        "SELECT epoch_ms(" + SAMPLE + ")",
                        "1723208704525")
                .add(
                        "epoch_us",
                        "epoch_us(ts)",
                        "Whole microseconds since 1970 UTC.",
                        "SELECT epoch_us(" + SAMPLE + ")",
                        "1723208704525430")
                .add(
                        "epoch_ns",
                        "epoch_ns(ts)",
                        "Nanoseconds since 1970 UTC.",
                        "SELECT epoch_ns(" + SAMPLE + ")",
                        "1723208704525430833")
                .add(
                        "to_timestamp",
                        "to_timestamp(seconds)",
                        "The TIMESTAMP so many seconds after 1970; a DOUBLE counts to the nearest nanosecond it can tell apart, a text is read.",
                        "SELECT to_timestamp(1723208704.5)",
                        "2024-08-09 13:05:04.5")
                .add(
                        "to_timestamp_ms",
                        "to_timestamp_ms(n)",
                        "The TIMESTAMP so many milliseconds after 1970.",
                        "SELECT to_timestamp_ms(1)",
                        "1970-01-01 00:00:00.001")
                .add(
                        "to_timestamp_us",
                        "to_timestamp_us(n)",
                        "The TIMESTAMP so many microseconds after 1970.",
                        "SELECT to_timestamp_us(1)",
                        "1970-01-01 00:00:00.000001")
                .definitions();
    }

    private static List<FunctionDefinition> makings() {
        return new Section("Time", TimeFunctions::conversion)
                .add(
                        "to_timestamp_ns",
                        "to_timestamp_ns(n)",
                        "The TIMESTAMP so many nanoseconds after 1970.",
                        "SELECT to_timestamp_ns(1)",
                        "1970-01-01 00:00:00.000000001")
                .add(
                        "make_date",
                        "make_date(year, month, day)",
                        "A DATE from its parts; 22008 when there is no such day.",
                        "SELECT make_date(2024, 2, 29)",
                        "2024-02-29")
                .add(
                        "make_time",
                        "make_time(hour, minute, second)",
                        "A TIME from its parts; seconds may have a fraction.",
                        "SELECT CAST(make_time(13, 5, 4.5) AS VARCHAR)",
                        "13:05:04.5")
                .add(
                        "make_timestamp",
                        "make_timestamp(year, month, day, hour, minute, second)",
                        "A TIMESTAMP from its parts; seconds may have a fraction.",
                        "SELECT make_timestamp(2024, 2, 29, 13, 5, 4.5)",
                        "2024-02-29 13:05:04.5")
                .add(
                        "last_day",
                        "last_day(date)",
                        "The last day of the month.",
                        "SELECT last_day(DATE '2024-02-10')",
                        "2024-02-29")
                .add(
                        "now",
                        "now()",
                        "The time at which the query began, in nanoseconds UTC; one value for the whole query.",
                        "SELECT now() = now()",
                        "true",
                        "current_timestamp",
                        "localtimestamp")
                .add(
                        "current_date",
                        "current_date",
                        "The date of now().",
                        "SELECT current_date = CAST(now() AS DATE)",
                        "true",
                        "curdate")
                .add(
                        "current_time",
                        "current_time",
                        "The time of day of now().",
                        "SELECT current_time = CAST(now() AS TIME)",
                        "true",
                        "localtime",
                        "curtime")
                .definitions();
    }

    private static @Nullable ScalarFunction conversion(Call call) {
        return switch (call.name()) {
            case "epoch_s" -> epoch(call, DatePart.SECOND);
            case "epoch_ms" -> epoch(call, DatePart.MILLISECOND);
            case "epoch_us" -> epoch(call, DatePart.MICROSECOND);
            case "epoch_ns" -> epoch(call, DatePart.NANOSECOND);
            case "to_timestamp" -> toTimestamp(call);
            case "to_timestamp_ms" -> call.partial(TIMESTAMP, TimeKernels.fromUnits(DatePart.MILLISECOND), BIGINT);
            case "to_timestamp_us" -> call.partial(TIMESTAMP, TimeKernels.fromUnits(DatePart.MICROSECOND), BIGINT);
            case "to_timestamp_ns" -> call.partial(TIMESTAMP, TimeKernels.fromUnits(DatePart.NANOSECOND), BIGINT);
            case "make_date" -> call.partial(DATE, TimeKernels.makeDate(), BIGINT, BIGINT, BIGINT);
            case "make_time" -> call.partial(TIME, TimeKernels.makeTime(), BIGINT, BIGINT, DOUBLE);
            case "make_timestamp" ->
                call.partial(TIMESTAMP, TimeKernels.makeTimestamp(), BIGINT, BIGINT, BIGINT, BIGINT, BIGINT, DOUBLE);
            case "last_day" ->
                call.count() == 1 && call.kind(0) == TypeKind.TIMESTAMP
                        ? call.total(DATE, TimeKernels.lastDay(), TIMESTAMP)
                        : call.total(DATE, TimeKernels.lastDay(), DATE);
            case "now" -> TimeKernels.now(call, TIMESTAMP);
            case "current_date" -> TimeKernels.now(call, DATE);
            case "current_time" -> TimeKernels.now(call, TIME);
            default -> null;
        };
    }

    private static @Nullable ScalarFunction epoch(Call call, DatePart unit) {
        boolean interval =
                call.count() == 1 && (call.kind(0) == TypeKind.INTERVAL_DAY || call.kind(0) == TypeKind.TIME);
        ColumnType type = interval ? call.type(0) : TIMESTAMP;
        return call.total(BIGINT, TimeKernels.epoch(unit), type);
    }

    private static @Nullable ScalarFunction toTimestamp(Call call) {
        if (call.count() != 1) {
            return null;
        }
        return switch (call.kind(0)) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, NULL ->
                call.partial(TIMESTAMP, TimeKernels.fromUnits(DatePart.SECOND), BIGINT);
            case REAL, DOUBLE -> call.partial(TIMESTAMP, TimeKernels.fromSeconds(), DOUBLE);
            case DECIMAL -> call.partial(TIMESTAMP, TimeKernels.fromDecimalSeconds(), call.type(0));
            case VARCHAR, SYMBOL -> call.partial(TIMESTAMP, TimeKernels.fromText(), VARCHAR);
            default -> null;
        };
    }
}
