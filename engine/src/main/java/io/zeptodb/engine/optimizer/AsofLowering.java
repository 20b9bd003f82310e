package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.ExpressionText;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.AsofJoin;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.jspecify.annotations.Nullable;

/** As-of joins: takes the condition apart into keys and one comparison of times, and finds what breaks ties. */
final class AsofLowering {
    private final LoweringContext context;

    AsofLowering(LoweringContext context) {
        this.context = context;
    }

    PhysicalPlan join(org.apache.calcite.rel.core.AsofJoin join, PhysicalPlan left, PhysicalPlan right) {
        int leftCount = left.columns().size();
        List<PlanColumn> both = Columns.joined(left.columns(), right.columns());
        ExpressionLowering expressions = new ExpressionLowering(context, both);
        AsofMatching match = AsofMatching.of(join.getMatchCondition());
        List<Expression> conjuncts = new ArrayList<>();
        conjuncts.addAll(ExpressionTree.conjuncts(expressions.condition(join.getCondition())));
        Comparison nearest = match.nearest() == null ? null : nearest(match.nearest(), expressions, leftCount);
        if (nearest == null) {
            conjuncts.addAll(ExpressionTree.conjuncts(expressions.condition(match.condition())));
        }
        JoinCondition condition = JoinCondition.of(conjuncts, leftCount, context.conversion());
        Comparison time = nearest;
        for (Expression rest : condition.rest()) {
            Comparison comparison = time == null ? timeComparison(rest, leftCount) : null;
            if (comparison == null) {
                throw notOfAnAsofJoin(new ExpressionText(both).of(rest));
            }
            time = comparison;
        }
        if (time == null) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "an ASOF JOIN needs one comparison (>=, >, <=, <) of a left time with a right time");
        }
        if (condition.nullSafe().contains(true)) {
            throw notOfAnAsofJoin("IS NOT DISTINCT FROM");
        }
        Expression tolerance = match.tolerance() == null ? null : expressions.lower(match.tolerance());
        boolean keepsUnmatched = join.getJoinType() == JoinRelType.LEFT_ASOF;
        Times times = new Times(
                inNanoseconds(time.left(), tolerance),
                nearest == null ? time.operator() : null,
                inNanoseconds(time.right(), tolerance),
                tolerance);
        return build(left, right, keepsUnmatched, condition, times);
    }

    private record Times(
            Expression left,
            Expression.@Nullable Comparator operator,
            Expression right,
            @Nullable Expression tolerance) {}

    /** The two times of NEAREST in a type that they have in common, the left side's first. */
    private Comparison nearest(RexCall call, ExpressionLowering expressions, int leftCount) {
        Expression first = expressions.lower(call.getOperands().get(0));
        Expression second = expressions.lower(call.getOperands().get(1));
        ColumnType common = Conversion.common(first.type(), second.type());
        Comparison sides = JoinCondition.sides(
                new Comparison(
                        Expression.Comparator.GREATER_OR_EQUAL,
                        context.conversion().to(first, common),
                        context.conversion().to(second, common)),
                leftCount);
        if (sides == null) {
            throw notOfAnAsofJoin("NEAREST");
        }
        return sides;
    }

    /** A tolerance counts nanoseconds, a DATE days. */
    private Expression inNanoseconds(Expression time, @Nullable Expression tolerance) {
        return tolerance != null && time.type().kind() == TypeKind.DATE
                ? context.conversion().to(time, ColumnType.TIMESTAMP_NS)
                : time;
    }

    private static EngineException notOfAnAsofJoin(String condition) {
        return new EngineException(
                ErrorCode.INVALID_STATEMENT,
                "the condition " + condition
                        + " of an ASOF JOIN is neither an equality of keys nor the one comparison of"
                        + " times; put it into WHERE");
    }

    private static @Nullable Comparison timeComparison(Expression expression, int leftCount) {
        if (!(expression instanceof Comparison comparison)) {
            return null;
        }
        boolean orders = switch (comparison.operator()) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            default -> false;
        };
        return orders ? JoinCondition.sides(comparison, leftCount) : null;
    }

    private static PhysicalPlan build(
            PhysicalPlan left, PhysicalPlan right, boolean keepsUnmatched, JoinCondition condition, Times time) {
        int leftCount = left.columns().size();
        Expression rightTime = ExpressionTree.renumber(time.right(), index -> index - leftCount);
        TimeOrder order = TimeOrder.trace(right);
        PhysicalPlan ordered = order == null ? right : order.plan();
        List<PlanColumn> columns = Columns.joined(left.columns(), ordered.columns(), false, keepsUnmatched);
        PhysicalPlan join = new AsofJoin(
                left,
                ordered,
                keepsUnmatched,
                List.copyOf(condition.leftKeys()),
                List.copyOf(condition.rightKeys()),
                time.left(),
                time.operator(),
                rightTime,
                time.tolerance(),
                order == null ? -1 : order.sequence(),
                columns);
        int wanted = leftCount + right.columns().size();
        return wanted == columns.size()
                ? join
                : new PhysicalPlan.Project(
                        join, Columns.references(columns.subList(0, wanted)), columns.subList(0, wanted));
    }
}
