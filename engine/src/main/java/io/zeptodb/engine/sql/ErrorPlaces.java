package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.TextPlace;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of an error that no part of a plan could give one: relations and the values of parameters know none. It is where the text has what the
 * message names, else where the statement begins. Called once, at the edge.
 */
public final class ErrorPlaces {
    private static final Pattern FUNCTION = Pattern.compile("^(?:function )?(\\w+)(?:\\(|: | is out of range)");
    private static final Pattern PARAMETER = Pattern.compile("^parameter (\\d+)\\b");
    private static final Pattern QUOTED = Pattern.compile("'(\\w+)'");
    private static final Pattern NOT_A_WORD = Pattern.compile("[^A-Za-z_]+");

    /** Behind these words a query in parentheses is a relation or a list, not a value. */
    private static final Set<String> NOT_BEFORE_A_VALUE = Set.of(
            "in",
            "exists",
            "from",
            "join",
            "as",
            "any",
            "all",
            "some",
            "lateral",
            "union",
            "intersect",
            "except",
            "distinct",
            "into",
            "array",
            "on",
            "copy");

    private ErrorPlaces() {}

    /** The error with a place when a part of the text causes it, or as it is. */
    public static EngineException add(EngineException error, String sql) {
        if (error.line() > 0 || error.code() == ErrorCode.BAD_COPY_FILE || !isOfText(error)) {
            return error;
        }
        SqlPlaces.Place place = find(error, sql);
        return new EngineException(
                error.code(), String.valueOf(error.getMessage()), place.line(), place.column(), error);
    }

    private static boolean isOfText(EngineException error) {
        return TextPlace.isWanted(error)
                || error.code() == ErrorCode.INVALID_PARAMETER
                || error.code() == ErrorCode.NULL_NOT_ALLOWED;
    }

    private static SqlPlaces.Place find(EngineException error, String sql) {
        String message = String.valueOf(error.getMessage());
        SqlPlaces.@Nullable Place found = null;
        Matcher parameter = PARAMETER.matcher(message);
        if (parameter.find()) {
            found = SqlPlaces.parameter(sql, Integer.parseInt(parameter.group(1)));
        }
        if (found == null && error.code() == ErrorCode.CARDINALITY_VIOLATION) {
            found = valueQuery(sql);
        }
        Matcher function = FUNCTION.matcher(message);
        if (found == null && function.find()) {
            found = SqlPlaces.word(sql, function.group(1));
        }
        // the last is what it is about, those before are where that is
        Matcher quoted = QUOTED.matcher(message.split("; did you mean", 2)[0]);
        SqlPlaces.@Nullable Place named = null;
        while (quoted.find()) {
            SqlPlaces.Place word = SqlPlaces.word(sql, quoted.group(1));
            named = word == null ? named : word;
        }
        found = found == null ? named : found;
        String[] words = NOT_A_WORD.split(message);
        for (int i = 0; i < words.length && found == null; i++) {
            boolean name = words[i].length() > 1 && words[i].equals(words[i].toUpperCase(Locale.ROOT));
            found = name ? SqlPlaces.word(sql, words[i]) : null;
        }
        if (found == null && message.contains("window")) {
            found = SqlPlaces.word(sql, "OVER");
        }
        return found == null ? SqlPlaces.start(sql) : found;
    }

    /** The parenthesis of the first query that stands where a value does. */
    private static SqlPlaces.@Nullable Place valueQuery(String sql) {
        SqlPlaces.@Nullable Place opened = null;
        String before = "";
        for (SqlPlaces.Word word : SqlPlaces.words(sql)) {
            String text = word.text().toLowerCase(Locale.ROOT);
            boolean query =
                    text.equals("select") || text.equals("with") || text.equals("values") || text.equals("table");
            if (opened != null && query) {
                return opened;
            }
            opened = text.equals("(") && !NOT_BEFORE_A_VALUE.contains(before) ? word.place() : null;
            before = text;
        }
        return null;
    }
}
