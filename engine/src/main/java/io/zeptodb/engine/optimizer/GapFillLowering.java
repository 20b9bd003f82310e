package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.BucketWidth;
import io.zeptodb.engine.plan.PhysicalPlan.Filling;
import io.zeptodb.engine.plan.PhysicalPlan.GapFill;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Gap filling: sorts what is aggregated by group and time for it. */
final class GapFillLowering {
    private final LoweringContext context;

    GapFillLowering(LoweringContext context) {
        this.context = context;
    }

    /** @param input with SYMBOL only in its groups */
    PhysicalPlan lower(io.zeptodb.engine.sql.relation.GapFill gap, PhysicalPlan input) {
        List<Filling> fills =
                gap.fills().stream().map(fill -> Filling.valueOf(fill.name())).toList();
        List<SortKey> order = new ArrayList<>();
        for (int i = 0; i < fills.size(); i++) {
            if (fills.get(i) == Filling.GROUP && i != gap.bucket()) {
                order.add(new SortKey(i, false, false));
            }
        }
        order.add(new SortKey(gap.bucket(), false, false));
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < fills.size(); i++) {
            PlanColumn column = input.columns().get(i);
            columns.add(
                    new PlanColumn(column.name(), column.type(), column.nullable() || fills.get(i) != Filling.GROUP));
        }
        columns.add(new PlanColumn("$filled", ColumnType.BOOLEAN, false));
        BucketWidth width = new BucketWidth(
                expression(gap.buckets().width()),
                present(gap.buckets().origin()),
                present(gap.buckets().zone()));
        return new GapFill(new Sort(input, order), gap.bucket(), fills, width, bounds(gap), columns);
    }

    private List<TimeBound> bounds(io.zeptodb.engine.sql.relation.GapFill gap) {
        List<TimeBound> bounds = new ArrayList<>();
        for (io.zeptodb.engine.sql.relation.GapFill.Bound bound : gap.buckets().bounds()) {
            Comparator operator = switch (bound.operator()) {
                case GREATER_THAN -> Comparator.GREATER;
                case GREATER_THAN_OR_EQUAL -> Comparator.GREATER_OR_EQUAL;
                case LESS_THAN -> Comparator.LESS;
                default -> Comparator.LESS_OR_EQUAL;
            };
            Expression value = expression(bound.value());
            if (value.type().kind() == TypeKind.TIMESTAMP) {
                bounds.add(new TimeBound(operator, value));
            }
        }
        return bounds;
    }

    private Expression expression(RexNode node) {
        return new ExpressionLowering(context, List.of()).lower(node);
    }

    private @Nullable Expression present(@Nullable RexNode node) {
        return node == null ? null : expression(node);
    }

    /** Whether rows come in this order already: they are of gaps that were filled, which are by time and then by group. */
    static boolean isOrdered(PhysicalPlan input, List<SortKey> keys) {
        PhysicalPlan plan = input;
        List<Integer> columns = new ArrayList<>();
        for (SortKey key : keys) {
            if (key.descending() || key.nullsFirst()) {
                return false;
            }
            columns.add(key.column());
        }
        while (plan instanceof Project project) {
            for (int i = 0; i < columns.size(); i++) {
                if (!(project.expressions().get(columns.get(i)) instanceof Column column)) {
                    return false;
                }
                columns.set(i, column.index());
            }
            plan = project.input();
        }
        if (!(plan instanceof GapFill gap)) {
            return false;
        }
        List<Integer> order = new ArrayList<>(List.of(gap.bucket()));
        for (int i = 0; i < gap.fills().size(); i++) {
            if (gap.fills().get(i) == Filling.GROUP && i != gap.bucket()) {
                order.add(i);
            }
        }
        return columns.size() <= order.size()
                && order.subList(0, columns.size()).equals(columns);
    }
}
