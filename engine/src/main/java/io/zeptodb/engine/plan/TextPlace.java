package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Where in the statement's text a part of a plan was written. It says nothing of what the part computes, so it takes no part in equality: two
 * equal calls are computed once, and an error names the first of them.
 *
 * @param line from 1
 * @param column from 1
 */
public record TextPlace(int line, int column) {
    /** Places behind so many lines are not told: they are of the texts of views. */
    public static final int MOST_LINES = 1 << 14;

    /** The first two characters of the SQLSTATEs that a part of the text causes: values, rows of a subquery, types, what is not there. */
    private static final String CAUSED_BY_TEXT = "21 22 0A 42";

    /** The error with this place, unless it has one, or is of no part of the text (memory, a cancel, the disk), or the place is not known. */
    public static EngineException add(@Nullable TextPlace place, EngineException error) {
        if (place == null || !isWanted(error)) {
            return error;
        }
        return new EngineException(
                error.code(), String.valueOf(error.getMessage()), place.line(), place.column(), error);
    }

    /** Whether a part of the text causes such an error and it has no place yet. */
    public static boolean isWanted(EngineException error) {
        return error.line() == 0
                && (CAUSED_BY_TEXT.contains(error.sqlState().substring(0, 2))
                        || error.code() == ErrorCode.STATEMENT_TOO_COMPLEX);
    }
}
