package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TimeFunctionsTest {
    @TestFactory
    Stream<DynamicTest> buckets() {
        return FunctionTable.tests("""
                xbar ts:2024-08-09 13:07:04.5 ; day:5 minutes = 2024-08-09 13:05:00
                xbar day:5 minutes ; ts:2024-08-09 13:07:04.5 = 2024-08-09 13:05:00
                xbar ts:2024-08-09 13:07:04.5 ; 300000000000 = 2024-08-09 13:05:00
                xbar 1000000000i ; ts:2024-08-09 13:07:04.5 = 2024-08-09 13:07:04
                xbar 1000000000 ; ts:2024-08-09 13:07:04.5 = 2024-08-09 13:07:04
                xbar ts:1969-12-31 23:59:59 ; day:1 minute = 1969-12-31 23:59:00
                xbar ts:1970-01-01 ; day:1 minute = 1970-01-01 00:00:00
                xbar ts:1969-12-31 23:59:59.999999999 ; 3 = 1969-12-31 23:59:59.999999997
                xbar ts:1677-09-21 00:12:43.2 ; day:1 day = !22008
                xbar ts:2024-08-09 13:07 ; month:1 month = 2024-08-01 00:00:00
                xbar ts:2024-08-09 13:07 ; month:1 year = 2024-01-01 00:00:00
                xbar ts:1969-08-09 13:07 ; month:3 months = 1969-07-01 00:00:00
                xbar ts:2024-08-09 ; day:0s = !22023
                xbar ts:2024-08-09 ; -5 = !22023
                xbar ts:2024-08-09 ; month:-1 month = !22023
                xbar date:2024-08-09 ; month:1 month = 2024-08-01
                xbar date:2024-08-09 ; day:7 days = 2024-08-08
                xbar date:1969-12-31 ; day:2 days = 1969-12-30
                xbar time:13:07:04 ; day:5 minutes = 13:05:00
                xbar 17 ; 5 = 15
                xbar -17i ; 5 = -20
                xbar 17.3 ; 0.5 = 17
                xbar -0.3 ; 0.5 = -0.5
                xbar 17.3 ; 0.0 = !22023
                xbar 17.3 ; NaN = !22023
                xbar 17 ; 0 = !22023
                xbar -9223372036854775808 ; 7 = !22003
                xbar null ; day:5 minutes = NULL
                time_bucket day:5 minutes ; ts:2024-08-09 13:07:04.5 = 2024-08-09 13:05:00
                time_bucket 5 ; 17 = 15
                time_bucket day:7 days ; ts:2024-08-09 ; ts:2024-01-01 = 2024-08-05 00:00:00
                time_bucket day:1 hour ; ts:2024-08-09 13:07 ; ts:2024-01-01 00:30 = 2024-08-09 12:30:00
                time_bucket day:1 hour ; ts:2023-08-09 13:07 ; ts:2024-01-01 00:30 = 2023-08-09 12:30:00
                time_bucket month:2 months ; ts:2024-08-09 ; ts:2024-02-15 = 2024-08-01 00:00:00
                time_bucket day:1 day ; ts:2024-08-09 23:00 ; 'Europe/Berlin' = 2024-08-09 22:00:00
                time_bucket day:1 day ; ts:2024-01-09 23:00 ; 'Europe/Berlin' = 2024-01-09 23:00:00
                time_bucket month:1 month ; ts:2024-07-31 23:00 ; 'Europe/Berlin' = 2024-07-31 22:00:00
                time_bucket day:1 hour ; ts:2024-08-09 13:07 ; ts:1970-01-01 ; '+05:30' = 2024-08-09 12:30:00
                time_bucket day:1 day ; ts:2024-08-09 ; 'Nowhere' = !22023
                date_trunc 'hour' ; ts:2024-08-09 13:07:04.525430833 = 2024-08-09 13:00:00
                date_trunc 'MIN' ; ts:2024-08-09 13:07:04.525430833 = 2024-08-09 13:07:00
                date_trunc 'second' ; ts:1969-12-31 23:59:59.5 = 1969-12-31 23:59:59
                date_trunc 'ms' ; ts:2024-08-09 13:07:04.525430833 = 2024-08-09 13:07:04.525
                date_trunc 'us' ; ts:2024-08-09 13:07:04.525430833 = 2024-08-09 13:07:04.52543
                date_trunc 'ns' ; ts:2024-08-09 13:07:04.525430833 = 2024-08-09 13:07:04.525430833
                date_trunc 'day' ; ts:1969-12-31 23:59:59.5 = 1969-12-31 00:00:00
                date_trunc 'week' ; ts:2024-08-11 13:07 = 2024-08-05 00:00:00
                date_trunc 'week' ; ts:1970-01-01 = 1969-12-29 00:00:00
                date_trunc 'month' ; ts:2024-02-29 13:07 = 2024-02-01 00:00:00
                date_trunc 'quarter' ; ts:2024-08-09 = 2024-07-01 00:00:00
                date_trunc 'year' ; ts:1969-08-09 = 1969-01-01 00:00:00
                date_trunc 'decade' ; ts:1969-08-09 = 1960-01-01 00:00:00
                date_trunc 'century' ; ts:2000-08-09 = 1901-01-01 00:00:00
                date_trunc 'millennium' ; ts:2001-08-09 = 2001-01-01 00:00:00
                date_trunc 'isoyear' ; ts:2024-12-31 = 2024-12-30 00:00:00
                date_trunc 'month' ; date:2024-02-29 = 2024-02-01 00:00:00
                date_trunc 'hour' ; day:3 hours 25 minutes = 03:00:00
                date_trunc 'month' ; day:3 hours = !22023
                date_trunc 'dow' ; ts:2024-08-09 = !22023
                date_trunc 'fortnight' ; ts:2024-08-09 = !22023
                date_trunc 'day' ; ts:2024-08-09 23:00 ; 'Europe/Berlin' = 2024-08-09 22:00:00
                timezone 'Europe/Berlin' ; ts:2024-08-09 12:00 = 2024-08-09 14:00:00
                timezone 'UTC' ; ts:2024-08-09 12:00 = 2024-08-09 12:00:00
                timezone 'Mars' ; ts:2024-08-09 12:00 = !22023
                date_diff 'day' ; ts:2024-08-09 23:59 ; ts:2024-08-10 00:01 = 1
                date_diff 'month' ; date:2024-01-31 ; date:2024-02-01 = 1
                date_diff 'year' ; date:2024-01-31 ; date:2020-12-01 = -4
                date_diff 'week' ; date:2024-08-04 ; date:2024-08-05 = 1
                date_diff 'quarter' ; date:1969-12-31 ; date:1970-01-01 = 1
                datediff 'ns' ; ts:1969-12-31 23:59:59.999999999 ; ts:1970-01-01 = 1
                date_add ts:2024-01-31 ; month:1 month = 2024-02-29 00:00:00
                last_day date:2024-02-10 = 2024-02-29
                last_day ts:2023-12-31 23:00 = 2023-12-31
                """);
    }

    @TestFactory
    Stream<DynamicTest> parts() {
        return FunctionTable.tests("""
                extract 'year' ; ts:2024-08-09 13:05:04.525430833 = 2024
                extract 'quarter' ; ts:2024-08-09 13:05:04.525430833 = 3
                extract 'month' ; ts:2024-08-09 13:05:04.525430833 = 8
                extract 'week' ; ts:2024-08-09 13:05:04.525430833 = 32
                extract 'day' ; ts:2024-08-09 13:05:04.525430833 = 9
                extract 'dow' ; ts:2024-08-11 = 0
                extract 'isodow' ; ts:2024-08-11 = 7
                extract 'doy' ; ts:2024-12-31 = 366
                extract 'hour' ; ts:2024-08-09 13:05:04.525430833 = 13
                extract 'minute' ; ts:2024-08-09 13:05:04.525430833 = 5
                extract 'second' ; ts:2024-08-09 13:05:04.525430833 = 4
                extract 'milliseconds' ; ts:2024-08-09 13:05:04.525430833 = 4525
                extract 'microseconds' ; ts:2024-08-09 13:05:04.525430833 = 4525430
                extract 'nanosecond' ; ts:2024-08-09 13:05:04.525430833 = 4525430833
                extract 'epoch' ; ts:1969-12-31 23:59:59.5 = -1
                extract 'decade' ; ts:2024-08-09 = 202
                extract 'century' ; ts:2000-08-09 = 20
                extract 'century' ; ts:2001-08-09 = 21
                extract 'millennium' ; ts:2001-08-09 = 3
                extract 'isoyear' ; ts:2024-12-30 = 2025
                extract 'week' ; ts:2021-01-03 = 53
                extract 'hour' ; ts:1969-12-31 23:59:59.5 = 23
                extract 'year' ; date:-0044-03-15 = -45
                extract 'century' ; date:-0044-03-15 = -1
                extract 'epoch' ; date:-0044-03-15 = -63549360000
                extract 'hour' ; date:9999-12-31 = 0
                extract 'day' ; date:2024-02-29 = 29
                extract 'hour' ; time:13:05:04 = 13
                extract 'day' ; time:13:05:04 = !22023
                extract 'hour' ; day:1 day 02:00:00 = 2
                extract 'day' ; day:1 day 02:00:00 = 1
                extract 'hour' ; day:-1 day -02:00:00 = -2
                extract 'year' ; month:14 months = 1
                extract 'month' ; month:14 months = 2
                extract 'week' ; day:1 day = !22023
                extract 'fnord' ; ts:2024-08-09 = !22023
                date_part 'year' ; ts:2024-08-09 = 2024
                year date:2024-08-09 = 2024
                month ts:2024-08-09 = 8
                day ts:2024-08-09 = 9
                hour ts:2024-08-09 13:05 = 13
                minute ts:2024-08-09 13:05 = 5
                second ts:2024-08-09 13:05:59.9 = 59
                week date:2024-01-01 = 1
                quarter date:2024-12-31 = 4
                dayofyear date:2024-12-31 = 366
                dayofweek ts:2024-08-11 = 1
                dayofweek date:2024-08-10 = 7
                dayofmonth date:2024-08-10 = 10
                year null = NULL
                year 5 = !42883
                """);
    }

    @TestFactory
    Stream<DynamicTest> conversions() {
        return FunctionTable.tests("""
                epoch_s ts:1969-12-31 23:59:59.5 = -1
                epoch_ms ts:2024-08-09 13:05:04.525430833 = 1723208704525
                epoch_us ts:2024-08-09 13:05:04.525430833 = 1723208704525430
                epoch_ns ts:2024-08-09 13:05:04.525430833 = 1723208704525430833
                epoch_s date:1970-01-02 = 86400
                epoch_ms day:1 second = 1000
                to_timestamp 1723208704 = 2024-08-09 13:05:04
                to_timestamp 1723208704i = 2024-08-09 13:05:04
                to_timestamp -0.5 = 1969-12-31 23:59:59.5
                to_timestamp 1723208704.525430833m = 2024-08-09 13:05:04.525430833
                to_timestamp '2024-08-09T13:05:04Z' = 2024-08-09 13:05:04
                to_timestamp 'soon' = !22007
                to_timestamp 1e10 = !22008
                to_timestamp NaN = !22008
                to_timestamp 9223372037 = !22008
                to_timestamp 99999999999.5m = !22008
                to_timestamp_ms -1 = 1969-12-31 23:59:59.999
                to_timestamp_us 1 = 1970-01-01 00:00:00.000001
                to_timestamp_ns 1 = 1970-01-01 00:00:00.000000001
                to_timestamp_us 9223372036854776 = !22008
                make_date 2024 ; 2 ; 29 = 2024-02-29
                make_date 2023 ; 2 ; 29 = !22008
                make_date 2023 ; 13 ; 1 = !22008
                make_date 2023 ; 0 ; 1 = !22008
                make_time 13 ; 5 ; 4.5 = 13:05:04.5
                make_time 24 ; 0 ; 0.0 = !22008
                make_time 0 ; 0 ; 60.0 = !22008
                make_timestamp 1969 ; 12 ; 31 ; 23 ; 59 ; 59.25 = 1969-12-31 23:59:59.25
                make_timestamp 2969 ; 12 ; 31 ; 23 ; 59 ; 59.25 = !22008
                now = 2024-08-09 00:05:04.525430833
                current_timestamp = 2024-08-09 00:05:04.525430833
                current_date = 2024-08-09
                current_time = 00:05:04.525430833
                to_char ts:2024-08-09 13:05:04.525430833 ; 'YYYY-MM-DD HH24:MI:SS.US' = 2024-08-09 13:05:04.525430
                to_char ts:2024-08-09 13:05:04.525430833 ; 'Dy, DD Mon YY HH12:MI AM "at" NS' = Fri, 09 Aug 24 01:05 PM at 525430833
                to_char ts:2024-08-09 00:05:04 ; 'DAY month Q DDD IW ID D HH am' = FRIDAY august 3 222 32 5 6 12 am
                strftime ts:2024-08-09 13:05:04.525430833 ; '%Y-%m-%d %H:%M:%S.%g %% %A %b %j %I%p' = 2024-08-09 13:05:04.525 % Friday Aug 222 01PM
                strftime date:2024-08-09 ; '%F %T %s' = 2024-08-09 00:00:00 1723161600
                strftime ts:2024-08-09 ; '%!' = !22023
                strftime ts:2024-08-09 ; '%' = !22023
                dayname ts:1970-01-01 = Thursday
                monthname date:2024-12-01 = December
                """);
    }

    @Test
    void constantWidthsGiveTheFloorOfExactArithmetic() {
        Random random = new Random(5);
        try (Columns columns = new Columns()) {
            for (int round = 0; round < 400; round++) {
                long width = Math.max(1, random.nextLong() >>> (1 + random.nextInt(62)));
                int rows = 64;
                Object[] values = new Object[rows];
                for (int i = 0; i < rows; i++) {
                    long any = random.nextLong() >> random.nextInt(60);
                    // exactly on a boundary, and one beside it, is where an estimate would fail
                    values[i] = i % 2 == 0 ? any : (any / width) * width + random.nextInt(3) - 1;
                }
                ColumnVector column = columns.of(ColumnType.BIGINT, values);
                ScalarFunction xbar =
                        FunctionRegistry.standard().scalar("xbar", List.of(ColumnType.BIGINT, ColumnType.BIGINT));
                for (int i = 0; i < rows; i++) {
                    BigInteger value = BigInteger.valueOf((long) values[i]);
                    BigInteger floor = value.subtract(value.mod(BigInteger.valueOf(width)));
                    if (floor.bitLength() > 63) {
                        continue;
                    }
                    Object answer = columns.call(
                                    xbar, new int[] {i}, rows, column, columns.constant(ColumnType.BIGINT, width))
                            .get(0);
                    assertThat(answer).as("xbar(%s, %d)", value, width).isEqualTo(floor.longValue());
                }
            }
        }
    }

    @Test
    void truncationInZonesAgreesWithJavaTime() {
        Random random = new Random(6);
        try (Columns columns = new Columns()) {
            for (String zone : List.of("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")) {
                Object[] values = new Object[500];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextInt(2_000_000_000) * 1_000_000_000L + random.nextInt(1_000_000_000);
                }
                ScalarFunction trunc = FunctionRegistry.standard()
                        .scalar("date_trunc", List.of(ColumnType.VARCHAR, ColumnType.TIMESTAMP_NS, ColumnType.VARCHAR));
                List<Object> answers = columns.call(
                        trunc,
                        null,
                        values.length,
                        columns.constant(ColumnType.VARCHAR, "day"),
                        columns.of(ColumnType.TIMESTAMP_NS, values),
                        columns.constant(ColumnType.VARCHAR, zone));
                for (int i = 0; i < values.length; i++) {
                    LocalDateTime local =
                            LocalDateTime.ofInstant(Instant.EPOCH.plusNanos((long) values[i]), ZoneId.of(zone));
                    Instant start = local.truncatedTo(ChronoUnit.DAYS)
                            .atZone(ZoneId.of(zone))
                            .toInstant();
                    assertThat(answers.get(i))
                            .as(local + " " + zone)
                            .isEqualTo(ChronoUnit.NANOS.between(Instant.EPOCH, start));
                }
            }
        }
    }

    @Test
    void extractAgreesWithJavaTime() {
        Random random = new Random(7);
        try (Columns columns = new Columns()) {
            Object[] values = new Object[2000];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextLong() / 2;
            }
            ColumnVector times = columns.of(ColumnType.TIMESTAMP_NS, values);
            for (String part : List.of("year", "month", "day", "hour", "minute", "second", "dayofyear", "isodow")) {
                ScalarFunction function = FunctionRegistry.standard().scalar(part, List.of(ColumnType.TIMESTAMP_NS));
                List<Object> answers = columns.call(function, null, values.length, times);
                for (int i = 0; i < values.length; i++) {
                    LocalDateTime time =
                            LocalDateTime.ofInstant(Instant.EPOCH.plusNanos((long) values[i]), ZoneOffset.UTC);
                    int expected = switch (part) {
                        case "year" -> time.getYear();
                        case "month" -> time.getMonthValue();
                        case "day" -> time.getDayOfMonth();
                        case "hour" -> time.getHour();
                        case "minute" -> time.getMinute();
                        case "second" -> time.getSecond();
                        case "dayofyear" -> time.getDayOfYear();
                        default -> time.getDayOfWeek().getValue();
                    };
                    assertThat(answers.get(i)).as(part + " of " + time).isEqualTo((long) expected);
                }
            }
        }
    }
}
