package io.zeptodb.engine.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of an option; a value that is not allowed is refused with what is. */
final class OptionText {
    private static final Pattern BYTES =
            Pattern.compile("(\\d{1,18})(?:\\.(\\d{1,3}))?\\s*([KMGT]?)I?B?|(\\d{1,3})\\s*%");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|min)?");
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1000 * NANOS_PER_MILLI;
    private static final long NANOS_PER_MINUTE = 60 * NANOS_PER_SECOND;
    private static final int BITS_PER_UNIT_STEP = 10;

    private OptionText() {}

    static long bytes(String option, String text, long whole) {
        Matcher matcher = BYTES.matcher(text.trim().toUpperCase(Locale.ROOT));
        long bytes = -1;
        if (matcher.matches() && matcher.group(4) != null) {
            int percent = Integer.parseInt(matcher.group(4));
            bytes = percent >= 1 && percent <= 100 ? (long) (whole * (percent / 100.0)) : -1;
        } else if (matcher.matches()) {
            int steps = matcher.group(3).isEmpty() ? 0 : 1 + "KMGT".indexOf(matcher.group(3));
            double unit = (double) (1L << (BITS_PER_UNIT_STEP * steps));
            String fraction = matcher.group(2) == null ? "0" : matcher.group(2);
            double value = Double.parseDouble(matcher.group(1) + "." + fraction) * unit;
            bytes = value < Long.MAX_VALUE ? (long) value : -1;
        }
        if (bytes < 1) {
            throw refused(option, text, "bytes ('1073741824'), a size ('512MB', '4GB') or a share ('75%')");
        }
        return bytes;
    }

    static int integer(EngineOption option, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text.trim());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw refused(option, text, "an integer " + least + " to " + most);
        }
        throw refused(option, text, "an integer " + least + " to " + most);
    }

    static boolean choice(EngineOption option, String text, String whenTrue, String whenFalse) {
        if (text.trim().equalsIgnoreCase(whenTrue)) {
            return true;
        }
        if (text.trim().equalsIgnoreCase(whenFalse)) {
            return false;
        }
        throw refused(option, text, "'" + whenTrue + "' or '" + whenFalse + "'");
    }

    /** The constant of an enum that the text names, compared without case. */
    static <E extends Enum<E>> E constant(EngineOption option, String text, Class<E> type) {
        StringBuilder names = new StringBuilder();
        for (E value : type.getEnumConstants()) {
            if (value.name().equalsIgnoreCase(text.trim())) {
                return value;
            }
            names.append(names.isEmpty() ? "'" : ", '")
                    .append(value.name().toLowerCase(Locale.ROOT))
                    .append('\'');
        }
        throw refused(option, text, "one of " + names);
    }

    /** Names between commas; null for a star. */
    static @Nullable List<String> folders(String text) {
        if (text.strip().equals("*")) {
            return null;
        }
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(folder -> !folder.isEmpty())
                .toList();
    }

    /** Nanoseconds of a number of milliseconds or, with a unit, seconds or minutes. */
    static long duration(EngineOption option, String text, long leastNanos, long mostNanos) {
        Matcher matcher = DURATION.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long unit = matcher.group(2) == null
                    ? NANOS_PER_MILLI
                    : switch (matcher.group(2)) {
                        case "s" -> NANOS_PER_SECOND;
                        case "m", "min" -> NANOS_PER_MINUTE;
                        default -> NANOS_PER_MILLI;
                    };
            long nanos = Long.parseLong(matcher.group(1)) * unit;
            if (nanos >= leastNanos && nanos <= mostNanos) {
                return nanos;
            }
        }
        throw refused(
                option,
                text,
                leastNanos / NANOS_PER_MILLI + " ms to " + mostNanos / NANOS_PER_MINUTE
                        + " min, such as '200ms' or '5s'");
    }

    private static EngineException refused(EngineOption option, String text, String allowed) {
        return refused(option.key(), text, allowed);
    }

    private static EngineException refused(String option, String text, String allowed) {
        return new EngineException(
                ErrorCode.INVALID_OPTION, "option " + option + " must be " + allowed + ", got '" + text + "'");
    }
}
