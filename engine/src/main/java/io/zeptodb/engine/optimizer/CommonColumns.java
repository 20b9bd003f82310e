package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Coalesce;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.AsofJoin;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns that a join makes equal. USING gives COALESCE(left, right); in a join that keeps no right row without a left one it is the left column:
 * where that is NULL there is no match, and the right one is NULL too.
 *
 * @param leftOf the left column by the right one's index
 */
record CommonColumns(Map<Integer, Integer> leftOf) {
    static CommonColumns of(PhysicalPlan plan) {
        if (plan instanceof HashJoin join && (join.type() == JoinType.INNER || join.type() == JoinType.LEFT)) {
            Map<Integer, Integer> leftOf = new HashMap<>();
            for (int i = 0; i < join.leftKeys().size(); i++) {
                if (!join.nullSafe().get(i)) {
                    put(leftOf, join.leftKeys().get(i), join.rightKeys().get(i), join.left());
                }
            }
            return new CommonColumns(leftOf);
        }
        if (plan instanceof AsofJoin join) {
            Map<Integer, Integer> leftOf = new HashMap<>();
            for (int i = 0; i < join.leftKeys().size(); i++) {
                put(leftOf, join.leftKeys().get(i), join.rightKeys().get(i), join.left());
            }
            put(leftOf, join.leftTime(), join.rightTime(), join.left());
            return new CommonColumns(leftOf);
        }
        if (plan instanceof Filter filter) {
            return of(filter.input());
        }
        boolean selects = plan instanceof Project project
                && Columns.isIdentity(
                        project.expressions(), project.expressions().size());
        return selects ? of(plan.inputs().get(0)) : new CommonColumns(Map.of());
    }

    private static void put(Map<Integer, Integer> leftOf, Expression left, Expression right, PhysicalPlan leftInput) {
        if (withoutCast(left) instanceof Column leftColumn && withoutCast(right) instanceof Column rightColumn) {
            leftOf.put(rightColumn.index() + leftInput.columns().size(), leftColumn.index());
        }
    }

    private static Expression withoutCast(Expression expression) {
        return expression instanceof Cast cast ? cast.input() : expression;
    }

    List<Expression> simplify(List<Expression> expressions) {
        if (leftOf.isEmpty()) {
            return expressions;
        }
        return expressions.stream()
                .map(each -> ExpressionTree.rewrite(each, this::simplify))
                .toList();
    }

    private Expression simplify(Expression expression) {
        boolean common = expression instanceof Coalesce coalesce
                && coalesce.arguments().size() == 2
                && withoutCast(coalesce.arguments().get(0)) instanceof Column leftColumn
                && withoutCast(coalesce.arguments().get(1)) instanceof Column rightColumn
                && Integer.valueOf(leftColumn.index()).equals(leftOf.get(rightColumn.index()));
        if (!common) {
            return expression;
        }
        Expression left = ((Coalesce) expression).arguments().get(0);
        boolean symbolAsText = withoutCast(left).type().kind() == TypeKind.SYMBOL;
        return symbolAsText ? withoutCast(left) : left;
    }
}
