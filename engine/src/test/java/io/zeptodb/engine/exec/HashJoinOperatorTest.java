package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HashJoinOperatorTest {
    private static final int SEEDS = 12;

    /** Keys, then a VARCHAR and a BIGINT that the residual compares. */
    record Sides(List<ColumnType> leftKeys, List<ColumnType> rightKeys) {
        List<ColumnType> left() {
            return withPayload(leftKeys);
        }

        List<ColumnType> right() {
            return withPayload(rightKeys);
        }

        private static List<ColumnType> withPayload(List<ColumnType> keys) {
            List<ColumnType> types = new ArrayList<>(keys);
            types.add(ColumnType.VARCHAR);
            types.add(ColumnType.BIGINT);
            return types;
        }
    }

    static Stream<Arguments> cases() {
        List<List<ColumnType>> same = List.of(
                List.of(ColumnType.BIGINT),
                List.of(ColumnType.INTEGER),
                List.of(ColumnType.SYMBOL),
                List.of(ColumnType.VARCHAR),
                List.of(ColumnType.VARBINARY),
                List.of(ColumnType.DOUBLE),
                List.of(ColumnType.REAL),
                List.of(ColumnType.BOOLEAN),
                List.of(ColumnType.TINYINT),
                List.of(ColumnType.TIMESTAMP_NS),
                List.of(ColumnType.decimal(38, 3)),
                List.of(ColumnType.SYMBOL, ColumnType.BIGINT),
                List.of(ColumnType.DOUBLE, ColumnType.VARCHAR, ColumnType.DATE));
        List<Sides> sides = new ArrayList<>();
        same.forEach(keys -> sides.add(new Sides(keys, keys)));
        sides.add(new Sides(List.of(ColumnType.SYMBOL), List.of(ColumnType.VARCHAR)));
        sides.add(new Sides(List.of(ColumnType.VARCHAR), List.of(ColumnType.SYMBOL)));
        sides.add(new Sides(
                List.of(ColumnType.INTEGER, ColumnType.VARCHAR), List.of(ColumnType.INTEGER, ColumnType.SYMBOL)));
        return sides.stream().flatMap(one -> Stream.of(JoinType.values()).map(type -> Arguments.of(one, type)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatTheNaiveJoinGives(Sides sides, JoinType type) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean residual = random.nextBoolean();
            boolean nullSafe = random.nextBoolean();
            int most = random.nextInt(4) == 0 ? 1 : 150;
            List<@Nullable Object[]> left = QueryFixture.randomRows(sides.left(), random.nextInt(most), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(sides.right(), random.nextInt(most), random);
            if (random.nextInt(3) == 0) {
                dropDuplicateKeys(right, sides.rightKeys().size());
            }
            int leftColumns = JoinProbe.isRightOnly(type) ? 0 : sides.left().size();
            int columns = leftColumns
                    + (type == JoinType.MARK
                            ? 1
                            : JoinProbe.isLeftOnly(type) ? 0 : sides.right().size());
            BitSet used = random.nextBoolean() ? null : QueryFixture.randomColumns(columns, random);
            try (QueryFixture fixture = new QueryFixture()) {
                Operator join = new HashJoinOperator(
                        plan(sides, type, nullSafe, residual),
                        fixture.context,
                        fixture.source(sides.left(), left, random),
                        fixture.source(sides.right(), right, random),
                        used == null ? null : moved(used, sides.left().size() - leftColumns),
                        List.of());
                int keys = sides.leftKeys().size();
                List<List<@Nullable Object>> expected = NaiveJoin.join(
                        type, left, right, sides.left().size(), sides.right().size(), (one, other) -> {
                            for (int i = 0; i < keys; i++) {
                                // only the first key is null-safe
                                if (!NaiveJoin.keysEqual(one[i], other[i], nullSafe && i == 0)) {
                                    return false;
                                }
                            }
                            return !residual || less(one[keys + 1], other[keys + 1]);
                        });
                assertThat(QueryFixture.sorted(QueryFixture.drain(join, used)))
                        .as("seed %d residual %s nullSafe %s used %s", seed, residual, nullSafe, used)
                        .isEqualTo(QueryFixture.sorted(QueryFixture.masked(expected, used)));
            }
        }
    }

    private static boolean less(@Nullable Object one, @Nullable Object other) {
        return one != null && other != null && (Long) one < (Long) other;
    }

    private static void dropDuplicateKeys(List<@Nullable Object[]> rows, int keys) {
        List<@Nullable Object[]> unique = new ArrayList<>();
        for (Object[] row : rows) {
            boolean known = unique.stream().anyMatch(other -> {
                for (int i = 0; i < keys; i++) {
                    if (!NaiveJoin.keysEqual(row[i], other[i], true)) {
                        return false;
                    }
                }
                return true;
            });
            if (!known) {
                unique.add(row);
            }
        }
        rows.clear();
        rows.addAll(unique);
    }

    @Test
    void aLeftRowWithAMillionMatchesComesOutInSmallBatches() {
        Sides sides = new Sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT));
        List<@Nullable Object[]> left = List.of(new Object[] {1L, "l", 0L}, new Object[] {2L, "m", 0L});
        List<@Nullable Object[]> right = new ArrayList<>();
        int matches = 20_000;
        for (int i = 0; i < matches; i++) {
            right.add(new Object[] {1L, "r", (long) i});
        }
        try (QueryFixture fixture = new QueryFixture()) {
            Random random = new Random(5);
            Operator join = new HashJoinOperator(
                    plan(sides, JoinType.LEFT, false, false),
                    fixture.context,
                    fixture.source(sides.left(), left, random),
                    fixture.source(sides.right(), right, random));
            List<List<@Nullable Object>> rows = QueryFixture.drain(join);
            assertThat(rows).hasSize(matches + 1);
            assertThat(rows.get(matches).get(0)).isEqualTo(2L);
            assertThat(rows.get(matches - 1).get(5)).isEqualTo(matches - 1L);
        }
    }

    @Test
    void anEmptyLeftSideReadsNothingOfTheRightUnlessItIsKept() {
        Sides sides = new Sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT));
        Random random = new Random(6);
        for (JoinType type : JoinType.values()) {
            try (QueryFixture fixture = new QueryFixture()) {
                RowSource right =
                        fixture.source(sides.right(), QueryFixture.randomRows(sides.right(), 10, random), random);
                Operator join = new HashJoinOperator(
                        plan(sides, type, false, false),
                        fixture.context,
                        fixture.source(sides.left(), List.of(), random),
                        right);
                assertThat(QueryFixture.drain(join)).hasSize(JoinProbe.keepsRight(type) ? 10 : 0);
                assertThat(right.batches() > 0).as(type.name()).isEqualTo(JoinProbe.keepsRight(type));
            }
        }
    }

    @Test
    void anEmptyRightSideEndsAnInnerJoinAfterOneLeftBatch() {
        Sides sides = new Sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT));
        Random random = new Random(7);
        try (QueryFixture fixture = new QueryFixture()) {
            RowSource left = fixture.source(sides.left(), QueryFixture.randomRows(sides.left(), 5000, random), random);
            Operator join = new HashJoinOperator(
                    plan(sides, JoinType.INNER, false, false),
                    fixture.context,
                    left,
                    fixture.source(sides.right(), List.of(), random));
            assertThat(QueryFixture.drain(join)).isEmpty();
            assertThat(left.batches()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(JoinType.class)
    void aBuildSideThatPassesTheBudgetFailsWithTheFiguresAndLeavesNothing(JoinType type) {
        Sides sides = new Sides(List.of(ColumnType.VARCHAR), List.of(ColumnType.VARCHAR));
        Random random = new Random(8);
        List<@Nullable Object[]> right = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            right.add(new Object[] {"a key of some length " + i, "x", 1L});
        }
        try (QueryFixture fixture = new QueryFixture(400_000)) {
            Operator join = new HashJoinOperator(
                    plan(sides, type, false, true),
                    fixture.context,
                    fixture.source(sides.left(), QueryFixture.randomRows(sides.left(), 10, random), random),
                    fixture.source(sides.right(), right, random));
            assertThatThrownBy(() -> QueryFixture.drain(join)).isInstanceOfSatisfying(EngineException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                assertThat(e).hasMessageContaining("400000");
            });
        }
    }

    @Test
    void stopsBetweenBatchesWhenCancelled() {
        Sides sides = new Sides(List.of(ColumnType.BIGINT), List.of(ColumnType.BIGINT));
        Random random = new Random(9);
        try (QueryFixture fixture = new QueryFixture();
                Operator join = new HashJoinOperator(
                        plan(sides, JoinType.FULL, false, false),
                        fixture.context,
                        fixture.source(sides.left(), QueryFixture.randomRows(sides.left(), 900, random), random),
                        fixture.source(sides.right(), QueryFixture.randomRows(sides.right(), 900, random), random))) {
            Batch first = join.next();
            assertThat(first).isNotNull();
            fixture.cancellation.stop(ErrorCode.TIMEOUT, "ran too long");
            assertThatThrownBy(join::next).hasMessageContaining("ran too long");
        }
    }

    /** Columns of the right side alone are numbered behind those of the left. */
    private static BitSet moved(BitSet columns, int by) {
        BitSet moved = new BitSet();
        columns.stream().forEach(column -> moved.set(column + by));
        return moved;
    }

    private static PhysicalPlan.HashJoin plan(Sides sides, JoinType type, boolean nullSafe, boolean residual) {
        int keys = sides.leftKeys().size();
        List<Expression> leftKeys = new ArrayList<>();
        List<Expression> rightKeys = new ArrayList<>();
        List<Boolean> nullSafes = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            leftKeys.add(QueryFixture.column(sides.left(), i));
            rightKeys.add(QueryFixture.column(sides.right(), i));
            nullSafes.add(nullSafe && i == 0);
        }
        List<ColumnType> both = new ArrayList<>(sides.left());
        both.addAll(sides.right());
        Expression condition = residual
                ? new Expression.Comparison(
                        Expression.Comparator.LESS,
                        QueryFixture.column(both, keys + 1),
                        QueryFixture.column(both, both.size() - 1))
                : null;
        return new PhysicalPlan.HashJoin(
                QueryFixture.shape(sides.left()),
                QueryFixture.shape(sides.right()),
                type,
                leftKeys,
                rightKeys,
                nullSafes,
                condition,
                QueryFixture.columns(both));
    }
}
