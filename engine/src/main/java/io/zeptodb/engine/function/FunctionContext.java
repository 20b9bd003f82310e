package io.zeptodb.engine.function;

import io.zeptodb.engine.batch.MemoryBudget;

/**
 * What a kernel may know of the query it runs in.
 *
 * @param nowNanos the one value of now(): nanoseconds since 1970 UTC
 * @param budget where scratch memory comes from
 */
public record FunctionContext(long nowNanos, MemoryBudget budget) {}
