package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AsofJoinOperatorTest {
    private static final int SEEDS = 40;

    /** Key, time, payload; the right side has a sequence behind. */
    record Case(List<ColumnType> leftKeys, List<ColumnType> rightKeys, ColumnType time) {
        List<ColumnType> left() {
            return types(leftKeys, ColumnType.VARCHAR);
        }

        List<ColumnType> right() {
            return types(rightKeys, ColumnType.BIGINT);
        }

        private List<ColumnType> types(List<ColumnType> keys, ColumnType last) {
            List<ColumnType> types = new ArrayList<>(keys);
            types.add(time);
            types.add(last);
            return types;
        }
    }

    static List<Case> cases() {
        List<ColumnType> symbol = List.of(ColumnType.SYMBOL);
        List<ColumnType> text = List.of(ColumnType.VARCHAR);
        return List.of(
                new Case(symbol, symbol, ColumnType.TIMESTAMP_NS),
                new Case(symbol, text, ColumnType.TIMESTAMP_NS),
                new Case(text, symbol, ColumnType.BIGINT),
                new Case(List.of(), List.of(), ColumnType.TIMESTAMP_NS),
                new Case(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT), ColumnType.DOUBLE),
                new Case(List.of(ColumnType.INTEGER), List.of(ColumnType.INTEGER), ColumnType.REAL),
                new Case(List.of(ColumnType.DOUBLE), List.of(ColumnType.DOUBLE), ColumnType.DATE),
                new Case(text, text, ColumnType.TIME),
                new Case(
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        List.of(ColumnType.SYMBOL, ColumnType.BOOLEAN),
                        ColumnType.SMALLINT),
                new Case(symbol, symbol, ColumnType.decimal(10, 2)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheNaiveJoinGives(Case types) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Comparator operator = List.of(
                            Comparator.GREATER_OR_EQUAL, Comparator.GREATER, Comparator.LESS_OR_EQUAL, Comparator.LESS)
                    .get(random.nextInt(4));
            boolean keep = random.nextBoolean();
            boolean sequenced = random.nextBoolean();
            int most = random.nextInt(5) == 0 ? 1 : 700;
            List<@Nullable Object[]> left = QueryFixture.randomRows(types.left(), random.nextInt(most), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(types.right(), random.nextInt(most), random);
            numberRows(right, random);
            if (random.nextBoolean()) {
                int time = types.rightKeys().size();
                right.removeIf(row -> row[time] == null);
                right.sort((a, b) -> compare(a[time], b[time]));
            }
            BitSet used = random.nextBoolean()
                    ? null
                    : QueryFixture.randomColumns(
                            types.left().size() + types.right().size(), random);
            try (QueryFixture fixture = new QueryFixture()) {
                PhysicalPlan.AsofJoin plan = plan(types, operator, keep, sequenced);
                Operator join = new AsofJoinOperator(
                        plan,
                        fixture.context,
                        fixture.source(types.left(), left, random),
                        fixture.source(types.right(), right, random),
                        used);
                assertThat(QueryFixture.drain(join, used))
                        .as("seed %d %s keep %s sequence %s used %s", seed, operator, keep, sequenced, used)
                        .isEqualTo(QueryFixture.masked(naive(types, left, right, operator, keep, sequenced), used));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Comparator.class,
            names = {"GREATER_OR_EQUAL", "GREATER", "LESS_OR_EQUAL", "LESS"})
    void timesAtTheEndsOfTheRangeDoNotWrapRound(Comparator operator) {
        Case types = new Case(List.of(), List.of(), ColumnType.BIGINT);
        List<@Nullable Object[]> left = new ArrayList<>();
        List<@Nullable Object[]> right = new ArrayList<>();
        long sequence = 0;
        for (long time : new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
            left.add(new Object[] {time, "x"});
            right.add(new Object[] {time, sequence++});
        }
        try (QueryFixture fixture = new QueryFixture()) {
            Random random = new Random(0);
            Operator join = new AsofJoinOperator(
                    plan(types, operator, true, false),
                    fixture.context,
                    fixture.source(types.left(), left, random),
                    fixture.source(types.right(), right, random));
            assertThat(QueryFixture.drain(join)).isEqualTo(naive(types, left, right, operator, true, false));
        }
    }

    @Test
    void ofEqualTimesTheLastIngestedMatchesWhateverOrderTheyComeIn() {
        Case types = new Case(List.of(ColumnType.SYMBOL), List.of(ColumnType.SYMBOL), ColumnType.TIMESTAMP_NS);
        List<@Nullable Object[]> left = rows(new Object[] {"a", 10L, "x"});
        List<@Nullable Object[]> right =
                rows(new Object[] {"a", 10L, 7L}, new Object[] {"a", 10L, 9L}, new Object[] {"a", 10L, 8L});
        try (QueryFixture fixture = new QueryFixture()) {
            assertThat(join(fixture, types, true, left, right).get(0).get(5)).isEqualTo(9L);
            assertThat(join(fixture, types, false, left, right).get(0).get(5)).isEqualTo(8L);
        }
    }

    private static List<List<@Nullable Object>> join(
            QueryFixture fixture,
            Case types,
            boolean sequenced,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right) {
        Random random = new Random(1);
        return QueryFixture.drain(new AsofJoinOperator(
                plan(types, Comparator.GREATER_OR_EQUAL, false, sequenced),
                fixture.context,
                fixture.source(types.left(), left, random),
                fixture.source(types.right(), right, random)));
    }

    @Test
    void anEmptyLeftSideReadsNothingOfTheRight() {
        Case types = cases().get(0);
        Random random = new Random(2);
        try (QueryFixture fixture = new QueryFixture()) {
            RowSource right =
                    fixture.source(types.right(), QueryFixture.randomRows(types.right(), 100, random), random);
            Operator join = new AsofJoinOperator(
                    plan(types, Comparator.GREATER, true, false),
                    fixture.context,
                    fixture.source(types.left(), List.of(), random),
                    right);
            assertThat(QueryFixture.drain(join)).isEmpty();
            assertThat(right.batches()).isZero();
            assertThat(right.isClosed()).isTrue();
        }
    }

    @Test
    void aRightSideThatPassesTheBudgetFailsAndLeavesNothing() {
        Case types = cases().get(0);
        Random random = new Random(3);
        List<@Nullable Object[]> right = QueryFixture.randomRows(types.right(), 60_000, random);
        List<@Nullable Object[]> left = QueryFixture.randomRows(types.left(), 10, random);
        try (QueryFixture fixture = new QueryFixture(700_000)) {
            try (Operator join = new AsofJoinOperator(
                    plan(types, Comparator.GREATER, true, false),
                    fixture.context,
                    fixture.source(types.left(), left, random),
                    fixture.source(types.right(), right, random))) {
                assertThatThrownBy(join::next)
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
            }
        }
    }

    @Test
    void stopsWhenCancelled() {
        Case types = cases().get(0);
        Random random = new Random(4);
        try (QueryFixture fixture = new QueryFixture()) {
            try (Operator join = new AsofJoinOperator(
                    plan(types, Comparator.GREATER, true, false),
                    fixture.context,
                    fixture.source(types.left(), QueryFixture.randomRows(types.left(), 10, random), random),
                    fixture.source(types.right(), QueryFixture.randomRows(types.right(), 10, random), random))) {
                fixture.cancellation.stop(ErrorCode.CANCELLED, "cancelled by test");
                assertThatThrownBy(join::next).hasMessageContaining("cancelled by test");
            }
        }
    }

    @SafeVarargs
    private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
        return new ArrayList<>(List.of(rows));
    }

    /** A shuffled ingest sequence in the last column, so that the input's order is another one. */
    private static void numberRows(List<@Nullable Object[]> rows, Random random) {
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < rows.size(); i++) {
            numbers.add(i);
        }
        java.util.Collections.shuffle(numbers, random);
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i)[rows.get(i).length - 1] = numbers.get(i);
        }
    }

    private static PhysicalPlan.AsofJoin plan(Case types, Comparator operator, boolean keep, boolean sequenced) {
        List<Expression> leftKeys = new ArrayList<>();
        List<Expression> rightKeys = new ArrayList<>();
        int keys = types.leftKeys().size();
        for (int i = 0; i < keys; i++) {
            leftKeys.add(QueryFixture.column(types.left(), i));
            rightKeys.add(QueryFixture.column(types.right(), i));
        }
        List<ColumnType> output = new ArrayList<>(types.left());
        output.addAll(types.right());
        return new PhysicalPlan.AsofJoin(
                QueryFixture.shape(types.left()),
                QueryFixture.shape(types.right()),
                keep,
                leftKeys,
                rightKeys,
                QueryFixture.column(types.left(), keys),
                operator,
                QueryFixture.column(types.right(), keys),
                null,
                sequenced ? keys + 1 : -1,
                QueryFixture.columns(output));
    }

    private static List<List<@Nullable Object>> naive(
            Case types,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Comparator operator,
            boolean keep,
            boolean sequenced) {
        List<List<@Nullable Object>> result = new ArrayList<>();
        for (Object[] row : left) {
            Object[] best = null;
            for (Object[] candidate : right) {
                if (matches(types, row, candidate, operator)
                        && (best == null || better(types, candidate, best, operator, sequenced))) {
                    best = candidate;
                }
            }
            if (best != null || keep) {
                List<@Nullable Object> joined = QueryFixture.normalRow(row);
                joined.addAll(QueryFixture.normalRow(
                        best == null ? new Object[types.right().size()] : best));
                result.add(joined);
            }
        }
        return result;
    }

    private static boolean matches(Case types, @Nullable Object[] left, @Nullable Object[] right, Comparator operator) {
        int keys = types.leftKeys().size();
        for (int i = 0; i < keys; i++) {
            if (left[i] == null || right[i] == null || !Objects.equals(canonical(left[i]), canonical(right[i]))) {
                return false;
            }
        }
        if (left[keys] == null || right[keys] == null) {
            return false;
        }
        int order = compare(left[keys], right[keys]);
        return switch (operator) {
            case GREATER_OR_EQUAL -> order >= 0;
            case GREATER -> order > 0;
            case LESS_OR_EQUAL -> order <= 0;
            default -> order < 0;
        };
    }

    private static boolean better(
            Case types, @Nullable Object[] one, @Nullable Object[] best, Comparator operator, boolean sequenced) {
        int time = types.rightKeys().size();
        int order = compare(one[time], best[time]);
        if (order != 0) {
            boolean backward = operator == Comparator.GREATER_OR_EQUAL || operator == Comparator.GREATER;
            return backward == order > 0;
        }
        return !sequenced || compare(one[time + 1], best[time + 1]) > 0;
    }

    private static @Nullable Object canonical(@Nullable Object value) {
        return value instanceof Double number ? (Object) (number + 0.0) : value;
    }

    @SuppressWarnings("unchecked")
    private static int compare(@Nullable Object one, @Nullable Object other) {
        return ((Comparable<Object>) canonical(one)).compareTo(canonical(other));
    }
}
