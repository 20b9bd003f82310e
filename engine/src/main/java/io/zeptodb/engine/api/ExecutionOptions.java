package io.zeptodb.engine.api;

/**
 * How one execution runs.
 *
 * @param timeoutNanos nanoseconds until the statement is stopped with TIMEOUT; 0 means none
 * @param maxRows most rows the cursor gives, the rest is not computed; 0 means all
 */
public record ExecutionOptions(long timeoutNanos, long maxRows) {
    public static final ExecutionOptions DEFAULT = new ExecutionOptions(0, 0);

    public ExecutionOptions {
        if (timeoutNanos < 0 || maxRows < 0) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    "timeoutNanos and maxRows must not be negative, got " + timeoutNanos + " and " + maxRows);
        }
    }
}
