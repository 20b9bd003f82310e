package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Parameter;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Binding;
import io.zeptodb.engine.plan.PhysicalPlan.Unnest;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;

/** UNNEST: arrays of the query itself, and arrays of the rows beside which it stands. */
final class UnnestLowering {
    private UnnestLowering() {}

    /** UNNEST of what its input computes. */
    static PhysicalPlan alone(Lowering lowering, LoweringContext context, Uncollect uncollect) {
        PhysicalPlan input = lowering.lower(uncollect.getInput());
        Unnest unnest = unnest(uncollect, input, Columns.references(input.columns()), false);
        int before = input.columns().size();
        List<PlanColumn> columns =
                unnest.columns().subList(before, unnest.columns().size());
        List<Expression> elements = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            elements.add(new Column(before + i, columns.get(i).type()));
        }
        return new Projections(context.folding()).project(unnest, elements, columns);
    }

    /** A join with the elements of arrays of each left row; null when the right side is more than that. */
    static @Nullable PhysicalPlan correlated(Lowering lowering, LoweringContext context, Correlate correlate) {
        JoinRelType type = correlate.getJoinType();
        boolean plain = (type == JoinRelType.INNER || type == JoinRelType.LEFT)
                && correlate.getCondition().isAlwaysTrue()
                && correlate.getRight() instanceof Uncollect;
        if (!plain || !(((Uncollect) correlate.getRight()).getInput() instanceof Project arrays) || !isOneRow(arrays)) {
            return null;
        }
        PhysicalPlan left = lowering.lower(correlate.getLeft());
        context.variables().open(correlate.getCorrelationId(), left.columns());
        List<Expression> lowered = new ExpressionLowering(context, List.of()).lowerAll(arrays.getProjects());
        List<Binding> bindings = context.variables().close(correlate.getCorrelationId());
        List<Expression> overLeft = lowered.stream()
                .map(each -> ExpressionTree.rewrite(each, part -> ofLeft(part, bindings, left)))
                .toList();
        return unnest((Uncollect) correlate.getRight(), left, overLeft, type == JoinRelType.LEFT);
    }

    private static boolean isOneRow(Project project) {
        return project.getInput() instanceof Values values && values.getTuples().size() == 1 && !project.containsOver();
    }

    private static Expression ofLeft(Expression part, List<Binding> bindings, PhysicalPlan left) {
        if (part instanceof Parameter variable) {
            for (Binding binding : bindings) {
                if (binding.parameter() == variable.index()) {
                    return new Column(
                            binding.column(),
                            left.columns().get(binding.column()).type());
                }
            }
        }
        return part;
    }

    private static Unnest unnest(Uncollect uncollect, PhysicalPlan input, List<Expression> arrays, boolean keepEmpty) {
        boolean takesFields = uncollect.getItemAliases().isEmpty();
        List<PlanColumn> columns = new ArrayList<>(input.columns());
        List<RelDataTypeField> names = uncollect.getRowType().getFieldList();
        List<ColumnType> types = new ArrayList<>();
        for (Expression array : arrays) {
            if (array.type().kind() != TypeKind.ARRAY) {
                throw Unsupported.because("UNNEST of a " + array.type(), "it takes an ARRAY");
            }
            ColumnType element = array.type().element();
            if (takesFields && element.kind() == TypeKind.ROW) {
                element.fields().forEach(field -> types.add(field.type()));
            } else {
                types.add(element);
            }
        }
        if (uncollect.withOrdinality) {
            types.add(ColumnType.BIGINT);
        }
        for (int i = 0; i < types.size(); i++) {
            columns.add(new PlanColumn(names.get(i).getName(), types.get(i), true));
        }
        return new Unnest(input, arrays, takesFields, uncollect.withOrdinality, keepEmpty, columns);
    }
}
