package io.zeptodb.engine.api;

/**
 * Intervals as text and back: {@code 5 minutes}, {@code 1 day 02:00:00}, {@code 1h30m}, {@code 2 mons}. What has a calendar (years,
 * months) and what has a length (weeks and less) are different types; a text with both parts is neither. Units are compared without
 * case; {@code m} is a minute, {@code mo} a month. Stateless and thread-safe.
 */
public final class IntervalText {
    private static final int FRACTION_DIGITS = 9;
    private static final long FRACTION_UNIT = 1_000_000_000L;
    private static final int MONTHS_OF_YEAR = 12;
    private static final long WEEK_DAYS = 7;
    private static final int MOST_DIGITS = 18;

    private IntervalText() {}

    /**
     * What an interval says.
     *
     * @param months of an INTERVAL YEAR TO MONTH
     * @param nanos of an INTERVAL DAY TO SECOND
     * @param hasMonths whether a year or month was named
     * @param hasNanos whether a week or something smaller was named
     */
    public record Parts(long months, long nanos, boolean hasMonths, boolean hasNanos) {}

    /**
     * Reads an interval of either kind.
     *
     * @throws EngineException INVALID_DATETIME showing the text; DATETIME_OUT_OF_RANGE when it is too long
     */
    public static Parts parse(CharSequence text) {
        try {
            return new Reader(text).read();
        } catch (ArithmeticException e) {
            throw new EngineException(
                    ErrorCode.DATETIME_OUT_OF_RANGE, "interval '" + text + "' is outside the range of its type", e);
        }
    }

    /**
     * Nanoseconds of an INTERVAL DAY TO SECOND.
     *
     * @throws EngineException as {@link #parse}, and INVALID_DATETIME when it names years or months
     */
    public static long parseNanos(CharSequence text) {
        Parts parts = parse(text);
        if (parts.hasMonths()) {
            throw new EngineException(
                    ErrorCode.INVALID_DATETIME,
                    "'" + text + "' is not an INTERVAL DAY TO SECOND: years and months have no fixed length");
        }
        return parts.nanos();
    }

    /**
     * Months of an INTERVAL YEAR TO MONTH.
     *
     * @throws EngineException as {@link #parse}, and INVALID_DATETIME when it names something smaller
     */
    public static int parseMonths(CharSequence text) {
        Parts parts = parse(text);
        if (parts.hasNanos()) {
            throw new EngineException(
                    ErrorCode.INVALID_DATETIME,
                    "'" + text + "' is not an INTERVAL YEAR TO MONTH: it names weeks, days or a time");
        }
        return (int) parts.months();
    }

    /** Nanoseconds as {@code 1 day 02:00:00.5}; days and time carry their own sign. */
    public static String formatNanos(long nanos) {
        long days = nanos / CivilDate.DAY_NANOS;
        long rest = nanos - days * CivilDate.DAY_NANOS;
        StringBuilder text = new StringBuilder();
        if (days != 0) {
            text.append(days).append(days == 1 ? " day" : " days");
            if (rest == 0) {
                return text.toString();
            }
            text.append(' ');
        }
        if (rest < 0) {
            text.append('-');
        }
        return text.append(TemporalText.formatTime(Math.abs(rest))).toString();
    }

    /** Months as {@code 1 year 2 mons}. */
    public static String formatMonths(int months) {
        int years = months / MONTHS_OF_YEAR;
        int rest = months - years * MONTHS_OF_YEAR;
        StringBuilder text = new StringBuilder();
        if (years != 0) {
            text.append(years).append(years == 1 ? " year" : " years").append(rest == 0 ? "" : " ");
        }
        if (rest != 0 || years == 0) {
            text.append(rest).append(rest == 1 ? " mon" : " mons");
        }
        return text.toString();
    }

    /** Nanoseconds of a unit of fixed length as the text names it, 0 for years and months, -1 when it is no unit. */
    private static long unitNanos(String unit) {
        return switch (unit) {
            case "y",
                    "yr",
                    "yrs",
                    "year",
                    "years",
                    "mo",
                    "mon",
                    "mons",
                    "month",
                    "months",
                    "q",
                    "quarter",
                    "quarters" -> 0;
            case "w", "week", "weeks" -> WEEK_DAYS * CivilDate.DAY_NANOS;
            case "d", "day", "days" -> CivilDate.DAY_NANOS;
            case "h", "hr", "hrs", "hour", "hours" -> TemporalText.HOUR_NANOS;
            case "m", "min", "mins", "minute", "minutes" -> TemporalText.MINUTE_NANOS;
            case "s", "sec", "secs", "second", "seconds" -> TemporalText.SECOND_NANOS;
            case "ms", "msec", "msecs", "millisecond", "milliseconds" -> 1_000_000;
            case "us", "usec", "usecs", "microsecond", "microseconds" -> 1_000;
            case "ns", "nsec", "nsecs", "nanosecond", "nanoseconds" -> 1;
            default -> -1;
        };
    }

    private static int unitMonths(String unit) {
        return unit.startsWith("y") ? MONTHS_OF_YEAR : unit.startsWith("q") ? 3 : 1;
    }

    /** Reads one text. */
    private static final class Reader {
        private final CharSequence text;
        private final TextCursor cursor;
        private long months;
        private long nanos;
        private boolean hasMonths;
        private boolean hasNanos;

        Reader(CharSequence text) {
            this.text = text;
            this.cursor = new TextCursor(text);
        }

        Parts read() {
            if (cursor.atEnd()) {
                throw invalid();
            }
            while (!cursor.atEnd()) {
                part();
                cursor.skipBlanks();
            }
            return new Parts(Math.toIntExact(months), nanos, hasMonths, hasNanos);
        }

        private void part() {
            boolean negative = cursor.take('-');
            if (!negative) {
                cursor.take('+');
            }
            int from = cursor.position();
            long whole = 0;
            while (cursor.atDigit()) {
                whole = whole * 10 + cursor.take() - '0';
            }
            int digits = cursor.position() - from;
            if (digits == 0 || digits > MOST_DIGITS) {
                throw invalid();
            }
            if (cursor.peek() == ':') {
                clock(negative, whole);
                return;
            }
            long fraction = cursor.take('.') ? cursor.fraction(FRACTION_DIGITS) : 0;
            if (fraction < 0) {
                throw invalid();
            }
            cursor.skipBlanks();
            quantity(negative ? -whole : whole, negative ? -fraction : fraction, cursor.word());
        }

        private void quantity(long whole, long fraction, String unit) {
            long length = unitNanos(unit);
            if (length < 0) {
                throw invalid();
            }
            if (length == 0) {
                if (fraction != 0) {
                    throw invalid();
                }
                hasMonths = true;
                months = Math.addExact(months, Math.multiplyExact(whole, (long) unitMonths(unit)));
                return;
            }
            hasNanos = true;
            long wholeNanos = Math.multiplyExact(whole, length);
            // less than 10^9 times at most a week: split, so that it stays within a long
            long fractionNanos =
                    fraction * (length / FRACTION_UNIT) + fraction * (length % FRACTION_UNIT) / FRACTION_UNIT;
            nanos = Math.addExact(nanos, Math.addExact(wholeNanos, fractionNanos));
        }

        private void clock(boolean negative, long hours) {
            cursor.take(':');
            int minutes = cursor.number(2, 2);
            int seconds = cursor.take(':') ? cursor.number(2, 2) : 0;
            long fraction = cursor.take('.') ? cursor.fraction(FRACTION_DIGITS) : 0;
            if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 || fraction < 0) {
                throw invalid();
            }
            long length = Math.addExact(
                    Math.multiplyExact(hours, TemporalText.HOUR_NANOS),
                    minutes * TemporalText.MINUTE_NANOS + seconds * TemporalText.SECOND_NANOS + fraction);
            hasNanos = true;
            nanos = Math.addExact(nanos, negative ? -length : length);
        }

        private EngineException invalid() {
            return new EngineException(
                    ErrorCode.INVALID_DATETIME,
                    "'" + text
                            + "' is not an INTERVAL: expected numbers with units, as '5 minutes' or '1 day 02:00:00'");
        }
    }
}
