package io.zeptodb.engine.function;

import io.zeptodb.engine.batch.MemoryBudget;

/**
 * What a kernel may know of the query it runs in.
 *
 * @param nowNanos the one value of now(): nanoseconds since 1970 UTC
 * @param budget where scratch memory comes from
 * @param stopCheck throws when the statement shall stop (cancel, time-out). Operators ask once a batch; a kernel whose one row may take long asks too
 */
public record FunctionContext(long nowNanos, MemoryBudget budget, Runnable stopCheck) {}
