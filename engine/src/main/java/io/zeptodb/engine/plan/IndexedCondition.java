package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter of a scan that the attribute of a column answers: GROUPED and PARTED equality with constants, SORTED orders too. It follows from the scan, which
 * keeps the filter: an index gives candidates. Immutable.
 *
 * @param ordinal the column, of the table
 * @param attribute its attribute, not NONE
 * @param operator EQUAL (with any of the values), or LESS, LESS_OR_EQUAL, GREATER or GREATER_OR_EQUAL (than the one value)
 * @param values without columns, of the column's type (VARCHAR for a SYMBOL, any integer for an integer)
 * @param isList whether it was written as a list
 */
public record IndexedCondition(
        int ordinal, ColumnAttribute attribute, Comparator operator, List<Expression> values, boolean isList) {
    private record Side(int ordinal, Comparator operator, Expression value) {}

    /** Those of a scan, in the order of its filters. */
    public static List<IndexedCondition> of(TableScan scan) {
        List<IndexedCondition> found = new ArrayList<>();
        if (scan.table().schema().columns().stream().allMatch(each -> each.attribute() == ColumnAttribute.NONE)) {
            return found;
        }
        for (Expression filter : scan.filters()) {
            IndexedCondition condition = of(scan, filter);
            if (condition != null) {
                found.add(condition);
            }
        }
        return found;
    }

    private static @Nullable IndexedCondition of(TableScan scan, Expression filter) {
        if (filter instanceof Comparison comparison) {
            Side side = side(scan, comparison);
            return side == null ? null : condition(scan, side, List.of(side.value), false);
        } else if (filter instanceof InList in) {
            Side side = list(scan, in);
            return side == null ? null : condition(scan, side, List.copyOf(in.values()), true);
        } else if (filter instanceof Or or) {
            return alternatives(scan, or);
        }
        return null;
    }

    /** A list of values that the column compares with; null for anything else. The side has the first of them. */
    private static @Nullable Side list(TableScan scan, Expression filter) {
        if (!(filter instanceof InList in) || in.negated() || !(in.input() instanceof Column column)) {
            return null;
        }
        int ordinal = scan.ordinals().get(column.index());
        return ordinal >= 0 && in.values().stream().allMatch(value -> fits(scan, ordinal, value))
                ? new Side(ordinal, Comparator.EQUAL, in.values().get(0))
                : null;
    }

    /** Equalities and lists of one column with OR between them. */
    private static @Nullable IndexedCondition alternatives(TableScan scan, Or or) {
        List<Expression> values = new ArrayList<>();
        Side first = null;
        for (Expression term : or.terms()) {
            Side side = term instanceof Comparison comparison ? side(scan, comparison) : list(scan, term);
            if (side == null || side.operator != Comparator.EQUAL || (first != null && side.ordinal != first.ordinal)) {
                return null;
            }
            first = first == null ? side : first;
            values.addAll(term instanceof InList in ? in.values() : List.of(side.value));
        }
        return first == null ? null : condition(scan, first, values, true);
    }

    private static @Nullable IndexedCondition condition(
            TableScan scan, Side side, List<Expression> values, boolean isList) {
        ColumnAttribute attribute = definition(scan, side.ordinal).attribute();
        boolean answers = attribute == ColumnAttribute.SORTED
                || (attribute != ColumnAttribute.NONE && side.operator == Comparator.EQUAL);
        return answers
                ? new IndexedCondition(side.ordinal, attribute, side.operator, List.copyOf(values), isList)
                : null;
    }

    private static @Nullable Side side(TableScan scan, Comparison comparison) {
        Side side = side(scan, comparison.left(), comparison.operator(), comparison.right());
        return side != null
                ? side
                : side(scan, comparison.right(), comparison.operator().mirrored(), comparison.left());
    }

    private static @Nullable Side side(TableScan scan, Expression left, Comparator operator, Expression right) {
        boolean orders = switch (operator) {
            case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            case NOT_EQUAL, DISTINCT, NOT_DISTINCT -> false;
        };
        if (!orders || !ExpressionTree.isConstant(right)) {
            return null;
        }
        Expression inner = left instanceof Cast cast && isWidening(cast) ? cast.input() : left;
        if (!(inner instanceof Column column)) {
            return null;
        }
        int ordinal = scan.ordinals().get(column.index());
        return ordinal >= 0 && fits(scan, ordinal, right) ? new Side(ordinal, operator, right) : null;
    }

    /** An integer as a greater one. */
    static boolean isWidening(Cast cast) {
        TypeKind from = cast.input().type().kind();
        TypeKind to = cast.type().kind();
        return from.isInteger() && to.isInteger() && to.width() >= from.width();
    }

    /** Whether the value compares with values of the column as they are stored. */
    private static boolean fits(TableScan scan, int ordinal, Expression value) {
        ColumnType own = definition(scan, ordinal).type();
        ColumnType other = value.type();
        if (own.kind() == TypeKind.SYMBOL) {
            return other.kind() == TypeKind.VARCHAR;
        }
        if (own.kind().isInteger()) {
            return other.kind().isInteger();
        }
        return own.kind() == other.kind() && (own.kind() != TypeKind.DECIMAL || own.scale() == other.scale());
    }

    private static ColumnDefinition definition(TableScan scan, int ordinal) {
        return scan.table().schema().columns().get(ordinal);
    }
}
