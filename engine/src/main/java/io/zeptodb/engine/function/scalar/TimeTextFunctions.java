package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.CivilDate;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.TextLimit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times written by a pattern: to_char with PostgreSQL's letters, strftime with C's, and the names of days and months. English. */
final class TimeTextFunctions {
    private static final String[] MONTHS = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"
    };
    private static final String[] DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    /** Longer ones before those that they begin with. */
    private static final String[] PATTERNS = {
        "YYYY", "IYYY", "HH24", "HH12", "MONTH", "Month", "month", "Mon", "MON", "mon", "DDD", "DAY", "Day", "day",
        "Dy", "DY", "dy", "YY", "MM", "DD", "HH", "MI", "SS", "MS", "US", "NS", "IW", "ID", "AM", "PM", "am", "pm", "Q",
        "D"
    };

    private static final int SHORT_NAME = 3;
    private static final String SAMPLE = "TIMESTAMP '2024-08-09 13:05:04.525430833'";

    /** A field takes as long as so many bytes of text. */
    private static final int FIELD_WORK = 32;

    private TimeTextFunctions() {}

    static List<FunctionDefinition> definitions() {
        return new Section("Time", TimeTextFunctions::resolve)
                .add(
                        "to_char",
                        "to_char(ts, pattern)",
                        "A time as text. Pattern: YYYY YY MM DD DDD HH24 HH12 MI SS MS US NS AM Q IW IYYY D ID Month Mon Day Dy; text in double quotes"
                                + " and other characters stay.",
                        "SELECT to_char(" + SAMPLE + ", 'DD Mon YYYY HH24:MI:SS.MS')",
                        "09 Aug 2024 13:05:04.525")
                .add(
                        "strftime",
                        "strftime(ts, format)",
                        "A time as text. Format: %Y %y %m %d %j %H %I %M %S %p %f (microseconds) %g (milliseconds) %n (nanoseconds) %A %a %B %b %u %w %V %G"
                                + " %F %T %s %%.",
                        "SELECT strftime(" + SAMPLE + ", '%Y-%m-%dT%H:%M:%S')",
                        "2024-08-09T13:05:04")
                .add(
                        "dayname",
                        "dayname(ts)",
                        "The English name of the day of the week.",
                        "SELECT dayname(" + SAMPLE + ")",
                        "Friday")
                .add(
                        "monthname",
                        "monthname(ts)",
                        "The English name of the month.",
                        "SELECT monthname(" + SAMPLE + ")",
                        "August")
                .definitions();
    }

    private static @Nullable ScalarFunction resolve(Call call) {
        ColumnType timestamp = ColumnType.TIMESTAMP_NS;
        ColumnType text = ColumnType.VARCHAR;
        return switch (call.name()) {
            case "to_char" ->
                call.total(
                        text,
                        TextLoops.rows((arguments, row, result, work) -> result.setText(
                                row, toChar(new Fields(arguments[0], row), arguments[1].getText(row), work))),
                        timestamp,
                        text);
            case "strftime" ->
                call.partial(
                        text,
                        TextLoops.rows((arguments, row, result, work) -> result.setText(
                                row, strftime(new Fields(arguments[0], row), arguments[1].getText(row), work))),
                        timestamp,
                        text);
            case "dayname" ->
                call.total(
                        text,
                        TextLoops.rows((arguments, row, result, work) ->
                                result.setText(row, new Fields(arguments[0], row).dayName())),
                        timestamp);
            default ->
                call.total(
                        text,
                        TextLoops.rows((arguments, row, result, work) ->
                                result.setText(row, new Fields(arguments[0], row).monthName())),
                        timestamp);
        };
    }

    /** The parts of one time. */
    private static final class Fields {
        final int day;
        final int date;
        final long ofDay;
        final long timestamp;

        Fields(ColumnVector times, int row) {
            timestamp = times.getLong(row);
            day = (int) Math.floorDiv(timestamp, CivilDate.DAY_NANOS);
            date = CivilDate.ofDays(day);
            ofDay = timestamp - day * CivilDate.DAY_NANOS;
        }

        int hour() {
            return (int) (ofDay / DatePart.HOUR.nanos());
        }

        int hour12() {
            return (hour() + 11) % 12 + 1;
        }

        int minute() {
            return (int) (ofDay / DatePart.MINUTE.nanos() % 60);
        }

        int second() {
            return (int) (ofDay / DatePart.SECOND_NANOS % 60);
        }

        int nanos() {
            return (int) (ofDay % DatePart.SECOND_NANOS);
        }

        String dayName() {
            return DAYS[CivilDate.isoWeekday(day) - 1];
        }

        String monthName() {
            return MONTHS[CivilDate.month(date) - 1];
        }
    }

    private static String digits(long value, int width) {
        String text = Long.toString(value);
        return text.length() >= width ? text : "0".repeat(width - text.length()) + text;
    }

    private static String toChar(Fields time, String pattern, WorkMeter work) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < pattern.length()) {
            if (pattern.charAt(at) == '"') {
                int end = pattern.indexOf('"', at + 1);
                int stop = end < 0 ? pattern.length() : end;
                text.append(pattern, at + 1, stop);
                at = stop + 1;
                continue;
            }
            work.add(FIELD_WORK);
            String found = null;
            for (String candidate : PATTERNS) {
                if (pattern.startsWith(candidate, at)) {
                    found = candidate;
                    break;
                }
            }
            if (found == null) {
                text.append(pattern.charAt(at++));
            } else {
                text.append(field(time, found));
                TextLimit.check("to_char", text.length());
                at += found.length();
            }
        }
        return text.toString();
    }

    private static String field(Fields time, String pattern) {
        return switch (pattern) {
            case "YYYY" -> digits(CivilDate.year(time.date), 4);
            case "YY" -> digits(Math.floorMod(CivilDate.year(time.date), 100), 2);
            case "IYYY" -> digits(CivilDate.isoYear(time.day), 4);
            case "MM" -> digits(CivilDate.month(time.date), 2);
            case "DD" -> digits(CivilDate.day(time.date), 2);
            case "DDD" -> digits(CivilDate.dayOfYear(time.day), 3);
            case "HH24" -> digits(time.hour(), 2);
            case "HH", "HH12" -> digits(time.hour12(), 2);
            case "MI" -> digits(time.minute(), 2);
            case "SS" -> digits(time.second(), 2);
            case "MS" -> digits(time.nanos() / 1_000_000, 3);
            case "US" -> digits(time.nanos() / 1_000, 6);
            case "NS" -> digits(time.nanos(), 9);
            case "AM", "PM" -> time.hour() < 12 ? "AM" : "PM";
            case "am", "pm" -> time.hour() < 12 ? "am" : "pm";
            case "Q" -> digits((CivilDate.month(time.date) - 1) / 3 + 1, 1);
            case "IW" -> digits(CivilDate.isoWeek(time.day), 2);
            case "ID" -> digits(CivilDate.isoWeekday(time.day), 1);
            case "D" -> digits(CivilDate.isoWeekday(time.day) % 7 + 1, 1);
            default -> name(time, pattern);
        };
    }

    private static String name(Fields time, String pattern) {
        boolean isDay = Character.toLowerCase(pattern.charAt(0)) == 'd';
        String full = isDay ? time.dayName() : time.monthName();
        boolean shortForm = pattern.length() == 2 || (pattern.length() == 3 && !isDay);
        String name = shortForm ? full.substring(0, SHORT_NAME) : full;
        if (Character.isUpperCase(pattern.charAt(1))) {
            return name.toUpperCase(Locale.ROOT);
        }
        return Character.isUpperCase(pattern.charAt(0)) ? name : name.toLowerCase(Locale.ROOT);
    }

    private static String strftime(Fields time, String format, WorkMeter work) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char c = format.charAt(at);
            if (c != '%') {
                text.append(c);
            } else if (++at == format.length()) {
                throw Failures.invalidArgument("strftime", "the format '" + format + "' ends with %");
            } else {
                work.add(FIELD_WORK);
                text.append(directive(time, format.charAt(at), format));
                TextLimit.check("strftime", text.length());
            }
        }
        return text.toString();
    }

    private static String directive(Fields time, char letter, String format) {
        return switch (letter) {
            case 'Y' -> digits(CivilDate.year(time.date), 4);
            case 'y' -> field(time, "YY");
            case 'm' -> field(time, "MM");
            case 'd' -> field(time, "DD");
            case 'j' -> field(time, "DDD");
            case 'H' -> field(time, "HH24");
            case 'I' -> field(time, "HH12");
            case 'M' -> field(time, "MI");
            case 'S' -> field(time, "SS");
            case 'p' -> field(time, "AM");
            case 'g' -> field(time, "MS");
            case 'f' -> field(time, "US");
            case 'n' -> field(time, "NS");
            case 'A' -> time.dayName();
            case 'a' -> time.dayName().substring(0, SHORT_NAME);
            case 'B' -> time.monthName();
            case 'b' -> time.monthName().substring(0, SHORT_NAME);
            case 'u' -> field(time, "ID");
            case 'w' -> digits(CivilDate.isoWeekday(time.day) % 7, 1);
            case 'V' -> field(time, "IW");
            case 'G' -> field(time, "IYYY");
            case 'F' -> field(time, "YYYY") + "-" + field(time, "MM") + "-" + field(time, "DD");
            case 'T' -> field(time, "HH24") + ":" + field(time, "MI") + ":" + field(time, "SS");
            case 's' -> Long.toString(Math.floorDiv(time.timestamp, DatePart.SECOND_NANOS));
            case '%' -> "%";
            default ->
                throw Failures.invalidArgument(
                        "strftime", "%" + letter + " in the format '" + format + "' is not known");
        };
    }
}
