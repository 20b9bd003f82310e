package io.zeptodb.engine.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session may do at most; {@link EngineOption} names the settings and their ranges. {@code SET} may make them tighter than those of the
 * database, never looser. Immutable.
 *
 * @param statementTimeoutNanos longest time for which a statement is planned, and for which it runs; 0 for no limit
 * @param maxResultRows most rows of one result; 0 for no limit
 * @param allowedPaths folders in which statements may read and write files; empty for none, null for all
 * @param maxStatementLength most characters of a statement
 * @param maxNestingDepth most parentheses and the like in each other
 */
public record SessionLimits(
        long statementTimeoutNanos,
        long maxResultRows,
        @Nullable List<String> allowedPaths,
        int maxStatementLength,
        int maxNestingDepth) {
    public SessionLimits {
        allowedPaths = allowedPaths == null ? null : List.copyOf(allowedPaths);
    }

    /**
     * Refuses limits that let a session do more.
     *
     * @throws EngineException ACCESS_DENIED naming the option that would be looser
     */
    public void requireTighter(SessionLimits wanted) {
        if (isLooser(statementTimeoutNanos, wanted.statementTimeoutNanos)) {
            throw looser(EngineOption.STATEMENT_TIMEOUT);
        } else if (isLooser(maxResultRows, wanted.maxResultRows)) {
            throw looser(EngineOption.MAX_RESULT_ROWS);
        } else if (wanted.maxStatementLength > maxStatementLength) {
            throw looser(EngineOption.MAX_STATEMENT_LENGTH);
        } else if (wanted.maxNestingDepth > maxNestingDepth) {
            throw looser(EngineOption.MAX_NESTING_DEPTH);
        }
    }

    /** 0 is no limit. */
    private static boolean isLooser(long limit, long wanted) {
        return limit > 0 && (wanted == 0 || wanted > limit);
    }

    /** The error of an option that a session wanted to loosen. */
    public static EngineException looser(EngineOption option) {
        return new EngineException(
                ErrorCode.ACCESS_DENIED,
                "option '" + option.key() + "' may only be made tighter than the database was opened with");
    }
}
