package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;

/** Puts a projection on a plan in the cheapest form: none at all, into the scan, into constant rows, or as a record of its own. */
final class Projections {
    private final Folding folding;

    Projections(Folding folding) {
        this.folding = folding;
    }

    PhysicalPlan project(PhysicalPlan input, List<Expression> expressions, List<PlanColumn> columns) {
        if (input instanceof TableScan scan) {
            return overScan(scan, expressions, columns);
        }
        if (input instanceof Values values) {
            return overValues(values, expressions, columns);
        }
        if (Columns.isIdentity(expressions, input.columns().size())) {
            return input;
        }
        if (input instanceof Project below && !computesTwice(below.expressions(), expressions)) {
            List<Expression> merged = expressions.stream()
                    .map(each -> folding.foldTree(ExpressionTree.substitute(each, below.expressions())))
                    .toList();
            return project(below.input(), merged, columns);
        }
        return DeepExpressions.cut(input, expressions, columns);
    }

    /** Whether an expression of a projection that costs something would be computed more than once if its readers held it. */
    static boolean computesTwice(List<Expression> projected, List<Expression> readers) {
        int[] uses = new int[projected.size()];
        readers.forEach(reader -> ExpressionTree.visit(reader, each -> {
            if (each instanceof Column column) {
                uses[column.index()]++;
            }
        }));
        for (int i = 0; i < uses.length; i++) {
            Expression expression = projected.get(i);
            if (uses[i] > 1 && !(expression instanceof Column) && !(expression instanceof Literal)) {
                return true;
            }
        }
        return false;
    }

    private static PhysicalPlan overScan(TableScan scan, List<Expression> expressions, List<PlanColumn> columns) {
        List<Integer> selection = ScanPushdown.asSelection(scan, expressions);
        if (selection != null) {
            return ScanPushdown.select(scan, selection, columns);
        }
        List<Integer> kept =
                ScanPushdown.read(scan, expressions).stream().boxed().toList();
        TableScan pruned = ScanPushdown.select(
                scan,
                kept,
                kept.stream().map(index -> scan.columns().get(index)).toList());
        List<Expression> renumbered = expressions.stream()
                .map(each -> ExpressionTree.renumber(each, index -> ScanPushdown.position(kept, index)))
                .toList();
        return DeepExpressions.cut(pruned, renumbered, columns);
    }

    private PhysicalPlan overValues(Values values, List<Expression> expressions, List<PlanColumn> columns) {
        List<List<Expression>> rows = new ArrayList<>(values.rows().size());
        for (List<Expression> row : values.rows()) {
            rows.add(expressions.stream()
                    .map(each -> each instanceof Column column
                            ? row.get(column.index())
                            : folding.foldTree(ExpressionTree.substitute(each, row)))
                    .toList());
        }
        return new Values(rows, columns);
    }
}
