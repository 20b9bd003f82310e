package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which segments cannot hold a row that passes the filters of a scan, by the least and greatest values of their columns. Immutable. */
final class SegmentPruner {
    private static final SegmentPruner NONE = new SegmentPruner(List.of());

    /** A conjunct "column operator constant". */
    private record Bound(int ordinal, Comparator operator, ColumnType type, Object value) {}

    private final List<Bound> bounds;

    private SegmentPruner(List<Bound> bounds) {
        this.bounds = bounds;
    }

    static SegmentPruner of(TableScan plan, @Nullable Object[] parameters) {
        if (plan.filters().isEmpty()) {
            return NONE;
        }
        List<Bound> bounds = new ArrayList<>();
        plan.filters().forEach(filter -> collect(filter, plan, parameters, bounds));
        return bounds.isEmpty() ? NONE : new SegmentPruner(bounds);
    }

    private static void collect(Expression filter, TableScan plan, @Nullable Object[] parameters, List<Bound> into) {
        if (filter instanceof Expression.And and) {
            and.terms().forEach(term -> collect(term, plan, parameters, into));
        } else if (filter instanceof Expression.Comparison comparison) {
            collect(comparison.left(), comparison.operator(), comparison.right(), plan, parameters, into);
            collect(comparison.right(), comparison.operator().mirrored(), comparison.left(), plan, parameters, into);
        }
    }

    private static void collect(
            Expression left,
            Comparator operator,
            Expression right,
            TableScan plan,
            @Nullable Object[] parameters,
            List<Bound> into) {
        if (!(left instanceof Expression.Column column)
                || !Constants.isGiven(right)
                || Constants.unfit(right, parameters) != null
                || !hasBounds(column.type().kind())) {
            return;
        }
        int ordinal = plan.ordinals().get(column.index());
        Object value = Constants.given(right, parameters);
        if (value instanceof Number && ordinal != SegmentSnapshot.SEQUENCE) {
            into.add(new Bound(ordinal, operator, column.type(), value));
        }
    }

    private static boolean hasBounds(TypeKind kind) {
        return kind.isInteger()
                || kind.isFloat()
                || kind == TypeKind.DATE
                || kind == TypeKind.TIME
                || kind == TypeKind.TIMESTAMP;
    }

    /** False when the statistics exclude every row. */
    boolean mayMatch(SegmentSnapshot segment) {
        for (Bound bound : bounds) {
            if (!mayMatch(bound, segment.statistics(bound.ordinal), segment.rowCount())) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayMatch(Bound bound, ColumnStatistics statistics, long rows) {
        if (!statistics.hasBounds()) {
            // only NULLs: no comparison is true, but NULL is distinct from a value
            return statistics.nullCount() != rows || bound.operator == Comparator.DISTINCT;
        }
        int least;
        int greatest;
        if (bound.type.kind().isFloat()) {
            double value = ((Number) bound.value).doubleValue();
            least = compare(statistics.minDouble(), value);
            greatest = compare(statistics.maxDouble(), value);
        } else {
            long value = ((Number) bound.value).longValue();
            least = Long.compare(statistics.minLong(), value);
            greatest = Long.compare(statistics.maxLong(), value);
        }
        return switch (bound.operator) {
            case EQUAL, NOT_DISTINCT -> least <= 0 && greatest >= 0;
            case NOT_EQUAL -> least != 0 || greatest != 0;
            case LESS -> least < 0;
            case LESS_OR_EQUAL -> least <= 0;
            case GREATER -> greatest > 0;
            case GREATER_OR_EQUAL -> greatest >= 0;
            case DISTINCT -> true;
        };
    }

    /** NaN is greatest, as Double.compare has it; the zeros are equal, as it has not. */
    private static int compare(double left, double right) {
        return left == right ? 0 : Double.compare(left, right);
    }
}
