package io.zeptodb.engine.api;

/**
 * The proleptic Gregorian calendar over days since 1970-01-01, without objects: loops over columns of dates use it. A date travels
 * packed in one int. Exact for every int of days whose year has at most six digits, far beyond what a TIMESTAMP holds.
 *
 * <p>The year is thought to begin in March, so that the leap day is its last one and the lengths of the months before it follow one
 * linear formula; eras of 400 years have all the same number of days.
 */
public final class CivilDate {
    /** Nanoseconds of a day. */
    public static final long DAY_NANOS = 86_400_000_000_000L;

    private static final int ERA_YEARS = 400;
    private static final int ERA_DAYS = 146_097;
    private static final int CENTURY_DAYS = 36_524;
    private static final int FOUR_YEARS_DAYS = 1_460;
    private static final int YEAR_DAYS = 365;
    /** From 0000-03-01 to 1970-01-01. */
    private static final int EPOCH_SHIFT = 719_468;

    private static final int FIVE_MONTHS_DAYS = 153;
    private static final int MONTHS = 12;
    /** A million years: what a packed date surely holds. */
    private static final int MOST_MONTHS = 12_000_000;

    private static final int WEEK = 7;
    /** 1970-01-01 was a Thursday, three days after a Monday. */
    private static final int EPOCH_WEEKDAY = 3;

    private static final int MONTH_SHIFT = 5;
    private static final int YEAR_SHIFT = 9;
    private static final int DAY_MASK = 31;
    private static final int MONTH_MASK = 15;

    private CivilDate() {}

    /** Days since 1970-01-01 of a date; month 1 to 12; a day past its month's end counts on into the next month. */
    public static int toDays(int year, int month, int day) {
        int shifted = month > 2 ? year : year - 1;
        int era = Math.floorDiv(shifted, ERA_YEARS);
        int yearOfEra = shifted - era * ERA_YEARS;
        int monthFromMarch = month > 2 ? month - 3 : month + 9;
        int dayOfYear = (FIVE_MONTHS_DAYS * monthFromMarch + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * YEAR_DAYS + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * ERA_DAYS + dayOfEra - EPOCH_SHIFT;
    }

    /** The date of a number of days since 1970-01-01, packed: see {@link #year}, {@link #month} and {@link #day}. */
    public static int ofDays(int days) {
        int shifted = days + EPOCH_SHIFT;
        int era = Math.floorDiv(shifted, ERA_DAYS);
        int dayOfEra = shifted - era * ERA_DAYS;
        int yearOfEra = (dayOfEra - dayOfEra / FOUR_YEARS_DAYS + dayOfEra / CENTURY_DAYS - dayOfEra / (ERA_DAYS - 1))
                / YEAR_DAYS;
        int dayOfYear = dayOfEra - (YEAR_DAYS * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / FIVE_MONTHS_DAYS;
        int day = dayOfYear - (FIVE_MONTHS_DAYS * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = yearOfEra + era * ERA_YEARS + (month <= 2 ? 1 : 0);
        return year << YEAR_SHIFT | month << MONTH_SHIFT | day;
    }

    public static int year(int packed) {
        return packed >> YEAR_SHIFT;
    }

    /** 1 to 12. */
    public static int month(int packed) {
        return packed >> MONTH_SHIFT & MONTH_MASK;
    }

    /** 1 to 31. */
    public static int day(int packed) {
        return packed & DAY_MASK;
    }

    /** Days of a month, 1 to 12. */
    public static int lengthOfMonth(int year, int month) {
        if (month == 2) {
            return isLeapYear(year) ? 29 : 28;
        }
        return 30 + ((month + (month >> 3)) & 1);
    }

    public static boolean isLeapYear(int year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % ERA_YEARS == 0);
    }

    /** 1 for Monday to 7 for Sunday. */
    public static int isoWeekday(int days) {
        return Math.floorMod(days + EPOCH_WEEKDAY, WEEK) + 1;
    }

    /** 1 to 366. */
    public static int dayOfYear(int days) {
        return days - toDays(year(ofDays(days)), 1, 1) + 1;
    }

    /** Months since January 1970. */
    public static int toMonths(int days) {
        int packed = ofDays(days);
        return (year(packed) - 1970) * MONTHS + month(packed) - 1;
    }

    /** The first day of a month counted from January 1970. */
    public static int monthStart(int months) {
        int years = Math.floorDiv(months, MONTHS);
        return toDays(1970 + years, months - years * MONTHS + 1, 1);
    }

    /** The date so many months later; the day is cut to the month's last. */
    public static int plusMonths(int days, long months) {
        int packed = ofDays(days);
        long total = (year(packed) - 1970L) * MONTHS + month(packed) - 1 + months;
        int limited = (int) Math.max(Math.min(total, MOST_MONTHS), -MOST_MONTHS);
        int years = Math.floorDiv(limited, MONTHS);
        int month = limited - years * MONTHS + 1;
        return toDays(1970 + years, month, Math.min(day(packed), lengthOfMonth(1970 + years, month)));
    }

    /** The Monday of the date's ISO week. */
    public static int weekStart(int days) {
        return days - Math.floorMod(days + EPOCH_WEEKDAY, WEEK);
    }

    /** The year that the date's ISO week belongs to: that of its Thursday. */
    public static int isoYear(int days) {
        return year(ofDays(weekStart(days) + 3));
    }

    /** ISO week of the year, 1 to 53. */
    public static int isoWeek(int days) {
        int thursday = weekStart(days) + 3;
        return (thursday - toDays(year(ofDays(thursday)), 1, 1)) / WEEK + 1;
    }
}
