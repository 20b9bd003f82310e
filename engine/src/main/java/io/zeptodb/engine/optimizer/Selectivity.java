package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.Expression.Literal;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Which part of the rows a condition lets pass, from what is known of its columns; rules of thumb where nothing is. Stateless. */
final class Selectivity {
    private static final double EQUAL = 0.05;
    private static final double RANGE = 0.3;
    private static final double LIKE = 0.1;
    private static final double NULL = 0.05;
    private static final double OTHER = 0.5;

    private Selectivity() {}

    /** @param input of whose columns the condition speaks */
    static double of(RexNode condition, RowEstimate input) {
        double selectivity = 1;
        for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
            selectivity *= ofOne(conjunct, input);
        }
        return selectivity;
    }

    private static double ofOne(RexNode condition, RowEstimate input) {
        if (condition.isAlwaysTrue()) {
            return 1;
        }
        return condition instanceof RexCall call ? ofCall(call, input) : OTHER;
    }

    private static double ofCall(RexCall call, RowEstimate input) {
        return switch (call.getKind()) {
            case EQUALS, IS_NOT_DISTINCT_FROM -> equal(call, input);
            case NOT_EQUALS -> 1 - equal(call, input);
            case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL -> range(call, input);
            case OR -> either(call, input);
            case AND -> of(call, input);
            case NOT, IS_NOT_TRUE, IS_FALSE -> 1 - ofOne(call.getOperands().get(0), input);
            case IS_TRUE, IS_NOT_FALSE -> ofOne(call.getOperands().get(0), input);
            case LIKE -> LIKE;
            case IS_NULL -> NULL;
            case IS_NOT_NULL -> 1 - NULL;
            default -> OTHER;
        };
    }

    private static double either(RexCall or, RowEstimate input) {
        double none = 1;
        double sum = 0;
        boolean points = true;
        for (RexNode term : or.getOperands()) {
            double one = ofOne(term, input);
            none *= 1 - one;
            sum += one;
            points &= term.getKind() == SqlKind.EQUALS;
        }
        return points ? Math.min(1, sum) : 1 - none;
    }

    private static double equal(RexCall call, RowEstimate input) {
        ColumnEstimate left = column(call.getOperands().get(0), input);
        ColumnEstimate right = column(call.getOperands().get(1), input);
        double distinct = Math.max(left == null ? 0 : left.distinctOr(0), right == null ? 0 : right.distinctOr(0));
        return distinct == 0 ? EQUAL : 1 / distinct;
    }

    private static double range(RexCall call, RowEstimate input) {
        RexNode left = call.getOperands().get(0);
        RexNode right = call.getOperands().get(1);
        ColumnEstimate column = column(left, input);
        Double bound = number(right);
        boolean less = call.getKind() == SqlKind.LESS_THAN || call.getKind() == SqlKind.LESS_THAN_OR_EQUAL;
        if (column == null || bound == null) {
            column = column(right, input);
            bound = number(left);
            less = !less;
        }
        if (column == null || bound == null) {
            return RANGE;
        }
        double below = column.below(bound);
        return Double.isNaN(below) ? RANGE : less ? below : 1 - below;
    }

    private static @Nullable ColumnEstimate column(RexNode node, RowEstimate input) {
        RexNode plain = withoutCast(node);
        return plain instanceof RexInputRef reference ? input.column(reference.getIndex()) : null;
    }

    /** What a cast is of: it changes how values are written, not how many there are. */
    static RexNode withoutCast(RexNode node) {
        return node.getKind() == SqlKind.CAST
                ? withoutCast(((RexCall) node).getOperands().get(0))
                : node;
    }

    private static @Nullable Double number(RexNode node) {
        if (!(node instanceof RexLiteral literal) || literal.isNull() || Literals.beyond(literal) != 0) {
            return null;
        }
        Literal value = Literals.of(literal);
        return value.value() instanceof Number number ? number.doubleValue() : null;
    }
}
