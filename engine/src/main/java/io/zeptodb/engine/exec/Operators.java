package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From plan records to running operators: the one place that knows which class runs which record. Operators open their own inputs
 * through here.
 */
public final class Operators {
    private Operators() {}

    /**
     * Opens the operator of a plan and, below it, those of its inputs. The caller closes it.
     *
     * @throws EngineException FEATURE_NOT_SUPPORTED when no operator runs this record
     */
    public static Operator open(PhysicalPlan plan, ExecutionContext context) {
        return open(plan, context, null);
    }

    /**
     * As the other, for a caller that reads only some columns of the batches: the operator may leave the others empty.
     *
     * @param used the columns that are read; null for all
     */
    static Operator open(PhysicalPlan plan, ExecutionContext context, @Nullable BitSet used) {
        return measured(plan, context, own -> openPlain(plan, own, used));
    }

    /** Opens an operator of a plan; one that counts and measures around it when the context asks for that. */
    static Operator measured(PhysicalPlan plan, ExecutionContext context, Function<ExecutionContext, Operator> open) {
        if (context.profile() == null) {
            return open.apply(context);
        }
        ExecutionContext own = context.of(plan);
        OperatorProfile profile = Objects.requireNonNull(own.profile());
        long start = profile.whole().now();
        Operator operator = open.apply(own);
        profile.opened(profile.whole().now() - start);
        return new MeasuredOperator(operator, profile);
    }

    private static Operator openPlain(PhysicalPlan plan, ExecutionContext context, @Nullable BitSet used) {
        // one line for each record; Java 17 has no switch over sealed types
        if (plan instanceof PhysicalPlan.TableScan scan) {
            return new TableScanOperator(scan, context);
        }
        if (plan instanceof PhysicalPlan.Filter filter) {
            return Inputs.one(
                    filter.input(),
                    ColumnUse.and(used, filter.condition()),
                    context,
                    input -> new FilterOperator(input, filter.condition(), context));
        }
        if (plan instanceof PhysicalPlan.Project project) {
            return Inputs.one(
                    project.input(),
                    ColumnUse.of(project.expressions()),
                    context,
                    input -> new ProjectOperator(input, project.expressions(), context));
        }
        if (plan instanceof PhysicalPlan.Limit limit) {
            return Inputs.one(limit.input(), context, input -> new LimitOperator(limit, context, input));
        }
        if (plan instanceof PhysicalPlan.Sort sort) {
            return Inputs.one(sort.input(), context, input -> new SortOperator(sort, context, input));
        }
        if (plan instanceof PhysicalPlan.TopN top) {
            return Inputs.one(top.input(), context, input -> new TopNOperator(top, context, input));
        }
        if (plan instanceof PhysicalPlan.Values values) {
            return new ValuesOperator(values, context);
        }
        if (plan instanceof PhysicalPlan.StatisticsAggregate aggregate) {
            return new StatisticsOperator(aggregate, context);
        }
        if (plan instanceof PhysicalPlan.SystemScan scan) {
            return new SystemScanOperator(scan, context);
        }
        Operator aggregating = openAggregate(plan, context);
        if (aggregating != null) {
            return aggregating;
        }
        Operator joining = openJoin(plan, context, used);
        if (joining != null) {
            return joining;
        }
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "no operator runs a plan of kind " + plan.getClass().getSimpleName());
    }

    /** Aggregations, and what fills their gaps; null for other plans. */
    private static @Nullable Operator openAggregate(PhysicalPlan plan, ExecutionContext context) {
        if (plan instanceof PhysicalPlan.HashAggregate aggregate) {
            return context.spill().isAvailable() && !aggregate.groups().isEmpty()
                    ? new SpillingOperator(new AggregateDivision(aggregate), context)
                    : new HashAggregateOperator(aggregate, context);
        }
        if (plan instanceof PhysicalPlan.RunAggregate aggregate) {
            return context.spill().isAvailable() && !aggregate.groups().isEmpty()
                    ? new SpillingOperator(AggregateDivision.of(aggregate), context)
                    : new RunAggregateOperator(aggregate, context);
        }
        if (plan instanceof PhysicalPlan.GapFill fill) {
            return Inputs.one(fill.input(), context, input -> new GapFillOperator(fill, context, input));
        }
        if (plan instanceof PhysicalPlan.RunLatest latest) {
            return context.spill().isAvailable()
                    ? new SpillingOperator(AggregateDivision.of(latest), context)
                    : new RunLatestOperator(latest, context);
        }
        return null;
    }

    /** Operators of several inputs; null for other plans. */
    private static @Nullable Operator openJoin(PhysicalPlan plan, ExecutionContext context, @Nullable BitSet used) {
        if (plan instanceof PhysicalPlan.ViewAggregate aggregate) {
            return new ViewAggregateOperator(aggregate, context);
        }
        if (plan instanceof PhysicalPlan.HashJoin join) {
            return openHashJoin(join, context, used);
        }
        if (plan instanceof PhysicalPlan.NestedLoopJoin join) {
            return Inputs.two(
                    join.left(),
                    join.right(),
                    context,
                    (left, right) -> new NestedLoopJoinOperator(join, context, left, right));
        }
        if (plan instanceof PhysicalPlan.AsofJoin join) {
            return openAsofJoin(join, context, used);
        }
        if (plan instanceof PhysicalPlan.WindowJoin join) {
            return WindowJoinOperator.open(join, context, used);
        }
        if (plan instanceof PhysicalPlan.Apply apply) {
            return Inputs.several(
                    List.of(apply.left()), context, inputs -> new ApplyOperator(apply, context, inputs.get(0)));
        }
        if (plan instanceof PhysicalPlan.Recursion recursion) {
            return new RecursionOperator(recursion, context);
        }
        if (plan instanceof PhysicalPlan.WorkingTable table) {
            return new WorkingTableOperator(table, context);
        }
        if (plan instanceof PhysicalPlan.SetOperation operation) {
            SetDivision division = new SetDivision(operation);
            return context.spill().isAvailable() ? new SpillingOperator(division, context) : division.open(context);
        }
        if (plan instanceof PhysicalPlan.UnionAll union) {
            return Inputs.several(union.inputs(), context, inputs -> new UnionAllOperator(context, inputs));
        }
        if (plan instanceof PhysicalPlan.Window window) {
            return openWindow(window, context);
        }
        if (plan instanceof PhysicalPlan.Unnest unnest) {
            return Inputs.one(unnest.input(), context, input -> new UnnestOperator(unnest, context, input));
        }
        if (plan instanceof PhysicalPlan.SingleRow single) {
            return Inputs.several(
                    single.inputs(), context, inputs -> new SingleRowOperator(single, context, inputs.get(0)));
        }
        return null;
    }

    private static Operator openWindow(PhysicalPlan.Window window, ExecutionContext context) {
        Operator byRuns = RunWindowOperator.open(window, context);
        if (byRuns != null) {
            return byRuns;
        }
        WindowDivision division = new WindowDivision(window);
        if (context.spill().isAvailable() && window.partitionBy().isEmpty() && WindowPieces.canCompute(window)) {
            return new LargeWindowOperator(window, context);
        }
        return context.spill().isAvailable() && !window.partitionBy().isEmpty()
                ? new SpillingOperator(division, context)
                : division.open(context);
    }

    private static Operator openHashJoin(PhysicalPlan.HashJoin join, ExecutionContext context, @Nullable BitSet used) {
        JoinDivision division = new JoinDivision(join, used);
        return context.spill().isAvailable() && !join.leftKeys().isEmpty()
                ? new SpillingOperator(division, context)
                : division.open(context);
    }

    private static Operator openAsofJoin(PhysicalPlan.AsofJoin join, ExecutionContext context, @Nullable BitSet used) {
        int leftCount = join.left().columns().size();
        int rightCount = join.right().columns().size();
        List<Expression> leftOwn = new ArrayList<>(join.leftKeys());
        leftOwn.add(join.leftTime());
        List<Expression> rightOwn = new ArrayList<>(join.rightKeys());
        rightOwn.add(join.rightTime());
        BitSet rightUsed = ColumnUse.ofSide(used, leftCount, rightCount, rightOwn, null);
        if (rightUsed != null && join.rightSequence() >= 0) {
            rightUsed.set(join.rightSequence());
        }
        return Inputs.two(
                join.left(),
                ColumnUse.ofSide(used, 0, leftCount, leftOwn, null),
                join.right(),
                rightUsed,
                context,
                (left, right) -> new AsofJoinOperator(join, context, left, right, used));
    }
}
