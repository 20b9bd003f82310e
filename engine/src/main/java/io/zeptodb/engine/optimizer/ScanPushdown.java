package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Moves conditions and projections into scans: key and time conditions prune, the others filter, columns nobody reads are left out. */
final class ScanPushdown {
    private final Conversion conversion;

    ScanPushdown(Conversion conversion) {
        this.conversion = conversion;
    }

    /** A scan that gives only rows for which the condition over its columns is true. */
    TableScan filter(TableScan scan, Expression condition) {
        List<Expression> keys = scan.keys();
        List<TimeBound> bounds = new ArrayList<>(scan.timeBounds());
        List<Expression> filters = new ArrayList<>(scan.filters());
        for (Expression conjunct : ExpressionTree.conjuncts(condition)) {
            TimeBound bound = timeBound(scan, conjunct);
            if (bound != null) {
                bounds.add(bound);
                continue;
            }
            bounds.addAll(span(scan, conjunct));
            List<Expression> found = keys(scan, conjunct);
            if (found == null) {
                filters.add(conjunct);
            } else if (keys == null) {
                keys = found;
            } else if (allLiterals(keys) && allLiterals(found)) {
                List<Expression> both = found;
                keys = keys.stream().filter(both::contains).toList();
            } else {
                filters.add(conjunct);
            }
        }
        return new TableScan(scan.table(), scan.ordinals(), keys, bounds, filters, scan.columns());
    }

    private static boolean allLiterals(List<Expression> expressions) {
        return expressions.stream().allMatch(Literal.class::isInstance);
    }

    /** The least and the greatest of a list of times: the list stays a filter between them. */
    private static List<TimeBound> span(TableScan scan, Expression conjunct) {
        if (!(conjunct instanceof InList in)
                || in.negated()
                || !isTime(scan, in.input())
                || in.values().stream().anyMatch(value -> value.type().kind() != TypeKind.TIMESTAMP)) {
            return List.of();
        }
        java.util.Comparator<Literal> byTime =
                java.util.Comparator.comparing(literal -> (Long) Objects.requireNonNull(literal.value()));
        return List.of(
                new TimeBound(Comparator.GREATER_OR_EQUAL, Collections.min(in.values(), byTime)),
                new TimeBound(Comparator.LESS_OR_EQUAL, Collections.max(in.values(), byTime)));
    }

    private @Nullable TimeBound timeBound(TableScan scan, Expression conjunct) {
        if (conjunct instanceof IsNull present && present.negated() && isTime(scan, present.input())) {
            // rows without a time pass no bound, and this one costs nothing where all rows have one
            return TimeBound.ofAnyTime(present.input().type());
        }
        if (!(conjunct instanceof Comparison comparison)) {
            return null;
        }
        Comparator operator = comparison.operator();
        if (isTime(scan, comparison.left()) && ExpressionTree.isConstant(comparison.right())) {
            return timeBound(operator, comparison.right());
        }
        if (isTime(scan, comparison.right()) && ExpressionTree.isConstant(comparison.left())) {
            return timeBound(operator.mirrored(), comparison.left());
        }
        return null;
    }

    private static @Nullable TimeBound timeBound(Comparator operator, Expression value) {
        boolean orders = operator != Comparator.NOT_EQUAL
                && operator != Comparator.DISTINCT
                && operator != Comparator.NOT_DISTINCT;
        return orders && value.type().kind() == TypeKind.TIMESTAMP ? new TimeBound(operator, value) : null;
    }

    private static boolean isTime(TableScan scan, Expression expression) {
        int time = scan.table().schema().timestampOrdinal();
        return time != TableSchema.NONE && isColumn(scan, expression, time);
    }

    private static boolean isColumn(TableScan scan, Expression expression, int ordinal) {
        return expression instanceof Column column && scan.ordinals().get(column.index()) == ordinal;
    }

    /** The keys to which a condition restricts a scan, or null when it says something else. */
    private @Nullable List<Expression> keys(TableScan scan, Expression conjunct) {
        int key = scan.table().schema().keyOrdinal();
        if (key == TableSchema.NONE) {
            return null;
        }
        if (conjunct instanceof InList in && !in.negated() && isColumn(scan, in.input(), key)) {
            return List.copyOf(in.values());
        }
        if (!(conjunct instanceof Comparison equality) || equality.operator() != Comparator.EQUAL) {
            return null;
        }
        ColumnType type = scan.table().schema().typeOf(key);
        Expression value = null;
        if (isKey(scan, equality.left(), key) && ExpressionTree.isConstant(equality.right())) {
            value = keyValue(equality.right(), type);
        } else if (isKey(scan, equality.right(), key) && ExpressionTree.isConstant(equality.left())) {
            value = keyValue(equality.left(), type);
        }
        return value == null ? null : List.of(value);
    }

    /** The key column, also widened to a greater integer. */
    private static boolean isKey(TableScan scan, Expression expression, int key) {
        return isColumn(scan, expression, key)
                || (expression instanceof Cast cast
                        && cast.type().kind().isInteger()
                        && cast.input().type().kind().isInteger()
                        && cast.type().width() >= cast.input().type().width()
                        && isColumn(scan, cast.input(), key));
    }

    private @Nullable Expression keyValue(Expression value, ColumnType keyType) {
        TypeKind kind = value.type().kind();
        if (keyType.kind() == TypeKind.SYMBOL) {
            return kind == TypeKind.VARCHAR ? value : null;
        }
        return kind.isInteger() ? conversion.to(value, ColumnType.BIGINT) : null;
    }

    /** The columns of a scan that these expressions and the scan's own filters read. */
    static BitSet read(TableScan scan, List<Expression> expressions) {
        BitSet read = new BitSet();
        expressions.forEach(each -> ExpressionTree.addColumns(each, read));
        scan.filters().forEach(each -> ExpressionTree.addColumns(each, read));
        return read;
    }

    /**
     * A scan with these of its columns, in this order.
     *
     * @param kept all columns that filters read are among them
     */
    static TableScan select(TableScan scan, List<Integer> kept, List<PlanColumn> columns) {
        List<Integer> ordinals =
                kept.stream().map(index -> scan.ordinals().get(index)).toList();
        List<Expression> filters = scan.filters().stream()
                .map(each -> ExpressionTree.renumber(each, index -> position(kept, index)))
                .toList();
        return new TableScan(scan.table(), ordinals, scan.keys(), scan.timeBounds(), filters, columns);
    }

    static int position(List<Integer> kept, int index) {
        int position = kept.indexOf(index);
        if (position < 0) {
            throw new IllegalStateException("column " + index + " is read but not kept");
        }
        return position;
    }

    /** The column indices of expressions that are all different columns covering what the filters read, or null. */
    static @Nullable List<Integer> asSelection(TableScan scan, List<Expression> expressions) {
        List<Integer> kept = new ArrayList<>();
        for (Expression expression : expressions) {
            if (!(expression instanceof Column column) || kept.contains(column.index())) {
                return null;
            }
            kept.add(column.index());
        }
        return read(scan, expressions).cardinality() == kept.size() ? kept : null;
    }
}
