package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a scan below an aggregation can matter to a join above it: those whose keys the join's right side has. It follows from the join, whose left
 * rows are worth nothing without a match: groups of other keys need not be made. The keys are group keys of every aggregation on the way, so that a
 * group is kept whole or not at all. Immutable.
 *
 * @param scan below the join's left side
 * @param keys which of the join's keys, ascending
 * @param columns for each of them the same value over the scan's columns; computing it never fails
 */
public record JoinFilter(TableScan scan, List<Integer> keys, List<Expression> columns) {
    /** A key on its way down; what it is over the relation. */
    private record Place(PhysicalPlan relation, Expression key, boolean aggregated) {}

    /** Those of a join, one for each scan. */
    public static List<JoinFilter> of(HashJoin join) {
        List<JoinFilter> filters = new ArrayList<>();
        if (!needsMatches(join.type())) {
            return filters;
        }
        List<@Nullable Place> places =
                join.leftKeys().stream().map(key -> scanBelow(join.left(), key)).toList();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            if (place != null
                    && filters.stream().noneMatch(filter -> filter.scan == place.relation)
                    && count(join.left(), (TableScan) place.relation) == 1) {
                filters.add(of((TableScan) place.relation, places));
            }
        }
        return filters;
    }

    private static JoinFilter of(TableScan scan, List<@Nullable Place> places) {
        List<Integer> keys = new ArrayList<>();
        List<Expression> columns = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            if (place != null && place.relation == scan) {
                keys.add(i);
                columns.add(place.key);
            }
        }
        return new JoinFilter(scan, List.copyOf(keys), List.copyOf(columns));
    }

    /** The scan below an aggregation that a key comes from; null when it comes from none. */
    private static @Nullable Place scanBelow(PhysicalPlan relation, Expression key) {
        Place place = new Place(relation, key, false);
        while (place != null && !(place.relation instanceof TableScan)) {
            place = below(place);
        }
        return place != null && place.aggregated && column(place.key) != null ? place : null;
    }

    /** Whether left rows are worth nothing when no right row matches them. */
    public static boolean needsMatches(JoinType type) {
        return switch (type) {
            case INNER, SEMI, RIGHT, RIGHT_SEMI, RIGHT_ANTI -> true;
            case LEFT, FULL, ANTI, MARK -> false;
        };
    }

    /** How often a plan reads a scan: filters know it by its identity. */
    private static int count(PhysicalPlan plan, TableScan scan) {
        return plan == scan
                ? 1
                : plan.inputs().stream().mapToInt(input -> count(input, scan)).sum();
    }

    /** The relation below whose rows without such a key may go as well; null where none may. */
    private static @Nullable Place below(Place place) {
        Column column = column(place.key);
        if (column == null) {
            return null;
        }
        PhysicalPlan relation = place.relation;
        if (relation instanceof Filter filter) {
            return new Place(filter.input(), place.key, place.aggregated);
        } else if (relation instanceof Project project) {
            Expression key = over(place.key, project.expressions().get(column.index()));
            return new Place(project.input(), key, place.aggregated);
        } else if (relation instanceof HashAggregate aggregate
                && column.index() < aggregate.groups().size()) {
            Expression key = over(place.key, aggregate.groups().get(column.index()));
            return new Place(aggregate.input(), key, true);
        } else if (relation instanceof HashJoin join) {
            return belowJoin(join, place, column);
        }
        return null;
    }

    private static @Nullable Place belowJoin(HashJoin join, Place place, Column column) {
        boolean rightOnly = join.type() == JoinType.RIGHT_SEMI || join.type() == JoinType.RIGHT_ANTI;
        int leftCount = rightOnly ? 0 : join.left().columns().size();
        if (column.index() < leftCount) {
            // without a left row its pairs are gone; in RIGHT and FULL joins right rows would come out that should not
            return switch (join.type()) {
                case INNER, LEFT, SEMI, ANTI, MARK -> new Place(join.left(), place.key, place.aggregated);
                case RIGHT, FULL, RIGHT_SEMI, RIGHT_ANTI -> null;
            };
        }
        Expression key = over(place.key, new Column(column.index() - leftCount, column.type()));
        return switch (join.type()) {
            case INNER, RIGHT, RIGHT_SEMI, RIGHT_ANTI -> new Place(join.right(), key, place.aggregated);
            case LEFT, FULL, SEMI, ANTI, MARK -> null;
        };
    }

    /** The key with its column replaced. */
    private static Expression over(Expression key, Expression column) {
        return ExpressionTree.rewrite(key, each -> each instanceof Column ? column : each);
    }

    /** The column that the key is, but for casts that keep the value; null for anything else. */
    private static @Nullable Column column(Expression key) {
        if (key instanceof Cast cast) {
            return IndexedCondition.isWidening(cast) || isText(cast) ? column(cast.input()) : null;
        }
        return key instanceof Column column ? column : null;
    }

    /** A symbol as a text. */
    private static boolean isText(Cast cast) {
        return cast.type().kind() == TypeKind.VARCHAR && cast.input().type().kind() == TypeKind.SYMBOL;
    }
}
