package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.RunLatest;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;

/** Finds aggregations that want nothing but the last values of each partition key: LATEST ON, and last(x) by the key. */
final class LatestValues {
    private static final int TIME_AND_SEQUENCE = 3;

    private LatestValues() {}

    /** The aggregation, from the ends of the runs if that answers it. */
    static PhysicalPlan of(RunAggregate runs) {
        TableScan scan = runs.scan();
        boolean plain = runs.groupByKey()
                && runs.bucketWidth() == null
                && !runs.aggregates().isEmpty()
                && scan.table().schema().timestampOrdinal() != TableSchema.NONE;
        return plain && runs.aggregates().stream().allMatch(call -> isLast(call, scan)) ? new RunLatest(runs) : runs;
    }

    private static boolean isLast(AggregateCall call, TableScan scan) {
        return call.function().name().equals("last")
                && !call.distinct()
                && call.filter() == null
                && call.arguments().size() == TIME_AND_SEQUENCE
                && isOrdinal(
                        call.arguments().get(1), scan, scan.table().schema().timestampOrdinal())
                && isOrdinal(call.arguments().get(2), scan, TimeOrder.SEQUENCE_ORDINAL);
    }

    private static boolean isOrdinal(Expression expression, TableScan scan, int ordinal) {
        return expression instanceof Column column && scan.ordinals().get(column.index()) == ordinal;
    }
}
