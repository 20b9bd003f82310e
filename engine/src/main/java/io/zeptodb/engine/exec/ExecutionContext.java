package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
 * @param spill where operators put rows that do not fit the budget
 * @param views what is kept of materialized views
 * @param filters what joins above ask of scans
 * @param profile what EXPLAIN ANALYZE measures of the operator that is opened with this context; null when nothing is measured
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
        WorkingTables workingTables,
        SpillSpace spill,
        ViewStates views,
        ScanFilters filters,
        @Nullable OperatorProfile profile) {
    /** What an operator leaves to others when memory ends: one in so many bytes of the limit. */
    private static final int SPARE_SHARE = 8;

    private static final int LEAST_SHARE = 16;
    private static final int SMALL_LIMIT_SHARE = 4;
    private static final long SPARE_BYTES = 4L << 20;

    /** Of a plan that is not inside a recursion, and fails when it passes its budget. */
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
                WorkingTables.NONE,
                SpillSpace.NONE,
                ViewStates.NONE,
                ScanFilters.NONE,
                null);
    }

    /**
     * Whether an operator should put on disk what it holds: when what it needs next would leave too little for the others. Who holds little yet
     * may take more of what is left than who holds much.
     *
     * @param held bytes that the operator would give back
     * @param needed bytes that it will take if it goes on
     */
    boolean shouldSpill(LongSupplier held, long needed) {
        if (!spill.isAvailable()) {
            return false;
        }
        long left = budget.availableBytes() - needed;
        return left < spareBytes(SPARE_SHARE) && left < held.getAsLong();
    }

    /** A share of the limit; of a small one more, since a batch of rows and its copies take as much as in a large one. */
    private long spareBytes(int share) {
        long limit = budget.limitBytes();
        return Math.max(limit / share, Math.min(limit / SMALL_LIMIT_SHARE, SPARE_BYTES));
    }

    /** Begins to watch the memory of an operator that keeps rows and can be given up and done again in parts ({@link SpillingOperator}). */
    MemoryWatch watchMemory() {
        return new MemoryWatch(budget, spill.isAvailable() ? spareBytes(LEAST_SHARE) : 0);
    }

    /** Whether a failure means that memory has ended, and rows can be put on disk. */
    boolean canSpillAfter(EngineException failure) {
        return spill.isAvailable() && failure.code() == ErrorCode.OUT_OF_MEMORY;
    }

    /** A new file for rows of these types; null keeps all columns. */
    SpilledRows newSpill(List<ColumnType> types, @Nullable BitSet used) {
        return new SpilledRows(spill, budget, types, used, profile == null ? bytes -> {} : profile.spilled()::add);
    }

    /** The same query, measured. */
    public ExecutionContext measured(PlanProfile whole) {
        return of(whole.around());
    }

    /** The same query for the operators of a plan: where it is measured, they have their own figures and tell their memory apart. */
    ExecutionContext of(PhysicalPlan plan) {
        return profile == null ? this : of(profile.whole().of(plan));
    }

    private ExecutionContext of(OperatorProfile own) {
        return with(snapshot, parameters, own.budget(), workingTables, spill, views, filters, own);
    }

    public void checkCancelled() {
        cancellation.check();
    }

    public FunctionContext functionContext() {
        return new FunctionContext(nowNanos, budget, cancellation::check);
    }

    /** The same query with other parameter values. */
    public ExecutionContext withParameters(@Nullable Object[] values) {
        return with(snapshot, values, budget, workingTables, spill, views, filters, profile);
    }

    /** The same query with room on disk. */
    public ExecutionContext withSpill(SpillSpace space) {
        return with(snapshot, parameters, budget, workingTables, space, views, filters, profile);
    }

    /** The same query of another state of the database; the caller holds it. */
    public ExecutionContext withSnapshot(DatabaseSnapshot other) {
        return with(other, parameters, budget, workingTables, spill, views, filters, profile);
    }

    /** The same query with what its database keeps of materialized views. */
    public ExecutionContext withViews(ViewStates kept) {
        return with(snapshot, parameters, budget, workingTables, spill, kept, filters, profile);
    }

    /** The same query below a join that gives filters to scans. */
    ExecutionContext withFilters(ScanFilters more) {
        return with(snapshot, parameters, budget, workingTables, spill, views, more, profile);
    }

    /** The same query with the memory of another owner, which keeps what is made: nothing of it goes to disk, or is measured. */
    ExecutionContext withBudget(MemoryBudget owner) {
        return with(snapshot, parameters, owner, workingTables, SpillSpace.NONE, views, ScanFilters.NONE, null);
    }

    /** The same query in a round of a recursion. */
    ExecutionContext withWorkingTables(WorkingTables tables) {
        return with(snapshot, parameters, budget, tables, spill, views, filters, profile);
    }

    /** The one place where a context is copied: what one query may have several of. */
    private ExecutionContext with(
            DatabaseSnapshot seen,
            @Nullable Object[] values,
            MemoryBudget memory,
            WorkingTables tables,
            SpillSpace space,
            ViewStates kept,
            ScanFilters asked,
            @Nullable OperatorProfile figures) {
        return new ExecutionContext(
                seen,
                values,
                nowNanos,
                memory,
                workers,
                cancellation,
                rowsScanned,
                systemRows,
                tables,
                space,
                kept,
                asked,
                figures);
    }
}
