package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.List;
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
        // one line for each record; Java 17 has no switch over sealed types
        if (plan instanceof PhysicalPlan.TableScan scan) {
            return new TableScanOperator(scan, context);
        }
        if (plan instanceof PhysicalPlan.Filter filter) {
            return new FilterOperator(filter, context);
        }
        if (plan instanceof PhysicalPlan.Project project) {
            return new ProjectOperator(project, context);
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
        if (plan instanceof PhysicalPlan.HashAggregate aggregate) {
            return new HashAggregateOperator(aggregate, context);
        }
        if (plan instanceof PhysicalPlan.RunAggregate aggregate) {
            return new RunAggregateOperator(aggregate, context);
        }
        Operator joining = openJoin(plan, context);
        if (joining != null) {
            return joining;
        }
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "no operator runs a plan of kind " + plan.getClass().getSimpleName());
    }

    /** Operators of several inputs; null for other plans. */
    private static @Nullable Operator openJoin(PhysicalPlan plan, ExecutionContext context) {
        if (plan instanceof PhysicalPlan.HashJoin join) {
            return Inputs.two(
                    join.left(),
                    join.right(),
                    context,
                    (left, right) -> new HashJoinOperator(join, context, left, right));
        }
        if (plan instanceof PhysicalPlan.NestedLoopJoin join) {
            return Inputs.two(
                    join.left(),
                    join.right(),
                    context,
                    (left, right) -> new NestedLoopJoinOperator(join, context, left, right));
        }
        if (plan instanceof PhysicalPlan.AsofJoin join) {
            return Inputs.two(
                    join.left(),
                    join.right(),
                    context,
                    (left, right) -> new AsofJoinOperator(join, context, left, right));
        }
        if (plan instanceof PhysicalPlan.Apply apply) {
            return Inputs.several(
                    List.of(apply.left()), context, inputs -> new ApplyOperator(apply, context, inputs.get(0)));
        }
        if (plan instanceof PhysicalPlan.SetOperation operation) {
            return Inputs.two(
                    operation.left(),
                    operation.right(),
                    context,
                    (left, right) -> new SetOperationOperator(operation, context, left, right));
        }
        if (plan instanceof PhysicalPlan.UnionAll union) {
            return Inputs.several(union.inputs(), context, inputs -> new UnionAllOperator(context, inputs));
        }
        if (plan instanceof PhysicalPlan.Window window) {
            Operator byRuns = RunWindowOperator.open(window, context);
            return byRuns != null
                    ? byRuns
                    : Inputs.several(
                            window.inputs(), context, inputs -> new WindowOperator(window, context, inputs.get(0)));
        }
        if (plan instanceof PhysicalPlan.SingleRow single) {
            return Inputs.several(
                    single.inputs(), context, inputs -> new SingleRowOperator(single, context, inputs.get(0)));
        }
        return null;
    }
}
