package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Statistic;
import io.zeptodb.engine.plan.PhysicalPlan.StatisticsAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Aggregations of a whole table that its statistics answer: COUNT(*), MIN and MAX of the designated timestamp. */
final class StatisticsAnswer {
    private StatisticsAnswer() {}

    /** The record that answers, or null when rows must be read. */
    static @Nullable PhysicalPlan of(PhysicalPlan input, List<AggregateCall> calls, List<PlanColumn> columns) {
        boolean whole = input instanceof TableScan scan
                && scan.keys() == null
                && scan.timeBounds().isEmpty()
                && scan.filters().isEmpty();
        if (!whole || calls.isEmpty()) {
            return null;
        }
        TableScan scan = (TableScan) input;
        List<Statistic> statistics = new ArrayList<>();
        for (AggregateCall call : calls) {
            Statistic statistic = call.filter() == null && !call.distinct() ? statistic(scan, call) : null;
            if (statistic == null) {
                return null;
            }
            statistics.add(statistic);
        }
        return new StatisticsAggregate(scan.table(), statistics, columns);
    }

    private static @Nullable Statistic statistic(TableScan scan, AggregateCall call) {
        String name = call.function().name();
        if (name.equals("count") && call.arguments().isEmpty()) {
            return Statistic.ROW_COUNT;
        }
        boolean ofTime = call.arguments().size() == 1
                && call.arguments().get(0) instanceof Column column
                && scan.ordinals().get(column.index()) == scan.table().schema().timestampOrdinal();
        if (!ofTime) {
            return null;
        }
        return switch (name) {
            case "min" -> Statistic.MIN_TIME;
            case "max" -> Statistic.MAX_TIME;
            default -> null;
        };
    }
}
