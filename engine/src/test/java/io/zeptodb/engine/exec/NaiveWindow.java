package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What window functions mean, row by row: each frame is found by looking at every row of the partition. */
final class NaiveWindow {
    private static final double TOLERANCE = 1e-12;
    /** What nearly cancels out is rounding errors of numbers of this size. */
    private static final double NEAR_ZERO = 1e-3;

    private final QueryFixture fixture;
    private final List<ColumnType> types;
    private final List<@Nullable Object[]> rows;
    private final List<SortKey> orderBy;
    /** First row of each row's partition, the row behind it, and the number of each row's peer group. */
    private final int[] first;

    private final int[] behind;
    private final int[] group;
    private final Map<WindowCall.Frame, Map<Integer, List<Integer>>> frames = new HashMap<>();

    /** @param rows in the window's order */
    NaiveWindow(
            QueryFixture fixture,
            List<ColumnType> types,
            List<@Nullable Object[]> rows,
            List<Integer> partitionBy,
            List<SortKey> orderBy) {
        this.fixture = fixture;
        this.types = types;
        this.rows = rows;
        this.orderBy = orderBy;
        first = new int[rows.size()];
        behind = new int[rows.size()];
        group = new int[rows.size()];
        for (int i = 1; i < rows.size(); i++) {
            boolean same = samePartition(rows.get(i - 1), rows.get(i), partitionBy);
            first[i] = same ? first[i - 1] : i;
            group[i] = group[i - 1] + (same && compare(rows.get(i - 1), rows.get(i), orderBy) == 0 ? 0 : 1);
        }
        for (int i = rows.size() - 1; i >= 0; i--) {
            behind[i] = i + 1 < rows.size() && first[i + 1] == first[i] ? behind[i + 1] : i + 1;
        }
    }

    static boolean near(@Nullable Object expected, @Nullable Object got) {
        if (expected instanceof Double one && got instanceof Double other) {
            return one.equals(other)
                    || one.doubleValue() == other.doubleValue()
                    || Math.abs(one - other)
                            <= TOLERANCE * Math.max(NEAR_ZERO, Math.max(Math.abs(one), Math.abs(other)));
        }
        return Objects.equals(expected, got);
    }

    /** The rows by partition, partitions in the order of their first rows, then by the order keys; stable. */
    static List<@Nullable Object[]> inOrder(
            List<@Nullable Object[]> rows, List<Integer> partitionBy, List<SortKey> orderBy) {
        List<List<@Nullable Object[]>> partitions = new ArrayList<>();
        for (Object[] row : rows) {
            List<@Nullable Object[]> own = partitions.stream()
                    .filter(partition -> samePartition(partition.get(0), row, partitionBy))
                    .findFirst()
                    .orElse(null);
            if (own == null) {
                own = new ArrayList<>();
                partitions.add(own);
            }
            own.add(row);
        }
        List<@Nullable Object[]> result = new ArrayList<>();
        for (List<@Nullable Object[]> partition : partitions) {
            partition.sort((a, b) -> compare(a, b, orderBy));
            result.addAll(partition);
        }
        return result;
    }

    private static boolean samePartition(@Nullable Object[] a, @Nullable Object[] b, List<Integer> partitionBy) {
        return partitionBy.stream().allMatch(i -> Objects.equals(a[i], b[i]));
    }

    private static int compare(@Nullable Object[] a, @Nullable Object[] b, List<SortKey> orderBy) {
        for (SortKey key : orderBy) {
            Object one = a[key.column()];
            Object other = b[key.column()];
            int order;
            if (one == null || other == null) {
                order = one == other ? 0 : (one == null) == key.nullsFirst() ? -1 : 1;
            } else {
                order = compareValues(one, other) * (key.descending() ? -1 : 1);
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compareValues(Object one, Object other) {
        if (one instanceof Double a && other instanceof Double b) {
            return Double.compare(a + 0.0, b + 0.0);
        }
        if (one instanceof String a && other instanceof String b) {
            int[] left = a.codePoints().toArray();
            int[] right = b.codePoints().toArray();
            return java.util.Arrays.compare(left, right);
        }
        if (one instanceof BigDecimal a && other instanceof BigDecimal b) {
            return a.compareTo(b);
        }
        return Long.compare((Long) one, (Long) other);
    }

    /** The results of every {@code step}-th row, null at the others. */
    List<@Nullable Object> compute(WindowCall call, int step) {
        List<@Nullable Object> result = new ArrayList<>();
        List<WritableColumn> columns = new ArrayList<>();
        try {
            if (call.kind() == WindowCall.Kind.AGGREGATE) {
                for (Expression argument : call.arguments()) {
                    columns.add(column(((Expression.Column) argument).index()));
                }
            }
            for (int i = 0; i < rows.size(); i++) {
                result.add(i % step == 0 ? value(call, i, columns) : null);
            }
        } finally {
            columns.forEach(WritableColumn::close);
        }
        return result;
    }

    private WritableColumn column(int index) {
        boolean symbol = types.get(index).equals(ColumnType.SYMBOL);
        List<@Nullable Object> values = new ArrayList<>();
        TestVectors.Dictionary dictionary = fixture.dictionary();
        for (Object[] row : rows) {
            Object value = row[index];
            values.add(symbol && value != null ? (Object) (long) dictionary.add((String) value) : value);
        }
        WritableColumn column = TestVectors.column(fixture.budget, types.get(index), values);
        column.setDictionary(symbol ? dictionary : null);
        return column;
    }

    private @Nullable Object value(WindowCall call, int row, List<WritableColumn> columns) {
        List<Integer> partition = partition(row);
        int place = row - first[row];
        long size = partition.size();
        long before = partition.stream().filter(i -> order(i, row) < 0).count();
        return switch (call.kind()) {
            case ROW_NUMBER -> place + 1L;
            case RANK -> before + 1;
            case DENSE_RANK -> 1L + group[row] - group[first[row]];
            case PERCENT_RANK -> size == 1 ? 0.0 : before / (size - 1.0);
            case CUME_DIST -> partition.stream().filter(i -> order(i, row) <= 0).count() / (double) size;
            case NTILE -> ntile(place, size, (Long) Objects.requireNonNull(argument(call, 0, row)));
            case LAG, LEAD -> shifted(call, partition, place, row);
            case FIRST_VALUE, LAST_VALUE, NTH_VALUE -> picked(call, row);
            case EMA, EMA_ALPHA, EMA_HALFLIFE -> average(call, row);
            case AGGREGATE -> aggregate(Objects.requireNonNull(call.aggregate()), frame(call, row), columns);
        };
    }

    private @Nullable Object average(WindowCall call, int row) {
        boolean timed = call.kind() == WindowCall.Kind.EMA_HALFLIFE;
        Expression.Literal constant =
                (Expression.Literal) call.arguments().get(call.arguments().size() - 1);
        double given = ((Number) Objects.requireNonNull(constant.value())).doubleValue();
        double weight = call.kind() == WindowCall.Kind.EMA ? 2 / (given + 1) : given;
        Double average = null;
        long last = 0;
        for (int i = first[row]; i <= row; i++) {
            Double value = (Double) argument(call, 0, i);
            Long time = timed ? (Long) argument(call, 1, i) : (Long) 0L;
            if (value != null && time != null) {
                double added = timed ? -Math.expm1(-Math.log(2) * Math.abs(time - last) / given) : weight;
                average = average == null ? value : (Double) (added * value + (1 - added) * average);
                last = time;
            }
        }
        return average;
    }

    private int order(int one, int other) {
        return compare(rows.get(one), rows.get(other), orderBy);
    }

    private List<Integer> partition(int row) {
        return IntStream.range(first[row], behind[row]).boxed().toList();
    }

    private static long ntile(int place, long size, long buckets) {
        // deal the rows out one by one: bucket b has a row more when b is among the first size % buckets
        long row = 0;
        for (long b = 1; ; b++) {
            row += size / buckets + (b <= size % buckets ? 1 : 0);
            if (place < row) {
                return b;
            }
        }
    }

    private @Nullable Object argument(WindowCall call, int index, int row) {
        Expression argument = call.arguments().get(index);
        return argument instanceof Expression.Literal literal
                ? literal.value()
                : rows.get(row)[((Expression.Column) argument).index()];
    }

    private @Nullable Object shifted(WindowCall call, List<Integer> partition, int place, int row) {
        Object given = call.arguments().size() > 1 ? argument(call, 1, row) : (Object) 1L;
        if (given == null) {
            return null;
        }
        long by = (Long) given * (call.kind() == WindowCall.Kind.LAG ? -1 : 1);
        int at = place;
        long left = Math.abs(by);
        while (left > 0) {
            at += by < 0 ? -1 : 1;
            if (at < 0 || at >= partition.size()) {
                return call.arguments().size() > 2 ? argument(call, 2, row) : null;
            }
            boolean counts = !call.ignoreNulls() || argument(call, 0, partition.get(at)) != null;
            left -= counts ? 1 : 0;
        }
        return argument(call, 0, partition.get(at));
    }

    private @Nullable Object picked(WindowCall call, int row) {
        List<Integer> frame = new ArrayList<>(frame(call, row));
        if (call.ignoreNulls()) {
            frame.removeIf(i -> argument(call, 0, i) == null);
        }
        long place = call.kind() == WindowCall.Kind.NTH_VALUE
                ? (Long) Objects.requireNonNull(argument(call, 1, row)) - 1
                : call.kind() == WindowCall.Kind.FIRST_VALUE ? 0 : frame.size() - 1L;
        return place < 0 || place >= frame.size() ? null : argument(call, 0, frame.get((int) place));
    }

    private List<Integer> frame(WindowCall call, int row) {
        return frames.computeIfAbsent(call.frame(), frame -> new HashMap<>())
                .computeIfAbsent(row, i -> frameOf(call, i));
    }

    private List<Integer> frameOf(WindowCall call, int row) {
        List<Integer> frame = new ArrayList<>();
        for (int i = first[row]; i < behind[row]; i++) {
            if (after(call.frame().start(), call.frame().unit(), row, i, true)
                    && after(call.frame().end(), call.frame().unit(), row, i, false)
                    && !excluded(call.frame().exclusion(), row, i)) {
                frame.add(i);
            }
        }
        return frame;
    }

    private boolean excluded(Exclusion exclusion, int row, int i) {
        boolean peer = order(i, row) == 0;
        return switch (exclusion) {
            case NONE -> false;
            case CURRENT_ROW -> i == row;
            case GROUP -> peer;
            case TIES -> peer && i != row;
        };
    }

    /** Whether row i is inside this end of the frame of a row. */
    private boolean after(Bound bound, FrameUnit unit, int row, int i, boolean start) {
        if (bound.kind() == BoundKind.UNBOUNDED_PRECEDING || bound.kind() == BoundKind.UNBOUNDED_FOLLOWING) {
            return true;
        }
        if (unit == FrameUnit.RANGE
                && order(i, row) == 0
                && isEndless(
                        rows.get(row)[orderBy.isEmpty() ? 0 : orderBy.get(0).column()])) {
            // an offset leads nowhere from here: peers are near, whatever it is
            return true;
        }
        double distance = switch (unit) {
            case ROWS -> i - row;
            case GROUPS -> group[i] - group[row];
            case RANGE -> bound.kind() == BoundKind.CURRENT_ROW ? order(i, row) : rangeDistance(row, i);
        };
        double offset = bound.offset() == null
                ? 0
                : ((Number) Objects.requireNonNull(((Expression.Literal) bound.offset()).value())).doubleValue();
        double limit = bound.kind() == BoundKind.PRECEDING ? -offset : offset;
        return start ? distance >= limit : distance <= limit;
    }

    private static boolean isEndless(@Nullable Object key) {
        return key == null || (key instanceof Double number && (number.isNaN() || number - 1 == number));
    }

    /** How far behind the row's key the other key is: 0 for peers, infinite where only one is NULL or NaN. */
    private double rangeDistance(int row, int i) {
        int order = order(i, row);
        SortKey key = orderBy.get(0);
        Object own = rows.get(row)[key.column()];
        Object other = rows.get(i)[key.column()];
        if (order == 0) {
            return 0;
        }
        if (own == null || other == null) {
            return order * Double.POSITIVE_INFINITY;
        }
        double distance = ((Number) other).doubleValue() - ((Number) own).doubleValue();
        distance = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.abs(distance);
        // decimals are compared to one hundredth
        return order * (own instanceof BigDecimal ? Math.round(distance * 100) / 100.0 : distance);
    }

    private @Nullable Object aggregate(AggregateFunction function, List<Integer> frame, List<WritableColumn> columns) {
        SelectionVector selection = new SelectionVector(frame.size());
        for (int i = 0; i < frame.size(); i++) {
            selection.positions()[i] = frame.get(i);
        }
        selection.setCount(frame.size());
        ColumnVector[] arguments = columns.stream().map(WritableColumn::vector).toArray(ColumnVector[]::new);
        try (Aggregator state = function.newAggregator(fixture.budget);
                WritableColumn result = new WritableColumn(fixture.budget, function.result())) {
            state.reserve(1);
            state.updateGroup(0, arguments, selection, rows.size());
            result.reserve(1);
            state.finish(0, 1, result);
            result.setRowCount(1);
            return QueryFixture.value(result.vector(), 0);
        }
    }
}
