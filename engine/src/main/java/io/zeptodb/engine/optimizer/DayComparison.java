package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.Literal;
import org.jspecify.annotations.Nullable;

/**
 * A DATE compared with a constant TIMESTAMP, as {@code d < DATE '1994-01-01' + INTERVAL '1' YEAR} does, by its days alone: the column needs no
 * cast, and its bounds prune segments.
 */
final class DayComparison {
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;

    private DayComparison() {}

    /** Null where the comparison is another one, or its outcome does not depend on days alone. */
    static @Nullable Comparison of(Comparator operator, Expression left, Expression right) {
        if (left.type().kind() == TypeKind.DATE && right instanceof Literal instant) {
            return ofDate(operator, left, instant);
        }
        boolean mirrored = right.type().kind() == TypeKind.DATE && left instanceof Literal;
        return mirrored ? ofDate(operator.mirrored(), right, (Literal) left) : null;
    }

    private static @Nullable Comparison ofDate(Comparator operator, Expression date, Literal instant) {
        if (instant.type().kind() != TypeKind.TIMESTAMP || !(instant.value() instanceof Long nanos)) {
            return null;
        }
        boolean midnight = Math.floorMod(nanos, NANOS_PER_DAY) == 0;
        Comparator ofDays = switch (operator) {
            case LESS -> midnight ? Comparator.LESS : Comparator.LESS_OR_EQUAL;
            case LESS_OR_EQUAL -> Comparator.LESS_OR_EQUAL;
            case GREATER -> Comparator.GREATER;
            case GREATER_OR_EQUAL -> midnight ? Comparator.GREATER_OR_EQUAL : Comparator.GREATER;
            case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> midnight ? operator : null;
        };
        return ofDays == null
                ? null
                : new Comparison(ofDays, date, new Literal(Math.floorDiv(nanos, NANOS_PER_DAY), ColumnType.DATE));
    }
}
