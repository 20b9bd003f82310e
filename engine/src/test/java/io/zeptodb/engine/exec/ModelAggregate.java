package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.StandardAggregates;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An aggregate call over columns of rows, and what it gives for rows of Java objects. */
record ModelAggregate(AggregateCall call, Model model) {
    /** The result for the rows of one group. */
    interface Model {
        @Nullable
        Object of(List<@Nullable Object[]> rows);
    }

    private static final FunctionRegistry REGISTRY = new FunctionRegistry(StandardAggregates.definitions());

    private static AggregateCall call(
            String name, List<ColumnType> types, boolean distinct, @Nullable Expression filter, int... columns) {
        List<Expression> arguments = new ArrayList<>();
        List<ColumnType> argumentTypes = new ArrayList<>();
        for (int column : columns) {
            argumentTypes.add(types.get(column));
        }
        var function = REGISTRY.aggregate(name, argumentTypes);
        for (int i = 0; i < columns.length; i++) {
            Expression argument = new Expression.Column(columns[i], types.get(columns[i]));
            ColumnType wanted = function.parameters().get(i);
            arguments.add(wanted.equals(argument.type()) ? argument : new Expression.Cast(argument, wanted, false));
        }
        return new AggregateCall(function, arguments, distinct, filter, name);
    }

    private static Stream<Object> present(List<@Nullable Object[]> rows, int column) {
        return rows.stream().map(row -> row[column]).filter(Objects::nonNull);
    }

    static ModelAggregate countRows() {
        return new ModelAggregate(call("count", List.of(), false, null), rows -> (long) rows.size());
    }

    static ModelAggregate count(List<ColumnType> types, int column) {
        return new ModelAggregate(
                call("count", types, false, null, column),
                rows -> present(rows, column).count());
    }

    static ModelAggregate countDistinct(List<ColumnType> types, int column) {
        return new ModelAggregate(
                call("count", types, true, null, column),
                rows -> present(rows, column)
                        .map(ModelAggregate::key)
                        .distinct()
                        .count());
    }

    static Object key(Object value) {
        Object normal = Objects.requireNonNull(QueryFixture.normal(value));
        return normal instanceof Double d ? (Object) (d + 0.0) : normal;
    }

    static ModelAggregate sum(List<ColumnType> types, int column) {
        return new ModelAggregate(call("sum", types, false, null, column), rows -> sum(present(rows, column)));
    }

    static ModelAggregate sumDistinct(List<ColumnType> types, int column) {
        return new ModelAggregate(
                call("sum", types, true, null, column),
                rows -> sum(new TreeSet<>(present(rows, column).toList()).stream()));
    }

    /** Sum of the rows where another column, of integers, is greater than a number. */
    static ModelAggregate sumWhereGreater(List<ColumnType> types, int column, int other, long than) {
        Expression filter = new Expression.Comparison(
                Comparator.GREATER,
                new Expression.Column(other, types.get(other)),
                new Expression.Literal(than, types.get(other)));
        return new ModelAggregate(
                call("sum", types, false, filter, column),
                rows -> sum(rows.stream()
                        .filter(row -> row[other] != null && (Long) row[other] > than)
                        .map(row -> row[column])
                        .filter(Objects::nonNull)));
    }

    private static @Nullable Object sum(Stream<?> values) {
        return values.map(v -> (Object) v)
                .reduce((a, b) -> a instanceof Double d ? (Object) (d + (Double) b) : (Object) ((Long) a + (Long) b))
                .orElse(null);
    }

    static ModelAggregate min(List<ColumnType> types, int column) {
        return new ModelAggregate(
                call("min", types, false, null, column),
                rows -> present(rows, column).min(ModelAggregate::compare).orElse(null));
    }

    static ModelAggregate max(List<ColumnType> types, int column) {
        return new ModelAggregate(
                call("max", types, false, null, column),
                rows -> present(rows, column).max(ModelAggregate::compare).orElse(null));
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        if (a instanceof Double left && b instanceof Double right) {
            return left.doubleValue() == right.doubleValue() ? 0 : left.compareTo(right);
        }
        if (a instanceof String left) {
            return java.util.Arrays.compareUnsigned(
                    left.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    ((String) b).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return ((Comparable<Object>) a).compareTo(b);
    }

    /** First or last by a time and a sequence column. */
    static ModelAggregate edge(List<ColumnType> types, boolean last, int column, int time, int sequence) {
        return new ModelAggregate(call(last ? "last" : "first", types, false, null, column, time, sequence), rows -> {
            Object[] best = null;
            for (Object[] row : rows) {
                if (row[time] == null) {
                    continue;
                }
                int order = best == null ? 0 : Long.compare((Long) row[time], (Long) best[time]);
                if (best != null && order == 0) {
                    order = Long.compare((Long) row[sequence], (Long) best[sequence]);
                }
                if (best == null || (last ? order > 0 : order < 0)) {
                    best = row;
                }
            }
            return best == null ? null : best[column];
        });
    }
}
