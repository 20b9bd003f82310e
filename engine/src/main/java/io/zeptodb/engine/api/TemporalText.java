package io.zeptodb.engine.api;

/**
 * DATE, TIME and TIMESTAMP as text and back: ISO 8601 with a blank or T between date and time, up to nine fractional digits, and for
 * timestamps a zone (Z, UTC, +hh, +hhmm, +hh:mm) that is taken off, for what is stored is UTC. More than nine fractional digits are
 * refused unless zero: no digit is lost in silence. Stateless and thread-safe.
 *
 * <p>{@code tryParse…} gives {@link #INVALID} (or {@link #INVALID_DATE}) instead of an exception.
 */
public final class TemporalText {
    /** No TIME and no TIMESTAMP: the text is not one, or is outside the range. */
    public static final long INVALID = Long.MIN_VALUE;
    /** No DATE. */
    public static final int INVALID_DATE = Integer.MIN_VALUE;
    /** Most characters that {@code write…} puts. */
    public static final int MOST_CHARACTERS = 32;

    static final long SECOND_NANOS = 1_000_000_000L;
    static final long MINUTE_NANOS = 60 * SECOND_NANOS;
    static final long HOUR_NANOS = 60 * MINUTE_NANOS;
    private static final int FRACTION_DIGITS = 9;
    private static final int MOST_YEAR_DIGITS = 6;
    private static final int LAST_HOUR = 23;
    private static final int LAST_MINUTE = 59;
    private static final int MOST_ZONE_HOURS = 18;

    private TemporalText() {}

    // ---- parsing

    /**
     * Days since 1970-01-01. A time behind the date is allowed when it is midnight.
     *
     * @throws EngineException INVALID_DATETIME showing the text; DATETIME_OUT_OF_RANGE when its month does not have the day
     */
    public static int parseDate(CharSequence text) {
        int days = tryParseDate(text);
        if (days == INVALID_DATE) {
            throw refused("DATE", text, "YYYY-MM-DD");
        }
        return days;
    }

    public static int tryParseDate(CharSequence text) {
        TextCursor cursor = new TextCursor(text);
        int days = date(cursor);
        if (days == INVALID_DATE || cursor.atEnd()) {
            return days;
        }
        return takeSeparator(cursor) && timeOfDay(cursor) == 0 && cursor.atEnd() ? days : INVALID_DATE;
    }

    /**
     * Nanoseconds of the day.
     *
     * @throws EngineException INVALID_DATETIME showing the text
     */
    public static long parseTime(CharSequence text) {
        long nanos = tryParseTime(text);
        if (nanos == INVALID) {
            throw invalid("TIME", text, "hh:mm:ss[.fffffffff]");
        }
        return nanos;
    }

    public static long tryParseTime(CharSequence text) {
        TextCursor cursor = new TextCursor(text);
        long nanos = timeOfDay(cursor);
        return cursor.atEnd() ? nanos : INVALID;
    }

    /**
     * Nanoseconds since 1970 UTC.
     *
     * @throws EngineException INVALID_DATETIME showing the text, for one outside 1677-09-21 to 2262-04-11 too; DATETIME_OUT_OF_RANGE when its month does
     *     not have the day
     */
    public static long parseTimestamp(CharSequence text) {
        long nanos = tryParseTimestamp(text);
        if (nanos == INVALID) {
            throw refused("TIMESTAMP", text, "YYYY-MM-DD hh:mm:ss[.fffffffff][zone] between 1677-09-21 and 2262-04-11");
        }
        return nanos;
    }

    public static long tryParseTimestamp(CharSequence text) {
        TextCursor cursor = new TextCursor(text);
        int days = date(cursor);
        if (days == INVALID_DATE) {
            return INVALID;
        }
        long ofDay = 0;
        if (!cursor.atEnd()) {
            if (!takeSeparator(cursor)) {
                return INVALID;
            }
            ofDay = timeOfDay(cursor);
            long zone = cursor.atEnd() ? 0 : zoneNanos(cursor);
            if (ofDay == INVALID || zone == INVALID || !cursor.atEnd()) {
                return INVALID;
            }
            ofDay -= zone;
        }
        return plusDays(days, ofDay);
    }

    private static long plusDays(int days, long nanos) {
        // the day before the first whole one is still in range by its later hours: add the parts from the near side
        long high = Math.multiplyHigh((long) days, CivilDate.DAY_NANOS);
        long low = days * CivilDate.DAY_NANOS;
        long sum = low + nanos;
        long carry = ((low & nanos) | ((low | nanos) & ~sum)) >>> 63;
        boolean fits = high + (nanos >> 63) + carry == sum >> 63;
        return fits ? sum : INVALID;
    }

    private static int date(TextCursor cursor) {
        boolean negative = cursor.take('-');
        int year = cursor.number(4, MOST_YEAR_DIGITS);
        char separator = cursor.take();
        if (year < 0 || (separator != '-' && separator != '/')) {
            return INVALID_DATE;
        }
        int month = cursor.number(1, 2);
        if (month < 1 || month > 12 || !cursor.take(separator)) {
            return INVALID_DATE;
        }
        int day = cursor.number(1, 2);
        int signedYear = negative ? -year : year;
        if (day < 1 || day > CivilDate.lengthOfMonth(signedYear, month)) {
            return INVALID_DATE;
        }
        return CivilDate.toDays(signedYear, month, day);
    }

    private static boolean takeSeparator(TextCursor cursor) {
        if (cursor.take('T') || cursor.take('t')) {
            return true;
        }
        boolean blank = cursor.peek() == ' ';
        cursor.skipBlanks();
        return blank;
    }

    private static long timeOfDay(TextCursor cursor) {
        int hour = cursor.number(1, 2);
        if (hour < 0 || hour > LAST_HOUR || !cursor.take(':')) {
            return INVALID;
        }
        int minute = cursor.number(2, 2);
        if (minute < 0 || minute > LAST_MINUTE) {
            return INVALID;
        }
        long nanos = hour * HOUR_NANOS + minute * MINUTE_NANOS;
        if (!cursor.take(':')) {
            return nanos;
        }
        int second = cursor.number(2, 2);
        if (second < 0 || second > LAST_MINUTE) {
            return INVALID;
        }
        nanos += second * SECOND_NANOS;
        if (cursor.take('.') || cursor.take(',')) {
            long fraction = cursor.fraction(FRACTION_DIGITS);
            return fraction < 0 ? INVALID : nanos + fraction;
        }
        return nanos;
    }

    private static long zoneNanos(TextCursor cursor) {
        cursor.skipBlanks();
        char first = cursor.take();
        if (first == 'Z' || first == 'z') {
            return 0;
        }
        if (first == 'U' || first == 'u') {
            return cursor.word().equals("tc") ? 0 : INVALID;
        }
        if (first != '+' && first != '-') {
            return INVALID;
        }
        int from = cursor.position();
        int hours = cursor.number(2, 4);
        int minutes = 0;
        if (cursor.position() - from == 4) {
            minutes = hours % 100;
            hours /= 100;
        } else if (cursor.take(':')) {
            minutes = cursor.number(2, 2);
        }
        if (hours < 0 || hours > MOST_ZONE_HOURS || minutes < 0 || minutes > LAST_MINUTE) {
            return INVALID;
        }
        long nanos = hours * HOUR_NANOS + minutes * MINUTE_NANOS;
        return first == '-' ? -nanos : nanos;
    }

    /** Of a text that begins with a date: its form may be right and the day not. */
    private static EngineException refused(String type, CharSequence text, String expected) {
        TextCursor cursor = new TextCursor(text);
        boolean negative = cursor.take('-');
        int year = cursor.number(4, MOST_YEAR_DIGITS);
        char separator = cursor.take();
        int month = cursor.number(1, 2);
        boolean formed = year >= 0 && (separator == '-' || separator == '/') && cursor.take(separator);
        int day = formed ? cursor.number(1, 2) : 0;
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return invalid(type, text, expected);
        }
        int days = CivilDate.lengthOfMonth(negative ? -year : year, month);
        return day <= days
                ? invalid(type, text, expected)
                : new EngineException(
                        ErrorCode.DATETIME_OUT_OF_RANGE,
                        "'" + text + "' is not a " + type + ": there is no day " + day + ", the month has " + days);
    }

    private static EngineException invalid(String type, CharSequence text, String expected) {
        return new EngineException(
                ErrorCode.INVALID_DATETIME, "'" + text + "' is not a " + type + ": expected " + expected);
    }

    // ---- formatting

    /** As {@code 2024-08-09}. */
    public static String formatDate(int days) {
        byte[] into = new byte[MOST_CHARACTERS];
        return ascii(into, writeDate(days, into, 0));
    }

    /** As {@code 00:05:04.525430833}, without trailing zeros. */
    public static String formatTime(long nanosOfDay) {
        byte[] into = new byte[MOST_CHARACTERS];
        return ascii(into, writeTime(nanosOfDay, into, 0));
    }

    /** As {@code 2024-08-09 00:05:04.525430833}, without trailing zeros of the fraction. */
    public static String formatTimestamp(long nanos) {
        byte[] into = new byte[MOST_CHARACTERS];
        return ascii(into, writeTimestamp(nanos, into, 0));
    }

    private static String ascii(byte[] bytes, int length) {
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Writes a date as ASCII at {@code at}; gives the place behind it. */
    public static int writeDate(int days, byte[] into, int at) {
        int packed = CivilDate.ofDays(days);
        int year = CivilDate.year(packed);
        int next = at;
        if (year < 0) {
            into[next++] = '-';
            year = -year;
        }
        int digits = year > 999_999 ? 7 : year > 99_999 ? 6 : year > 9_999 ? 5 : 4;
        next = writeDigits(year, digits, into, next);
        into[next++] = '-';
        next = writeDigits(CivilDate.month(packed), 2, into, next);
        into[next++] = '-';
        return writeDigits(CivilDate.day(packed), 2, into, next);
    }

    /** Writes a time of the day as ASCII at {@code at}; gives the place behind it. */
    public static int writeTime(long nanosOfDay, byte[] into, int at) {
        int seconds = (int) (nanosOfDay / SECOND_NANOS);
        int next = writeDigits(seconds / 3600, 2, into, at);
        into[next++] = ':';
        next = writeDigits(seconds / 60 % 60, 2, into, next);
        into[next++] = ':';
        next = writeDigits(seconds % 60, 2, into, next);
        return writeFraction((int) (nanosOfDay - seconds * SECOND_NANOS), into, next);
    }

    /** Writes nanoseconds since 1970 as date, blank and time in ASCII at {@code at}; gives the place behind it. */
    public static int writeTimestamp(long nanos, byte[] into, int at) {
        long days = Math.floorDiv(nanos, CivilDate.DAY_NANOS);
        int next = writeDate((int) days, into, at);
        into[next++] = ' ';
        return writeTime(nanos - days * CivilDate.DAY_NANOS, into, next);
    }

    /** Writes a fraction of a second with its point and without trailing zeros; nothing when it is zero. */
    static int writeFraction(int nanos, byte[] into, int at) {
        if (nanos == 0) {
            return at;
        }
        into[at] = '.';
        int next = writeDigits(nanos, FRACTION_DIGITS, into, at + 1);
        while (into[next - 1] == '0') {
            next--;
        }
        return next;
    }

    static int writeDigits(int value, int digits, byte[] into, int at) {
        int rest = value;
        for (int i = at + digits - 1; i >= at; i--) {
            into[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}
