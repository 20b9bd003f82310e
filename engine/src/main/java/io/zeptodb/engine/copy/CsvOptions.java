package io.zeptodb.engine.copy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NearestName;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options of COPY for CSV files.
 *
 * @param header whether the first line names the columns; when reading, fields go to the columns it names
 * @param delimiter between fields
 * @param quote around fields
 * @param nullText what an unquoted NULL looks like
 * @param timestampFormat {@code iso}, {@code epoch_s}, {@code epoch_ms}, {@code epoch_us}, {@code epoch_ns} or a pattern of
 *     {@link DateTimeFormatter}, UTC
 * @param skipBadLines whether lines with an error are counted and left out, instead of failing the statement
 */
public record CsvOptions(
        boolean header, char delimiter, char quote, String nullText, String timestampFormat, boolean skipBadLines) {
    private static final Set<String> KNOWN = Set.of(
            "header",
            "delimiter",
            "delim",
            "sep",
            "quote",
            "null",
            "nullstr",
            "timestamp_format",
            "timestampformat",
            "on_error",
            "format");
    private static final Set<String> ONLY_READING = Set.of("timestamp_format", "timestampformat", "on_error");
    private static final Set<String> UNITS = Set.of("epoch_s", "epoch_ms", "epoch_us", "epoch_ns");

    static boolean isKnown(String option) {
        return KNOWN.contains(option);
    }

    /**
     * Reads the options of a statement.
     *
     * @param options by lower-case name
     * @throws EngineException INVALID_OPTION naming the option, its value and what is allowed
     */
    public static CsvOptions parse(Map<String, String> options) {
        for (Map.Entry<String, String> option : options.entrySet()) {
            if (!KNOWN.contains(option.getKey())) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "unknown COPY option '" + option.getKey() + "'" + NearestName.suggestion(option.getKey(), KNOWN)
                                + "; known are header, delimiter, quote, null, timestamp_format, on_error, format");
            }
        }
        String format = options.getOrDefault("format", "csv");
        if (!format.equalsIgnoreCase("csv")) {
            throw refused("format", format, "'csv'");
        }
        String onError = options.getOrDefault("on_error", "abort").toLowerCase(Locale.ROOT);
        if (!onError.equals("abort") && !onError.equals("skip")) {
            throw refused("on_error", onError, "'abort' or 'skip'");
        }
        CsvOptions parsed = new CsvOptions(
                bool("header", options.getOrDefault("header", "true")),
                character("delimiter", first(options, ",", "delimiter", "delim", "sep")),
                character("quote", options.getOrDefault("quote", "\"")),
                first(options, "", "null", "nullstr"),
                timestampFormat(first(options, "iso", "timestamp_format", "timestampformat")),
                onError.equals("skip"));
        parsed.check();
        return parsed;
    }

    /**
     * Reads the options of COPY TO.
     *
     * @throws EngineException INVALID_OPTION as {@link #parse}, and for those that only mean something when a file is read
     */
    public static CsvOptions parseToWrite(Map<String, String> options) {
        CsvOptions parsed = parse(options);
        for (String option : ONLY_READING) {
            if (options.containsKey(option)) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "COPY option " + option + " is for COPY FROM; what is written is what the query gives:"
                                + " COPY (SELECT …) TO");
            }
        }
        return parsed;
    }

    /** What cannot be told apart in a file is refused. */
    private void check() {
        if (delimiter == quote) {
            throw refused("quote", String.valueOf(quote), "another character than the delimiter");
        }
        for (int i = 0; i < nullText.length(); i++) {
            char c = nullText.charAt(i);
            if (c == delimiter || c == quote || c == '\n' || c == '\r') {
                throw refused("null", nullText, "a text without delimiter, quote and line end");
            }
        }
    }

    /** The formatter of a pattern; null for {@code iso} and the epoch units. */
    @Nullable
    DateTimeFormatter timestampPattern() {
        return isNamed(timestampFormat) ? null : formatter(timestampFormat);
    }

    /** Nanoseconds of the unit of {@code epoch_…}; 0 for other formats. */
    long epochUnitNanos() {
        return switch (timestampFormat) {
            case "epoch_s" -> 1_000_000_000L;
            case "epoch_ms" -> 1_000_000L;
            case "epoch_us" -> 1_000L;
            case "epoch_ns" -> 1L;
            default -> 0;
        };
    }

    private static String timestampFormat(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (isNamed(lower)) {
            return lower;
        }
        formatter(text); // refuses what is no pattern
        return text;
    }

    private static boolean isNamed(String format) {
        return format.equals("iso") || UNITS.contains(format);
    }

    private static DateTimeFormatter formatter(String text) {
        try {
            return DateTimeFormatter.ofPattern(text, Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw refused(
                    "timestamp_format",
                    text,
                    "iso, epoch_s, epoch_ms, epoch_us, epoch_ns or a pattern such as 'yyyy-MM-dd HH:mm:ss'");
        }
    }

    private static String first(Map<String, String> options, String otherwise, String... names) {
        for (String name : names) {
            String value = options.get(name);
            if (value != null) {
                return value;
            }
        }
        return otherwise;
    }

    private static boolean bool(String name, String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "1", "" -> true;
            case "false", "off", "0" -> false;
            default -> throw refused(name, text, "true or false");
        };
    }

    private static char character(String name, String text) {
        String one = text.equals("\\t") || text.equalsIgnoreCase("tab") ? "\t" : text;
        if (one.length() != 1 || one.charAt(0) == '\n' || one.charAt(0) == '\r') {
            throw refused(name, text, "one character");
        }
        return one.charAt(0);
    }

    private static EngineException refused(String name, String text, String allowed) {
        return new EngineException(
                ErrorCode.INVALID_OPTION, "COPY option " + name + " must be " + allowed + ", got '" + text + "'");
    }
}
