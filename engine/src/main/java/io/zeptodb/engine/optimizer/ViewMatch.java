package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.Expression.InList;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.ViewAggregate;
import io.zeptodb.engine.plan.TimeBound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a materialized view answers an aggregation of the same table: which of the view's groups count, how they are put together, and which of its states
 * give the aggregates. What the query says of rows must be said of whole groups of the view: by its group expressions, or by times at which its buckets
 * begin.
 */
final class ViewMatch {
    /** Columns from here on are group expressions of the view, the others columns of the table. */
    private static final int GROUPS = 1 << 20;

    private static final long DAY = Duration.ofDays(1).toNanos();
    /** Units of date_trunc that begin with a day. */
    private static final Set<String> CALENDAR_UNITS =
            Set.of("week", "month", "quarter", "year", "decade", "century", "millennium");

    /** More keys than these are looked up in a table. */
    private static final int FEW_KEYS = 16;

    private static final Set<String> SUMS = Set.of("sum", "avg");

    private final KeptView view;
    private final TableAggregate query;
    private final SameFunctions same = new SameFunctions();
    private final List<Expression> keptGroups;
    private final List<Expression> groups = new ArrayList<>();
    private final List<Expression> conditions = new ArrayList<>();
    private final List<ViewAggregate.Edge> edges = new ArrayList<>();
    private final List<ViewAggregate.Call> calls = new ArrayList<>();

    private ViewMatch(KeptView view, TableAggregate query) {
        this.view = view;
        this.query = query;
        this.keptGroups = same.all(view.form().groups());
    }

    /** Null when the view cannot answer. */
    static @Nullable ViewMatch of(KeptView view, TableAggregate query) {
        ViewMatch match = new ViewMatch(view, query);
        boolean answers = view.form().table().equals(query.table())
                && match.findConditions()
                && match.findGroups()
                && match.findCalls();
        return answers ? match : null;
    }

    private boolean findConditions() {
        TableAggregate form = view.form();
        List<Expression> keptFilters = same.all(form.filters());
        List<TimeBound> keptBounds = same.bounds(form.bounds());
        if (!same.all(query.filters()).containsAll(keptFilters)
                || !same.bounds(query.bounds()).containsAll(keptBounds)) {
            return false;
        }
        List<Expression> keys = query.keys();
        List<Expression> keptKeys = form.keys();
        if (keptKeys != null && !keptKeys.equals(keys) && (keys == null || !isSubset(keys, keptKeys))) {
            return false;
        }
        if (keys != null && !keys.equals(keptKeys) && !addKeys(keys)) {
            return false;
        }
        for (TimeBound bound : query.bounds()) {
            if (!keptBounds.contains(same.bound(bound)) && !addBound(bound)) {
                return false;
            }
        }
        for (Expression filter : query.filters()) {
            if (!keptFilters.contains(same.of(filter))) {
                Expression over = overGroups(filter);
                if (over == null) {
                    return false;
                }
                conditions.add(over);
            }
        }
        return true;
    }

    /** Whether all of some keys are among others, for certain: a question mark may stand for any key. */
    private static boolean isSubset(List<Expression> some, List<Expression> all) {
        Predicate<Expression> literal = Literal.class::isInstance;
        return some.stream().allMatch(literal) && all.stream().allMatch(literal) && all.containsAll(some);
    }

    private boolean addKeys(List<Expression> keys) {
        int ordinal = query.table().schema().keyOrdinal();
        ColumnType type = query.table().schema().typeOf(ordinal);
        Expression column = overGroups(new Column(ordinal, type));
        if (column == null || keys.isEmpty()) {
            return false;
        }
        boolean widened = type.kind().isInteger() && type.kind() != TypeKind.BIGINT;
        Expression left = widened ? new Cast(column, ColumnType.BIGINT, false) : column;
        if (keys.size() > FEW_KEYS && keys.stream().allMatch(key -> isValue(key, left.type()))) {
            conditions.add(
                    new InList(left, keys.stream().map(Literal.class::cast).toList(), false));
            return true;
        }
        List<Expression> equalities = new ArrayList<>();
        keys.forEach(key -> equalities.add(new Comparison(Comparator.EQUAL, left, key)));
        conditions.add(equalities.size() == 1 ? equalities.get(0) : new Or(equalities));
        return true;
    }

    private static boolean isValue(Expression key, ColumnType type) {
        return key instanceof Literal literal
                && literal.value() != null
                && literal.type().kind() == (type.kind() == TypeKind.SYMBOL ? TypeKind.VARCHAR : type.kind());
    }

    private boolean addBound(TimeBound bound) {
        int ordinal = query.table().schema().timestampOrdinal();
        ColumnType type = query.table().schema().typeOf(ordinal);
        Expression time = overGroups(new Column(ordinal, type));
        if (time != null) {
            conditions.add(new Comparison(bound.operator(), time, bound.value()));
            return true;
        }
        if (bound.isOfAnyTime()) {
            return addAnyTime(ordinal);
        }
        boolean constant = bound.value() instanceof Literal || isParameter(bound.value());
        if (bound.operator() == Comparator.EQUAL || !constant) {
            return false;
        }
        for (int i = 0; i < view.form().groups().size(); i++) {
            TimeBucket bucket = TimeBucket.of(view.form().groups().get(i));
            if (bucket != null && bucket.column().index() == ordinal) {
                ViewAggregate.Edge edge = new ViewAggregate.Edge(bound, width(bucket), bucket.origin());
                if (!(bound.value() instanceof Literal literal) || isAligned(edge, literal)) {
                    Expression group = new Column(i, view.form().groups().get(i).type());
                    conditions.add(new Comparison(bound.operator(), group, bound.value()));
                    edges.add(edge);
                    return true;
                }
            }
        }
        return false;
    }

    /** Rows without a time are those of the bucket NULL: SAMPLE BY leaves them out. */
    private boolean addAnyTime(int ordinal) {
        List<Expression> own = view.form().groups();
        for (int i = 0; i < own.size(); i++) {
            TimeBucket bucket = TimeBucket.of(own.get(i));
            if (bucket != null && bucket.column().index() == ordinal) {
                conditions.add(new IsNull(new Column(i, own.get(i).type()), true));
                return true;
            }
        }
        return false;
    }

    /** A question mark, also one that is cast. */
    private static boolean isParameter(Expression value) {
        return value instanceof Expression.Parameter || (value instanceof Cast cast && isParameter(cast.input()));
    }

    private static boolean isAligned(ViewAggregate.Edge edge, Literal literal) {
        Object value = literal.value();
        if (value == null) {
            return true; // no row passes, and no group
        }
        boolean behind =
                edge.bound().operator() == Comparator.GREATER || edge.bound().operator() == Comparator.LESS_OR_EQUAL;
        long time = (Long) value;
        return !(behind && time == Long.MAX_VALUE)
                && Math.floorMod((behind ? time + 1 : time) - edge.origin(), edge.width()) == 0;
    }

    private static long width(TimeBucket bucket) {
        Object width = ((Literal) bucket.width()).value();
        return width instanceof Long nanos ? nanos : 0;
    }

    private boolean findGroups() {
        for (Expression group : query.groups()) {
            Expression over = overGroups(group);
            if (over == null) {
                return false;
            }
            groups.add(over);
        }
        return true;
    }

    /** An expression over the table's columns as one over the view's groups; null when rows of one group may differ in it. */
    private @Nullable Expression overGroups(Expression expression) {
        Expression marked = ExpressionTree.rewrite(expression, this::asGroup);
        boolean[] whole = {true};
        ExpressionTree.visit(marked, each -> {
            boolean ofTable = each instanceof Column column && column.index() < GROUPS;
            boolean ofRow =
                    each instanceof Call call && !call.function().deterministic(); // random(): another one for each row
            whole[0] &= !ofTable && !ofRow;
        });
        return whole[0] ? ExpressionTree.renumber(marked, index -> index - GROUPS) : null;
    }

    private Expression asGroup(Expression expression) {
        List<Expression> own = view.form().groups();
        int known = keptGroups.indexOf(same.of(expression));
        if (known >= 0) {
            return new Column(GROUPS + known, own.get(known).type());
        }
        for (int i = 0; i < own.size(); i++) {
            TimeBucket bucket = TimeBucket.of(own.get(i));
            if (bucket != null
                    && bucket.column().type().equals(own.get(i).type())
                    && isOneForABucket(expression, bucket)) {
                int column = bucket.column().index();
                Expression group = new Column(GROUPS + i, own.get(i).type());
                return ExpressionTree.rewrite(
                        expression, each -> each instanceof Column read && read.index() == column ? group : each);
            }
        }
        return expression;
    }

    /** Whether a call gives the same for all times of a bucket as for its begin. */
    private static boolean isOneForABucket(Expression expression, TimeBucket bucket) {
        TimeBucket coarser = TimeBucket.of(expression);
        if (coarser != null) {
            return coarser.column().equals(bucket.column())
                    && width(coarser) % width(bucket) == 0
                    && Math.floorMod(coarser.origin() - bucket.origin(), width(bucket)) == 0;
        }
        boolean withinDays = DAY % width(bucket) == 0 && Math.floorMod(bucket.origin(), width(bucket)) == 0;
        if (!withinDays) {
            return false;
        }
        if (expression instanceof Cast cast) {
            return cast.type().kind() == TypeKind.DATE && cast.input().equals(bucket.column());
        }
        return expression instanceof Call call
                && call.function().name().equals("date_trunc")
                && call.arguments().size() == 2
                && call.arguments().get(1).equals(bucket.column())
                && call.arguments().get(0) instanceof Literal unit
                && unit.value() instanceof String name
                && CALENDAR_UNITS.contains(name);
    }

    private boolean findCalls() {
        List<AggregateCall> kept = view.form().calls();
        for (AggregateCall call : query.calls()) {
            int found = -1;
            for (int i = 0; i < kept.size() && found < 0; i++) {
                if (gives(kept.get(i), call)) {
                    found = i;
                }
            }
            if (found < 0) {
                return false;
            }
            calls.add(new ViewAggregate.Call(call, found));
        }
        return true;
    }

    /** Whether the states of one aggregate are those of another. */
    private boolean gives(AggregateCall kept, AggregateCall wanted) {
        String name = wanted.function().name();
        boolean sameStates = kept.function().name().equals(name)
                ? kept.function().result().equals(wanted.function().result())
                : SUMS.contains(name) && SUMS.contains(kept.function().name());
        return sameStates
                && !wanted.distinct()
                && kept.function().parameters().equals(wanted.function().parameters())
                && same.all(kept.arguments()).equals(same.all(wanted.arguments()))
                && Objects.equals(same.ofNullable(kept.filter()), same.ofNullable(wanted.filter()));
    }

    /** Whether the query's groups are the view's, and not put together. */
    private boolean isExact() {
        return groups.size() == view.form().groups().size()
                && groups.stream().allMatch(Column.class::isInstance)
                && groups.stream().distinct().count() == groups.size();
    }

    private long bucketWidth() {
        long widest = 0;
        for (Expression group : view.form().groups()) {
            TimeBucket bucket = TimeBucket.of(group);
            widest = bucket == null ? widest : Math.max(widest, width(bucket));
        }
        return widest;
    }

    /** The one whose groups are the query's, or that has the fewest: wider buckets, then fewer group expressions. */
    boolean isBetterThan(ViewMatch other) {
        if (isExact() != other.isExact()) {
            return isExact();
        }
        if (bucketWidth() != other.bucketWidth()) {
            return bucketWidth() > other.bucketWidth();
        }
        return view.form().groups().size() < other.view.form().groups().size();
    }

    /** @param table what answers without the view */
    ViewAggregate plan(PhysicalPlan table) {
        return new ViewAggregate(
                view.kept(),
                groups,
                conditions.isEmpty() ? null : ExpressionTree.and(conditions),
                edges,
                calls,
                !isExact(),
                table);
    }
}
