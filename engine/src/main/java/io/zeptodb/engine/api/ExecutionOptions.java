package io.zeptodb.engine.api;

import java.util.function.BooleanSupplier;

/**
 * How one execution runs.
 *
 * @param timeoutNanos nanoseconds until the statement is stopped with TIMEOUT; 0 means none
 * @param usedNanos of that time, what is over when the execution begins: a server's statement has waited and was planned. The time-out is told whole
 * @param maxRows most rows the cursor gives, the rest is not computed; 0 means all
 * @param isCancelled asked when the execution has begun, from which moment on {@link PreparedQuery#cancel()} finds it: true stops it with CANCELLED. Who sets what this
 *     tells, and cancels then, misses no execution that is about to begin
 */
public record ExecutionOptions(long timeoutNanos, long usedNanos, long maxRows, BooleanSupplier isCancelled) {
    /** For what nobody cancels before it begins. */
    public static final BooleanSupplier NOT_CANCELLED = () -> false;

    public static final ExecutionOptions DEFAULT = new ExecutionOptions(0, 0);

    public ExecutionOptions {
        EngineException.required(isCancelled, "isCancelled");
        if (timeoutNanos < 0 || usedNanos < 0 || maxRows < 0) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    "timeoutNanos, usedNanos and maxRows must not be negative, got " + timeoutNanos + ", " + usedNanos
                            + " and " + maxRows);
        }
    }

    public ExecutionOptions(long timeoutNanos, long maxRows, BooleanSupplier isCancelled) {
        this(timeoutNanos, 0, maxRows, isCancelled);
    }

    public ExecutionOptions(long timeoutNanos, long maxRows) {
        this(timeoutNanos, maxRows, NOT_CANCELLED);
    }
}
