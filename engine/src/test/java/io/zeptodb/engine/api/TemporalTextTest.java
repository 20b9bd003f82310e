package io.zeptodb.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemporalTextTest {
    @Test
    void theCalendarIsThatOfJavaTime() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            int days = i < 1000 ? i - 500 : random.nextInt(730_000_000) - 365_000_000;
            LocalDate date = LocalDate.ofEpochDay(days);
            int packed = CivilDate.ofDays(days);
            assertThat(CivilDate.year(packed)).as(date.toString()).isEqualTo(date.getYear());
            assertThat(CivilDate.month(packed)).as(date.toString()).isEqualTo(date.getMonthValue());
            assertThat(CivilDate.day(packed)).as(date.toString()).isEqualTo(date.getDayOfMonth());
            assertThat(CivilDate.toDays(date.getYear(), date.getMonthValue(), date.getDayOfMonth()))
                    .isEqualTo(days);
            assertThat(CivilDate.isoWeekday(days)).isEqualTo(date.getDayOfWeek().getValue());
            assertThat(CivilDate.dayOfYear(days)).isEqualTo(date.getDayOfYear());
            assertThat(CivilDate.isoWeek(days)).isEqualTo(date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            assertThat(CivilDate.isoYear(days)).isEqualTo(date.get(IsoFields.WEEK_BASED_YEAR));
            assertThat(CivilDate.weekStart(days))
                    .isEqualTo((int) date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
                            .toEpochDay());
            assertThat(CivilDate.lengthOfMonth(date.getYear(), date.getMonthValue()))
                    .isEqualTo(date.lengthOfMonth());
            int months = random.nextInt(2000) - 1000;
            assertThat(CivilDate.plusMonths(days, months))
                    .isEqualTo((int) date.plusMonths(months).toEpochDay());
            assertThat(CivilDate.monthStart(CivilDate.toMonths(days)))
                    .isEqualTo((int) date.withDayOfMonth(1).toEpochDay());
        }
    }

    @Test
    void everyTimestampReadsBackAsItself() {
        Random random = new Random(8);
        for (int i = 0; i < 100_000; i++) {
            long nanos = switch (i % 4) {
                case 0 -> random.nextLong();
                case 1 -> random.nextLong() / 1_000_000_000 * 1_000_000_000;
                case 2 -> random.nextInt();
                default -> random.nextLong() >> 20;
            };
            nanos = nanos == Long.MIN_VALUE ? 0 : nanos;
            String text = TemporalText.formatTimestamp(nanos);
            assertThat(TemporalText.parseTimestamp(text)).as(text).isEqualTo(nanos);
            Instant instant = Instant.EPOCH.plus(nanos, ChronoUnit.NANOS);
            assertThat(TemporalText.parseTimestamp(instant.toString()))
                    .as(instant.toString())
                    .isEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2024-08-09 00:05:04.525430833, 2024-08-09T00:05:04.525430833Z",
        "2024-08-09T00:05:04.525430833, 2024-08-09T00:05:04.525430833Z",
        "2024-08-09T00:05:04.5Z, 2024-08-09T00:05:04.5Z",
        "2024-08-09T00:05:04.5+02:00, 2024-08-08T22:05:04.5Z",
        "2024-08-09T00:05:04-0930, 2024-08-09T09:35:04Z",
        "2024-08-09 00:05:04+00, 2024-08-09T00:05:04Z",
        "2024-08-09 00:05:04 UTC, 2024-08-09T00:05:04Z",
        "2024-08-09 00:05, 2024-08-09T00:05:00Z",
        "'  2024-8-9  ', 2024-08-09T00:00:00Z",
        "2024/08/09 1:02:03, 2024-08-09T01:02:03Z",
        "1969-12-31 23:59:59.999999999, 1969-12-31T23:59:59.999999999Z",
        "2000-02-29, 2000-02-29T00:00:00Z",
        "2024-08-09 00:00:00.1234567890000, 2024-08-09T00:00:00.123456789Z",
        "2262-04-11 23:47:16.854775807, 2262-04-11T23:47:16.854775807Z",
        "1677-09-21 00:12:43.145224193, 1677-09-21T00:12:43.145224193Z",
    })
    void readsIso8601(String text, Instant expected) {
        assertThat(TemporalText.parseTimestamp(text))
                .isEqualTo(java.math.BigInteger.valueOf(expected.getEpochSecond())
                        .multiply(java.math.BigInteger.valueOf(1_000_000_000))
                        .add(java.math.BigInteger.valueOf(expected.getNano()))
                        .longValueExact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"2024-02-30", "2023-02-29", "2024/4/31", "-0004-02-30", "1900-02-29", "2024-02-30 00:00:00"})
    void refusesADayThatTheMonthDoesNotHave(String text) {
        for (Runnable parse :
                List.<Runnable>of(() -> TemporalText.parseTimestamp(text), () -> TemporalText.parseDate(text))) {
            assertThatThrownBy(parse::run)
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("'" + text + "'")
                    .hasMessageContaining("there is no day ")
                    .extracting(e -> ((EngineException) e).sqlState())
                    .isEqualTo("22008");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "2024",
                "2024-02-32",
                "2024-02-00",
                "2024-02-3x",
                "2024-13-01",
                "2024-00-01",
                "2024-01-00",
                "2024-01-01x",
                "2024-01-01 24:00:00",
                "2024-01-01 00:60:00",
                "2024-01-01 00:00:60",
                "2024-01-01 1",
                "2024-01-01 00:00:00.",
                "2024-01-01 00:00:00.1234567891",
                "2262-04-11 23:47:16.854775808",
                "1677-09-21 00:12:43.145224191",
                "2024-01-01 00:00:00 PST",
                "2024-01-01 00:00:00+",
                "2024-01-01 00:00:00+19",
                "2024-01-01 00:00:00+01:60",
                "2024-01/01",
                "20240101",
                "99999-01-01",
                "2024-01-01 00:00:00+01:00x",
                "2024-01-01T",
                "+2024-01-01",
                "٢٠٢٤-01-01"
            })
    void refusesWhatIsNoTimestampAndShowsIt(String text) {
        assertThat(TemporalText.tryParseTimestamp(text)).isEqualTo(TemporalText.INVALID);
        assertThatThrownBy(() -> TemporalText.parseTimestamp(text))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("'" + text + "'")
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo("22007");
    }

    @Test
    void readsAndWritesDatesAndTimes() {
        assertThat(TemporalText.parseDate("1969-12-31")).isEqualTo(-1);
        assertThat(TemporalText.parseDate("2024-08-09 00:00:00")).isEqualTo(19_944);
        assertThat(TemporalText.tryParseDate("2024-08-09 00:00:01")).isEqualTo(TemporalText.INVALID_DATE);
        assertThat(TemporalText.formatDate(TemporalText.parseDate("-0044-03-15")))
                .isEqualTo("-0044-03-15");
        assertThat(TemporalText.formatDate(TemporalText.parseDate("123456-01-02")))
                .isEqualTo("123456-01-02");
        assertThat(TemporalText.parseTime("23:59:59.999999999")).isEqualTo(CivilDate.DAY_NANOS - 1);
        assertThat(TemporalText.formatTime(CivilDate.DAY_NANOS - 1)).isEqualTo("23:59:59.999999999");
        assertThat(TemporalText.formatTime(3_600_000_000_000L)).isEqualTo("01:00:00");
        assertThat(TemporalText.formatTime(500_000_000L)).isEqualTo("00:00:00.5");
        assertThatThrownBy(() -> TemporalText.parseTime("25:00")).hasMessageContaining("'25:00' is not a TIME");
        assertThatThrownBy(() -> TemporalText.parseDate("soon")).hasMessageContaining("'soon' is not a DATE");
    }

    @ParameterizedTest
    @CsvSource({
        "5 minutes, 300000000000, 00:05:00",
        "5m, 300000000000, 00:05:00",
        "1h30m, 5400000000000, 01:30:00",
        "1 day 02:00:00, 93600000000000, 1 day 02:00:00",
        "-1 day -01:00, -90000000000000, -1 days -01:00:00",
        "1.5 hours, 5400000000000, 01:30:00",
        "0.000000001s, 1, 00:00:00.000000001",
        "10 ns 2us 3 ms, 3002010, 00:00:00.00300201",
        "2 weeks, 1209600000000000, 14 days",
        "0s, 0, 00:00:00",
        "-0.5 days, -43200000000000, -12:00:00",
        "100:00, 360000000000000, 4 days 04:00:00",
    })
    void readsAndWritesIntervalsOfDays(String text, long nanos, String written) {
        assertThat(IntervalText.parseNanos(text)).isEqualTo(nanos);
        assertThat(IntervalText.formatNanos(nanos)).isEqualTo(written);
        assertThat(IntervalText.parseNanos(written)).isEqualTo(nanos);
    }

    @Test
    void readsAndWritesIntervalsOfMonths() {
        assertThat(IntervalText.parseMonths("1 year 2 months")).isEqualTo(14);
        assertThat(IntervalText.parseMonths("-3 mons")).isEqualTo(-3);
        assertThat(IntervalText.parseMonths("1 quarter")).isEqualTo(3);
        assertThat(IntervalText.formatMonths(14)).isEqualTo("1 year 2 mons");
        assertThat(IntervalText.formatMonths(24)).isEqualTo("2 years");
        assertThat(IntervalText.formatMonths(0)).isEqualTo("0 mons");
        assertThat(IntervalText.formatMonths(1)).isEqualTo("1 mon");
        assertThatThrownBy(() -> IntervalText.parseNanos("1 month")).hasMessageContaining("no fixed length");
        assertThatThrownBy(() -> IntervalText.parseMonths("1 day")).hasMessageContaining("names weeks, days");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "minutes", "5 parsecs", "1.5 months", "1:2", "1:60", "1..5s", "9999999999999999999s"})
    void refusesWhatIsNoInterval(String text) {
        assertThatThrownBy(() -> IntervalText.parse(text))
                .isInstanceOf(EngineException.class)
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo("22007");
    }

    @Test
    void refusesIntervalsThatAreTooLong() {
        assertThatThrownBy(() -> IntervalText.parse("200000 days"))
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo("22008");
        assertThatThrownBy(() -> IntervalText.parse("999999999999 years"))
                .extracting(e -> ((EngineException) e).sqlState())
                .isEqualTo("22008");
    }
}
