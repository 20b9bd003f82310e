package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.PhysicalPlan.WindowJoin;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WindowJoinOperatorTest extends TimedJoinContract {
    private static final int SEEDS = 30;
    /** More than there are places in the tables that caches hold. */
    private static final int MANY_KEYS = 60_000;

    private static final int MANY_ROWS = 80_000;

    /** Columns of the right side behind the keys. */
    private static final int TIME = 0;

    private static final int NUMBER = 1;
    private static final int SEQUENCE = 2;

    /** The left side has a start and an end, the right one a time, a number and a sequence. */
    private static TimedSides sides(List<ColumnType> leftKeys, List<ColumnType> rightKeys, ColumnType time) {
        return new TimedSides(leftKeys, rightKeys, time, List.of(time), List.of(ColumnType.BIGINT, ColumnType.BIGINT));
    }

    private static List<ModelAggregate> aggregates(TimedSides sides) {
        List<ColumnType> types = sides.right();
        int number = sides.keys() + NUMBER;
        List<ModelAggregate> all = new ArrayList<>(List.of(
                ModelAggregate.countRows(),
                ModelAggregate.count(types, number),
                ModelAggregate.sum(types, number),
                ModelAggregate.min(types, number),
                ModelAggregate.max(types, number),
                ModelAggregate.countDistinct(types, number),
                ModelAggregate.sumWhereGreater(types, number, number, 1)));
        if (sides.time().equals(ColumnType.TIMESTAMP_NS)) {
            all.add(ModelAggregate.edge(types, false, number, sides.keys() + TIME, sides.keys() + SEQUENCE));
            all.add(ModelAggregate.edge(types, true, number, sides.keys() + TIME, sides.keys() + SEQUENCE));
        }
        return all;
    }

    static List<TimedSides> cases() {
        List<ColumnType> symbol = List.of(ColumnType.SYMBOL);
        return List.of(
                sides(symbol, symbol, ColumnType.TIMESTAMP_NS),
                sides(symbol, List.of(ColumnType.VARCHAR), ColumnType.TIMESTAMP_NS),
                sides(List.of(), List.of(), ColumnType.TIMESTAMP_NS),
                sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT), ColumnType.DATE),
                sides(List.of(ColumnType.DOUBLE), List.of(ColumnType.DOUBLE), ColumnType.DOUBLE),
                sides(
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        ColumnType.SMALLINT));
    }

    /** What a window takes of its ends. */
    private record Ends(boolean start, boolean end, boolean prevailing) {}

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheNaiveJoinGives(TimedSides types) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Ends ends = new Ends(random.nextBoolean(), random.nextBoolean(), random.nextInt(3) == 0);
            boolean sequenced = random.nextBoolean();
            List<@Nullable Object[]> left = QueryFixture.randomRows(types.left(), random.nextInt(200), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(types.right(), random.nextInt(2_000), random);
            numberRows(right, random, sequenced);
            List<ModelAggregate> aggregates = new ArrayList<>(aggregates(types));
            Collections.shuffle(aggregates, random);
            aggregates = aggregates.subList(0, random.nextInt(aggregates.size() + 1));
            try (QueryFixture fixture = new QueryFixture()) {
                assertThat(joined(fixture, types, plan(types, ends, sequenced, aggregates), left, right, random))
                        .as("seed %d %s", seed, ends)
                        .isEqualTo(naive(types, left, right, ends, aggregates));
            }
        }
    }

    @Test
    void timesAtTheEndsOfTheRangeDoNotWrapRound() {
        TimedSides types = sides(List.of(), List.of(), ColumnType.BIGINT);
        long[] times = {Long.MIN_VALUE, Long.MIN_VALUE + 1, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE};
        List<@Nullable Object[]> left = new ArrayList<>();
        List<@Nullable Object[]> right = new ArrayList<>();
        for (long time : times) {
            LongStream.of(times).forEach(end -> left.add(new Object[] {time, end}));
            right.add(new Object[] {time, 1L, (long) right.size()});
        }
        List<ModelAggregate> aggregates = List.of(ModelAggregate.countRows());
        for (Ends ends :
                List.of(new Ends(true, true, false), new Ends(false, false, false), new Ends(true, true, true))) {
            try (QueryFixture fixture = new QueryFixture()) {
                WindowJoin plan = plan(types, ends, false, aggregates);
                assertThat(joined(fixture, types, plan, left, right, new Random(0)))
                        .isEqualTo(naive(types, left, right, ends, aggregates));
            }
        }
    }

    @Test
    void ofManyKeysEachWindowHasItsOwnRows() {
        TimedSides types = sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT), ColumnType.BIGINT);
        Random random = new Random(6);
        List<@Nullable Object[]> left = new ArrayList<>();
        List<@Nullable Object[]> right = new ArrayList<>();
        Map<Long, TreeSet<Long>> times = new HashMap<>();
        for (long i = 0; i < MANY_ROWS; i++) {
            long key = random.nextInt(MANY_KEYS);
            right.add(new Object[] {key, i, 1L, i});
            times.computeIfAbsent(key, all -> new TreeSet<>()).add(i);
            long start = random.nextInt(MANY_ROWS);
            left.add(new Object[] {(long) random.nextInt(MANY_KEYS), start, start + random.nextInt(MANY_ROWS)});
        }
        List<@Nullable Object> expected = new ArrayList<>();
        for (Object[] row : left) {
            TreeSet<Long> own = times.getOrDefault(row[0], new TreeSet<>());
            expected.add(
                    (long) own.subSet((Long) row[1], true, (Long) row[2], true).size());
        }
        try (QueryFixture fixture = new QueryFixture()) {
            WindowJoin plan = plan(types, new Ends(true, true, false), false, List.of(ModelAggregate.countRows()));
            List<List<@Nullable Object>> actual = joined(fixture, types, plan, left, right, random);
            assertThat(actual.stream().map(row -> row.get(3)).toList()).isEqualTo(expected);
        }
    }

    private static List<List<@Nullable Object>> joined(
            QueryFixture fixture,
            TimedSides types,
            WindowJoin plan,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Random random) {
        return QueryFixture.drain(types.open(
                fixture,
                left,
                right,
                random,
                (one, other) -> new WindowJoinOperator(plan, fixture.context, one, other)));
    }

    @Override
    TimedSides sides() {
        return cases().get(0);
    }

    @Override
    Operator join(QueryFixture fixture, Operator left, Operator right) {
        WindowJoin plan = plan(sides(), new Ends(true, true, true), false, aggregates(sides()));
        return new WindowJoinOperator(plan, fixture.context, left, right);
    }

    private static WindowJoin plan(TimedSides types, Ends ends, boolean sequenced, List<ModelAggregate> aggregates) {
        int keys = types.keys();
        List<ColumnType> output = new ArrayList<>(types.left());
        aggregates.forEach(each -> output.add(each.call().function().result()));
        List<PlanColumn> columns = QueryFixture.columns(output);
        return new WindowJoin(
                QueryFixture.shape(types.left()),
                QueryFixture.shape(types.right()),
                types.keysOf(types.left()),
                types.keysOf(types.right()),
                new WindowJoin.Window(
                        QueryFixture.column(types.right(), keys + TIME),
                        QueryFixture.column(types.left(), keys),
                        ends.start,
                        QueryFixture.column(types.left(), keys + 1),
                        ends.end,
                        ends.prevailing,
                        sequenced ? keys + SEQUENCE : -1),
                aggregates.stream().map(ModelAggregate::call).toList(),
                columns);
    }

    private static List<List<@Nullable Object>> naive(
            TimedSides types,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Ends ends,
            List<ModelAggregate> aggregates) {
        List<List<@Nullable Object>> result = new ArrayList<>();
        for (Object[] row : left) {
            List<@Nullable Object[]> window = window(types, row, right, ends);
            List<@Nullable Object> joined = QueryFixture.normalRow(row);
            aggregates.forEach(
                    each -> joined.addAll(QueryFixture.normalRow(each.model().of(window))));
            result.add(joined);
        }
        return result;
    }

    private static List<@Nullable Object[]> window(
            TimedSides types, @Nullable Object[] left, List<@Nullable Object[]> right, Ends ends) {
        int keys = types.keys();
        List<@Nullable Object[]> window = new ArrayList<>();
        if (left[keys] == null || left[keys + 1] == null || compare(left[keys], left[keys + 1]) > 0) {
            return window;
        }
        Object[] prevailing = null;
        for (Object[] row : right) {
            if (row[keys] == null || !sameKeys(keys, left, row)) {
                continue;
            }
            int fromStart = compare(row[keys], left[keys]);
            int fromEnd = compare(row[keys], left[keys + 1]);
            if ((ends.start ? fromStart >= 0 : fromStart > 0) && (ends.end ? fromEnd <= 0 : fromEnd < 0)) {
                window.add(row);
            }
            if (fromStart <= 0 && (prevailing == null || isLater(row, prevailing, keys))) {
                prevailing = row;
            }
        }
        if (ends.prevailing && prevailing != null && !window.contains(prevailing)) {
            window.add(prevailing);
        }
        return window;
    }

    private static boolean isLater(@Nullable Object[] row, @Nullable Object[] other, int keys) {
        int order = compare(row[keys], other[keys]);
        return order != 0 ? order > 0 : compare(row[keys + SEQUENCE], other[keys + SEQUENCE]) > 0;
    }
}
