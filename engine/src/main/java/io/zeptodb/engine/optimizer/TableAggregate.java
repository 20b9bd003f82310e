package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation of the rows of one table, said over the table's own columns whatever projections lie between: two that are equal compute the same.
 * A column's index is its ordinal in the table, that of the hidden sequence {@link TimeOrder#SEQUENCE_ORDINAL}.
 *
 * @param keys as {@link TableScan#keys}
 * @param bounds as {@link TableScan#timeBounds}
 * @param filters all of them hold
 */
record TableAggregate(
        TableMetadata table,
        @Nullable List<Expression> keys,
        List<TimeBound> bounds,
        List<Expression> filters,
        List<Expression> groups,
        List<AggregateCall> calls) {
    /** Null for a plan that is no aggregation of one table's rows. */
    static @Nullable TableAggregate of(PhysicalPlan plan) {
        if (plan instanceof HashAggregate aggregate) {
            return of(aggregate.input(), aggregate.groups(), aggregate.aggregates());
        } else if (plan instanceof RunAggregate aggregate) {
            return of(aggregate.scan(), aggregate.groups(), aggregate.aggregates());
        }
        return null; // a RunLatest reads so little that no view answers it sooner
    }

    private static @Nullable TableAggregate of(
            PhysicalPlan input, List<Expression> groups, List<AggregateCall> aggregates) {
        List<Expression> over = new ArrayList<>(groups);
        List<AggregateCall> calls = new ArrayList<>(aggregates);
        List<Expression> filters = new ArrayList<>();
        PhysicalPlan below = input;
        while (!(below instanceof TableScan)) {
            if (below instanceof Filter filter) {
                filters.addAll(ExpressionTree.conjuncts(filter.condition()));
                below = filter.input();
            } else if (below instanceof Project project) {
                List<Expression> columns = project.expressions();
                over.replaceAll(each -> ExpressionTree.substitute(each, columns));
                filters.replaceAll(each -> ExpressionTree.substitute(each, columns));
                calls.replaceAll(each -> substitute(each, columns));
                below = project.input();
            } else {
                return null;
            }
        }
        TableScan scan = (TableScan) below;
        filters.addAll(scan.filters());
        List<Expression> ordinals = new ArrayList<>();
        for (int i = 0; i < scan.ordinals().size(); i++) {
            ordinals.add(
                    new Column(scan.ordinals().get(i), scan.columns().get(i).type()));
        }
        over.replaceAll(each -> ExpressionTree.substitute(each, ordinals));
        filters.replaceAll(each -> ExpressionTree.substitute(each, ordinals));
        calls.replaceAll(each -> substitute(each, ordinals));
        return new TableAggregate(scan.table(), scan.keys(), scan.timeBounds(), filters, over, calls);
    }

    private static AggregateCall substitute(AggregateCall call, List<Expression> columns) {
        Expression filter = call.filter();
        return new AggregateCall(
                call.function(),
                call.arguments().stream()
                        .map(each -> ExpressionTree.substitute(each, columns))
                        .toList(),
                call.distinct(),
                filter == null ? null : ExpressionTree.substitute(filter, columns),
                call.name());
    }
}
