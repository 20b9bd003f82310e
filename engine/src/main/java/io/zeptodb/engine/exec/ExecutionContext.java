package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a running query knows: its snapshot, parameters, memory, threads, time and whether it shall stop. Shared by the query's threads;
 * immutable but for the counters and the cancellation.
 *
 * @param snapshot what the query sees
 * @param parameters values of the parameters in the representation of {@code Expression.Literal}, null for NULL; an Apply makes a context
 *     with more of them
 * @param nowNanos the one value of now(), nanoseconds since 1970 UTC
 * @param budget the query's memory
 * @param workers threads
 * @param cancellation polled once a batch
 * @param rowsScanned counts rows that scans read
 * @param systemRows rows of a SystemScan by its name, in the representation of {@code Expression.Literal}
 * @param workingTables what a step of WITH RECURSIVE reads; a Recursion makes a context with more of them
 */
public record ExecutionContext(
        DatabaseSnapshot snapshot,
        @Nullable Object[] parameters,
        long nowNanos,
        MemoryBudget budget,
        Workers workers,
        Cancellation cancellation,
        LongAdder rowsScanned,
        Function<String, List<@Nullable Object[]>> systemRows,
        WorkingTables workingTables) {
    /** Of a plan that is not inside a recursion. */
    public ExecutionContext(
            DatabaseSnapshot snapshot,
            @Nullable Object[] parameters,
            long nowNanos,
            MemoryBudget budget,
            Workers workers,
            Cancellation cancellation,
            LongAdder rowsScanned,
            Function<String, List<@Nullable Object[]>> systemRows) {
        this(
                snapshot,
                parameters,
                nowNanos,
                budget,
                workers,
                cancellation,
                rowsScanned,
                systemRows,
                WorkingTables.NONE);
    }

    public void checkCancelled() {
        cancellation.check();
    }

    public FunctionContext functionContext() {
        return new FunctionContext(nowNanos, budget);
    }

    /** The same query with other parameter values. */
    public ExecutionContext withParameters(@Nullable Object[] values) {
        return new ExecutionContext(
                snapshot, values, nowNanos, budget, workers, cancellation, rowsScanned, systemRows, workingTables);
    }

    /** The same query of another state of the database; the caller holds it. */
    public ExecutionContext withSnapshot(DatabaseSnapshot other) {
        return new ExecutionContext(
                other, parameters, nowNanos, budget, workers, cancellation, rowsScanned, systemRows, workingTables);
    }

    /** The same query in a round of a recursion. */
    ExecutionContext withWorkingTables(WorkingTables tables) {
        return new ExecutionContext(
                snapshot, parameters, nowNanos, budget, workers, cancellation, rowsScanned, systemRows, tables);
    }
}
