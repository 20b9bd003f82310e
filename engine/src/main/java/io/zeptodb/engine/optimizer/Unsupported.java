package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.SqlPlaces;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The error for what parses and validates but cannot be planned. */
final class Unsupported {
    private static final Pattern FUNCTION = Pattern.compile("^function (\\w+)\\(");
    private static final Pattern WORDS = Pattern.compile("[^A-Za-z_]+");

    private Unsupported() {}

    /** @param construct what it is, as the user wrote it: "{@code UNNEST}", "{@code CORR(DISTINCT …)}" */
    static EngineException construct(String construct) {
        return new EngineException(ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported");
    }

    static EngineException because(String construct, String reason) {
        return new EngineException(ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported: " + reason);
    }

    /**
     * The error with a place: relations know none, so it is where the text has the first word of the message that it has at all, in capitals or as a
     * function's name; else the beginning.
     */
    static EngineException positioned(EngineException error, String sql) {
        String message = String.valueOf(error.getMessage());
        SqlPlaces.@Nullable Place found = null;
        Matcher function = FUNCTION.matcher(message);
        if (function.find()) {
            found = SqlPlaces.word(sql, function.group(1));
        }
        String[] words = WORDS.split(message);
        for (int i = 0; i < words.length && found == null; i++) {
            boolean name = words[i].length() > 1 && words[i].equals(words[i].toUpperCase(Locale.ROOT));
            found = name ? SqlPlaces.word(sql, words[i]) : null;
        }
        if (found == null && message.contains("window")) {
            found = SqlPlaces.word(sql, "OVER");
        }
        SqlPlaces.Place place = found == null ? new SqlPlaces.Place(1, 1) : found;
        return new EngineException(error.code(), message, place.line(), place.column(), error);
    }
}
