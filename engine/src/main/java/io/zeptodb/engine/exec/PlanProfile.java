package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What EXPLAIN ANALYZE measures of one run: a {@link OperatorProfile} for each record of its plans. Made only when asked for: a context without one
 * opens operators as they are. Thread-safe; closed after the operators and before the statement's budget.
 */
public final class PlanProfile implements AutoCloseable {
    private static final double NANOS_PER_MILLI = 1e6;

    private final MemoryBudget budget;
    private final LongSupplier nanoClock;
    private final Map<PhysicalPlan, OperatorProfile> operators = new IdentityHashMap<>();
    private final List<OperatorProfile> inOrder = new ArrayList<>();

    /**
     * @param budget the statement's
     * @param nanoClock nanoseconds of no particular origin, never going back
     */
    public PlanProfile(MemoryBudget budget, LongSupplier nanoClock) {
        this.budget = budget;
        this.nanoClock = nanoClock;
    }

    /** Figures of no record: what is around the plan's root. */
    OperatorProfile around() {
        return new OperatorProfile(this, budget);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** The figures of a record; begins them when there are none. */
    synchronized OperatorProfile of(PhysicalPlan plan) {
        return operators.computeIfAbsent(plan, key -> {
            OperatorProfile added = new OperatorProfile(this, budget.part("operator " + inOrder.size()));
            inOrder.add(added);
            return added;
        });
    }

    /** The figures of a record as EXPLAIN ANALYZE shows them behind its line. */
    public synchronized String text(PhysicalPlan plan) {
        OperatorProfile known = operators.get(plan);
        return known == null ? " (never run)" : " (" + known.text() + ")";
    }

    /** Bytes that all operators have put on disk. */
    public synchronized long spilledBytes() {
        return inOrder.stream().mapToLong(OperatorProfile::spilledBytes).sum();
    }

    /** Most bytes of the statement at one time. */
    public synchronized long peakBytes() {
        return budget.allocator().getPeakMemoryAllocation()
                + inOrder.stream().mapToLong(OperatorProfile::peakHeapBytes).sum();
    }

    /** @throws io.zeptodb.engine.api.EngineException INTERNAL_ERROR when an operator has kept a buffer */
    @Override
    public synchronized void close() {
        new Closing().each(inOrder, OperatorProfile::close).finish();
        inOrder.clear();
    }

    /** {@code 1.234 ms}. */
    public static String milliseconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / NANOS_PER_MILLI);
    }
}
