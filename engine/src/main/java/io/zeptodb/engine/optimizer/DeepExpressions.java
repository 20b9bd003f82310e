package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts expressions of thousands of levels, such as a sum of five thousand terms, into several projections: an operator computes an expression
 * recursively, on whatever stack its thread has. Nothing is taken out of a branch that may not be run.
 */
final class DeepExpressions {
    private static final int MOST_LEVELS = 200;

    private final List<PlanColumn> input;
    private final List<Expression> below = new ArrayList<>();

    private DeepExpressions(List<PlanColumn> input) {
        this.input = input;
    }

    /** A projection as one or more whose expressions have few levels. */
    static Project cut(PhysicalPlan input, List<Expression> expressions, List<PlanColumn> columns) {
        PhysicalPlan current = input;
        List<Expression> rest = expressions;
        while (true) {
            DeepExpressions cut = new DeepExpressions(current.columns());
            List<Expression> shorter =
                    rest.stream().map(each -> cut.part(each).expression()).toList();
            if (cut.below.isEmpty()) {
                return new Project(current, rest, columns);
            }
            current = cut.projection(current);
            rest = shorter;
        }
    }

    private Project projection(PhysicalPlan source) {
        List<PlanColumn> columns = new ArrayList<>(input);
        for (Expression expression : below) {
            columns.add(new PlanColumn("$part" + columns.size(), expression.type(), true));
        }
        List<Expression> expressions = new ArrayList<>(Columns.references(input));
        expressions.addAll(below);
        return new Project(source, expressions, columns);
    }

    /** What remains of an expression, and whether something below it was cut off: then it can go into the next projection only. */
    private record Part(Expression expression, int levels, boolean cut) {}

    private Part part(Expression expression) {
        if (!(expression instanceof Call || expression instanceof Cast)) {
            return new Part(expression, levels(expression), false);
        }
        List<Expression> children = new ArrayList<>();
        int levels = 0;
        boolean cut = false;
        for (Expression child : ExpressionTree.children(expression)) {
            Part part = part(child);
            children.add(part.expression());
            levels = Math.max(levels, part.levels());
            cut |= part.cut();
        }
        if (cut) {
            return new Part(withChildren(expression, children), levels + 1, true);
        }
        if (levels + 1 < MOST_LEVELS) {
            return new Part(expression, levels + 1, false);
        }
        below.add(expression);
        return new Part(new Column(input.size() + below.size() - 1, expression.type()), 0, true);
    }

    private static Expression withChildren(Expression expression, List<Expression> children) {
        if (expression instanceof Cast cast) {
            return new Cast(children.get(0), cast.type(), cast.lenient(), cast.place());
        }
        Call call = (Call) expression;
        return new Call(call.function(), children, call.place());
    }

    private static int levels(Expression expression) {
        int levels = 0;
        for (Expression child : ExpressionTree.children(expression)) {
            levels = Math.max(levels, levels(child));
        }
        return levels + 1;
    }
}
