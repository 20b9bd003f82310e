package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunLatest;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** GROUP BY and DISTINCT divided by group: all rows of a group are in one part, in their order. */
final class AggregateDivision implements Division {
    private final HashAggregate plan;
    private final @Nullable Function<ExecutionContext, Operator> byRuns;

    /** @param plan one with groups */
    AggregateDivision(HashAggregate plan) {
        this(plan, null);
    }

    private AggregateDivision(HashAggregate plan, @Nullable Function<ExecutionContext, Operator> byRuns) {
        this.plan = plan;
        this.byRuns = byRuns;
    }

    /** By runs as long as memory lasts, then by hash. */
    static AggregateDivision of(RunAggregate runs) {
        return new AggregateDivision(byHash(runs), context -> new RunAggregateOperator(runs, context));
    }

    /** From the ends of the runs as long as memory lasts, then by hash. */
    static AggregateDivision of(RunLatest latest) {
        return new AggregateDivision(byHash(latest.aggregate()), context -> new RunLatestOperator(latest, context));
    }

    private static HashAggregate byHash(RunAggregate runs) {
        return new HashAggregate(runs.scan(), runs.groups(), runs.aggregates(), runs.columns());
    }

    @Override
    public int sides() {
        return 1;
    }

    @Override
    public List<ColumnType> types(int side) {
        return plan.input().types();
    }

    @Override
    public BitSet used(int side) {
        return ColumnUse.of(plan.groups(), plan.aggregates());
    }

    @Override
    public Operator open(ExecutionContext context) {
        return byRuns == null ? new HashAggregateOperator(plan, context) : byRuns.apply(context);
    }

    @Override
    public Operator open(List<List<Operator>> inputs, ExecutionContext context) {
        return new HashAggregateOperator(plan, context, inputs.get(0));
    }

    @Override
    public List<Operator> openSide(int side, ExecutionContext context) {
        try (HashAggregation probe = new HashAggregation(plan, context)) {
            return HashAggregateOperator.openInputs(plan, context, probe);
        }
    }

    @Override
    public Keys newKeys(ExecutionContext context) {
        ExpressionEvaluator[] groups = ExpressionEvaluator.all(plan.groups(), context);
        ColumnVector[] vectors = new ColumnVector[groups.length];
        return new Keys() {
            @Override
            public ColumnVector[] of(int side, Batch batch) {
                for (int i = 0; i < groups.length; i++) {
                    vectors[i] = groups[i].evaluate(batch);
                }
                return vectors;
            }

            @Override
            public void close() {
                ExpressionEvaluator.closeAll(groups);
            }
        };
    }
}
