package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.ExpressionTree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A join condition taken apart: equalities of a left with a right expression, and what remains.
 *
 * @param leftKeys over the left columns
 * @param rightKeys over the right columns, of the same layout as the left ones
 * @param nullSafe for each key, whether NULL equals NULL
 * @param rest conjuncts over left then right columns
 */
record JoinCondition(
        List<Expression> leftKeys, List<Expression> rightKeys, List<Boolean> nullSafe, List<Expression> rest) {

    static JoinCondition of(List<Expression> conjuncts, int leftColumns, Conversion conversion) {
        JoinCondition condition =
                new JoinCondition(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Expression conjunct : conjuncts) {
            if (!Folding.isTrue(conjunct) && !condition.addKey(conjunct, leftColumns, conversion)) {
                condition.rest.add(conjunct);
            }
        }
        return condition;
    }

    private boolean addKey(Expression conjunct, int leftColumns, Conversion conversion) {
        if (!(conjunct instanceof Comparison comparison)) {
            return false;
        }
        boolean safe = comparison.operator() == Comparator.NOT_DISTINCT;
        if (!safe && comparison.operator() != Comparator.EQUAL) {
            return false;
        }
        Comparison sides = sides(comparison, leftColumns);
        if (sides == null) {
            return false;
        }
        Expression left = sides.left();
        Expression right = ExpressionTree.renumber(sides.right(), index -> index - leftColumns);
        if (left.type().kind() != right.type().kind() && left.type().kind().isText()) {
            left = conversion.to(left, ColumnType.VARCHAR);
            right = conversion.to(right, ColumnType.VARCHAR);
        }
        leftKeys.add(left);
        rightKeys.add(right);
        nullSafe.add(safe);
        return true;
    }

    /** The comparison with its left columns left and its right ones right; null when it does not compare the two sides. */
    static @Nullable Comparison sides(Comparison comparison, int leftColumns) {
        BitSet left = ExpressionTree.columns(comparison.left());
        BitSet right = ExpressionTree.columns(comparison.right());
        if (left.isEmpty() || right.isEmpty()) {
            return null;
        }
        if (left.length() <= leftColumns && right.nextSetBit(0) >= leftColumns) {
            return comparison;
        }
        if (right.length() <= leftColumns && left.nextSetBit(0) >= leftColumns) {
            return new Comparison(comparison.operator().mirrored(), comparison.right(), comparison.left());
        }
        return null;
    }

    boolean hasKeys() {
        return !leftKeys.isEmpty();
    }

    /** What remains as one condition, or null. */
    @Nullable
    Expression residual() {
        return rest.isEmpty() ? null : ExpressionTree.and(rest);
    }
}
